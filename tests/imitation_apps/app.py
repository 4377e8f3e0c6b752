"""Another app of the platform, imitated: a server on this machine that keeps to the contract.

It checks what is signed with the library of the specification, signs with it, and does what a test
says it shall do wrong.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass
class Wrong:
    """What it does wrong, by the start of a path: the status, body or wait of an answer."""

    status: int = 200
    body: bytes | None = None
    wait_s: float = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ImitationApp:
    """`projects` has the pictures of each by id; `told` and `given` are what came from us.

    Files are answered as soon as `files` is set.
    """

    name: str
    secret: str = ""
    port: int = 0
    projects: dict[str, dict[str, bytes]] = field(default_factory=dict)
    wrong: dict[str, Wrong] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)
    files: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.files.set()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}/app"

    def signed(
        self, method: str, target: str, grant: str, body: str = "", *, message_id: str | None = None
    ) -> dict[str, str]:
        """Headers of a request of its own."""
        id, now = message_id or f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
        content = f"{method} {target} {grant}\n{body}"
        return {
            "authorization": f"Bearer {grant}",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(id, now, content),
        }

    def answer(self, method: str, path: str, sent: dict[str, str], body: str) -> bytes:
        """What is asked for, or KeyError; `WebhookVerificationError` unless it is signed."""
        if path == "/app/lumiku/events":
            self.told.append(Webhook(self.secret).verify(body, sent))
            return b""
        grant = sent["authorization"].removeprefix("Bearer ")
        content = f"{method} {path} {grant}\n{body}"
        Webhook(self.secret).verify(content, sent, json_parse=False)
        match [method, *path.removeprefix("/app/lumiku/").split("/")]:
            case ["GET", "projects", project, "pictures"]:
                pictures = [
                    {"pictureId": id, "name": f"{id}.jpg", "sizeBytes": len(data)}
                    for id, data in self.projects[project].items()
                ]
                return json.dumps({"projectId": project, "pictures": pictures}).encode()
            case ["GET", "pictures", picture]:
                size = len(self._file(picture))
                told = {"pictureId": picture, "name": f"{picture}.jpg", "sizeBytes": size}
                return json.dumps(told).encode()
            case ["GET", "pictures", picture, "file"]:
                self.files.wait(10)
                return self._file(picture)
            case ["POST", "pictures"]:
                self.given.append(json.loads(body))
                job = f"job{len(self.given)}"
                told = {"success": True, "jobId": job, "redirectUrl": f"{self.url}/jobs/{job}"}
                return json.dumps(told).encode()
        raise KeyError(path)

    def _file(self, picture: str) -> bytes:
        return next(files[picture] for files in self.projects.values() if picture in files)


@contextmanager
def imitated(name: str) -> Iterator[ImitationApp]:
    """Run an app until the end of the block."""
    app = ImitationApp(name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(sent.get("content-length", 0))).decode()
            app.asked.append(f"{self.command} {self.path}")
            starts = [start for start in app.wrong if self.path.startswith(f"/app/lumiku/{start}")]
            wrong = app.wrong[starts[0]] if starts else Wrong()
            status = wrong.status
            try:
                data = app.answer(self.command, self.path, sent, body)
            except (KeyError, StopIteration):
                status, data = 404, b"{}"
            time.sleep(wrong.wait_s)
            data = data if wrong.body is None else wrong.body
            try:
                self.send_response(status)
                for name, value in wrong.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                return  # the other side has heard enough

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # what is not signed gets no answer

    with Server(("127.0.0.1", 0), Handler) as server:
        app.port = server.server_address[1]
        serve = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serve.start()
        try:
            yield app
        finally:
            server.shutdown()
            serve.join()
