"""The imitation's HTTP side: routes, bodies as gateway, functions and S3 give them."""

import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.component.client.batch_routes import answer_batches
from tests.component.client.imitation import (
    EMAIL,
    PASSWORD,
    Job,
    P,
    Service,
    data,
    job_json,
    problem,
    s3_error,
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_DELETE(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        url = urlsplit(self.path)
        route = f"{self.command} {url.path}"
        refusal = self.service.refusal(route)
        if refusal is not None:
            self.send(refusal.status, refusal.body, refusal.headers)
        elif url.path.startswith("/s3/"):
            self._s3(url.path, body)
        elif route == "POST /api/auth/login":
            self._login(json.loads(body))
        elif route == "POST /api/auth/refresh" and json.loads(body) == {"refreshToken": "r"}:
            self._open_session()
        elif self.headers.get("Authorization", "").removeprefix("Bearer ") not in (
            self.service.tokens
        ):
            self.send(401, {"message": "Unauthorized"})
        else:
            self._api(route, {k: v[0] for k, v in parse_qs(url.query).items()}, body)

    def _login(self, asked: Mapping[str, str]) -> None:
        if (asked["email"], asked["password"]) != (EMAIL, PASSWORD):
            self.send(401, problem(401, "wrong_credentials", "Wrong e-mail or password"))
            return
        self._open_session()

    def _open_session(self) -> None:
        token = f"token-{uuid.uuid4()}"
        self.service.tokens.add(token)
        self.send(200, data(token=token, refreshToken="r", expiresIn=3600, tokenType="Bearer"))

    def _api(self, route: str, query: Mapping[str, str], body: bytes) -> None:
        service = self.service
        if route == "GET /api/credits":
            self.send(200, data(balance=service.balance, currency="credits", plan=None))
        elif route == f"POST {P}/remove":
            self.send(*service.submit(body, self.headers["Idempotency-Key"]))
        elif route == f"GET {P}/jobs":
            self._jobs(query)
        elif found := re.fullmatch(rf"GET {P}/jobs/([^/]+)(/download)?", route):
            job = service.look(found[1], float(query.get("wait", 0)))
            if job is None:
                self.send(404, problem(404, "job_not_found", "No such job"))
            elif found[2]:
                self._download(job)
            else:
                self.send(200, data(**job_json(job)))
        elif not answer_batches(self, service, route, query, body):
            self.send(404, {"message": "Not Found"})

    def _jobs(self, query: Mapping[str, str]) -> None:
        jobs = [job_json(job) for job in reversed(self.service.jobs.values())]
        jobs = [job for job in jobs if query.get("status", job["status"]) == job["status"]]
        start, limit = int(query.get("cursor", 0)), int(query["limit"])
        more = str(start + limit) if start + limit < len(jobs) else None
        self.send(200, data(jobs=jobs[start : start + limit], nextCursor=more))

    def _download(self, job: Job) -> None:
        if job.status != "completed":
            self.send(409, problem(409, "job_not_completed", "The job is not completed"))
            return
        self.send(
            200,
            data(
                url=f"{self.service.url}/s3/bucket/out/{job.job_id}?X-Amz-Signature=x",
                expiresAt="2030-01-01T00:00:00Z",
                sizeBytes=len(job.result),
                fileName="result.png",
                contentType="image/png",
            ),
        )

    def _s3(self, path: str, body: bytes) -> None:
        if "Authorization" in self.headers:
            self.send(400, s3_error("InvalidArgument", "Only one auth mechanism allowed"))
        elif self.command == "GET":
            name = path.rsplit("/", 1)[1]
            self.send(200, self.service.archives.get(name) or self.service.jobs[name].result)
        else:
            fields, photo = form_parts(self.headers["Content-Type"], body)
            self.send(*self.service.store(fields, photo))

    def send(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        if isinstance(body, dict):
            kind = "application/problem+json" if "code" in body else "application/json"
            content = json.dumps(body).encode()
        else:
            kind = "application/xml"
            content = body if isinstance(body, bytes) else str(body or "").encode()
        route = f"{self.command} {urlsplit(self.path).path}"
        if route in self.service.unanswered:
            self.service.unanswered.remove(route)
            self.close_connection = True
            return
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


def form_parts(content_type: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """The fields of a form and its file, which S3 wants to be the last part."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts: list[Any] = list(BytesParser(policy=HTTP).parsebytes(head + body).iter_parts())
    names = [part.get_param("name", header="content-disposition") for part in parts]
    contents: list[bytes] = [part.get_payload(decode=True) for part in parts]
    assert names[-1] == "file"
    fields = {
        name: content.decode()
        for name, content in zip(names, contents, strict=True)
        if name != "file"
    }
    return fields, contents[-1]


@contextmanager
def running(service: Service | None = None, port: int = 0) -> Iterator[Service]:
    """The imitation on a port of this machine, with an earlier one's state if that is given."""
    service = service or Service()
    handler = type("BoundHandler", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
