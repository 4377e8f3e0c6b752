"""A port of this machine behind which the service is, with the faults of networks and of AWS."""

import base64
import json
import operator
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.component.client.service import Service
from tests.component.http_events import Answer

BUCKET = "/bucket/"


@dataclass
class Fault:
    """What happens to the next request that matches, instead of its answer.

    is_late  the request is carried out, and the connection is cut then
    until    the request is held up so long, before it is refused
    """

    route: str
    status: int = 503
    body: object = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_late: bool = False
    until: threading.Event | None = None


@dataclass
class Port:
    """The service at `url`; counts what is asked, and remembers what is signed.

    changes    what is made of objects whose keys end so
    meanwhile  what happens once a route was answered for the first time
    """

    service: Service
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    links: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    changes: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: "Request") -> Answer | bytes | None:
        """The answer, an object's content, or None for a connection that is cut."""
        route = f"{asked.command} {asked.path.split('?')[0]}"
        if asked.path.startswith("/bucket") and asked.command == "POST":
            route = f"POST {BUCKET}{asked.form()[0]['key']}"
        self.calls[re.sub(rf"{BUCKET}.*", BUCKET, route)] += 1
        with self.lock:
            fault = next((fault for fault in self.faults if re.fullmatch(fault.route, route)), None)
            if fault is not None:
                self.faults.remove(fault)
        if fault is not None:
            if fault.until is not None:
                fault.until.wait(20)
            if not fault.is_late:
                body = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
                return Answer(fault.status, dict(fault.headers), body)
        got = self._stored(asked) if asked.path.startswith("/bucket") else self._told(asked)
        if route in self.meanwhile:
            self.meanwhile.pop(route)()
        return None if fault else got

    def hold(self, route: str) -> threading.Event:
        """Let the next request that matches wait, until it is refused or nobody is there."""
        self.faults.append(Fault(route, until=threading.Event()))
        released = self.faults[-1].until
        assert released
        return released

    def _told(self, asked: "Request") -> Answer:
        url = urlsplit(asked.path)
        query = dict(parse_qsl(url.query))
        got = self.service.handle(
            asked.command, url.path, dict(asked.headers.items()), query, asked.body
        )
        text = re.sub(r"https://[\w.-]+\.amazonaws\.com/", f"{self.url}{BUCKET}", got.text or "")
        self.policies.update(re.findall(r'"policy":"([^"]+)"', text))
        self.links.update(re.findall(rf'"{self.url}({BUCKET}[^"]+)"', text))
        return Answer(got.status, got.headers, text)

    def _stored(self, asked: "Request") -> Answer | bytes:
        """What S3 does with a form or a link."""
        if "Authorization" in asked.headers:
            return _s3(400, "InvalidArgument")
        if asked.command == "GET":
            if asked.path not in self.links:
                return _s3(403, "AccessDenied")
            key = unquote(urlsplit(asked.path).path.removeprefix(BUCKET))
            content = self.service.get(key)
            for end, change in self.changes.items():
                content = change(content) if key.endswith(end) else content
            return content
        fields, photo = asked.form()
        if fields["policy"] not in self.policies or not _permitted(fields):
            return _s3(403, "AccessDenied")
        smallest, largest = next(c[1:] for c in _conditions(fields) if c[0] == LENGTH)
        if not smallest <= len(photo) <= largest:
            return _s3(400, "EntityTooLarge")
        self.service.put(fields["key"], photo)
        return Answer(int(fields["success_action_status"]), {}, "<PostResponse/>")


LENGTH = "content-length-range"


def _policy(fields: Mapping[str, str]) -> Any:
    return json.loads(base64.b64decode(fields["policy"]))


def _conditions(fields: Mapping[str, str]) -> list[list[Any]]:
    """Each as an operation, a field and a value."""
    return [
        ["eq", f"${next(iter(c))}", next(iter(c.values()))] if isinstance(c, dict) else c
        for c in _policy(fields)["conditions"]
    ]


def _permitted(fields: Mapping[str, str]) -> bool:
    """Whether the policy is good still, and permits each field and needs no other."""
    tests: dict[str, Callable[[str, str], bool]] = {
        "eq": operator.eq,
        "starts-with": str.startswith,
    }
    given = {f"${name}": value for name, value in fields.items()}
    conditions = [c for c in _conditions(fields) if c[0] != LENGTH and c[1] != "$bucket"]
    free = {"$policy", "$x-amz-signature"}
    return (
        datetime.fromisoformat(_policy(fields)["expiration"]) > datetime.now(UTC)
        and given.keys() - free == {name for _, name, _ in conditions}
        and all(tests[how](given[name], value) for how, name, value in conditions)
    )


def _s3(status: int, code: str) -> Answer:
    return Answer(status, {}, f"<Error><Code>{code}</Code><Message>No</Message></Error>")


class Request(BaseHTTPRequestHandler):
    """One request, and the way back of its answer."""

    protocol_version = "HTTP/1.1"
    port: Port
    is_open = True
    body: bytes

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        got = self.port.answer(self)
        if got is None or not self.is_open:
            self.close_connection = True
            return
        if isinstance(got, bytes):
            status, headers, content = 200, {"Content-Type": "application/octet-stream"}, got
        else:
            status, headers, content = got.status, got.headers, (got.text or "").encode()
        try:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                if name != "content-length":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def form(self) -> tuple[dict[str, str], bytes]:
        """The fields of a form and its file, which S3 wants to be the last part."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts: list[Any] = list(BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts())
        contents = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in parts
        }
        assert list(contents)[-1] == "file"
        photo: bytes = contents.pop("file")
        return {name: content.decode() for name, content in contents.items()}, photo


@contextmanager
def opened(port: Port) -> Iterator[Port]:
    """The port, at the address it had before if it was open before."""
    number = int(port.url.rsplit(":", 1)[1]) if port.url else 0

    class Handler(Request):
        pass

    Handler.port = port
    server = ThreadingHTTPServer(("127.0.0.1", number), Handler)
    server.daemon_threads = True
    port.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        Handler.is_open = False
        server.shutdown()
        server.server_close()
        thread.join()
