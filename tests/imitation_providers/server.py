"""Imitations on ports of this machine."""

import select
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.imitation_providers.imitation import Answer, Imitation

PIECE = bytes(65_536)


@contextmanager
def running(imitation: Imitation) -> Iterator[Imitation]:
    """Serve it at its `url` until the end of the block."""

    class Handler(_Handler):
        by = imitation

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.by = imitation
        imitation.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield imitation
        finally:
            imitation.closing.set()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    by: Imitation

    def handle_error(self, *_: object) -> None:
        """What cannot be answered is strange; but a client that has heard enough may hang up."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.by.strange.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    by: Imitation

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.by.answer(self.command, self.path, headers, body)
        if answer.said.silent:
            self._wait_for_the_end()
            return
        try:
            self._send(answer)
        except OSError:
            return  # the client has heard enough

    def _wait_for_the_end(self) -> None:
        """Say nothing until the client hangs up."""
        while not self.by.closing.is_set():
            if select.select([self.connection], [], [], 0.1)[0]:
                return

    def _send(self, answer: Answer) -> None:
        said, size = answer.said, answer.said.endless or len(answer.data)
        lines = [f"HTTP/1.1 {said.status} Said", "connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if said.declared:
            lines.append(f"content-length: {size}")
        head = "\r\n".join([*lines, "", ""]).encode()
        self._send_pieces(head, 1 if said.drip_head else len(head), said.drip_s)
        for _ in range(said.endless // len(PIECE)):
            self.wfile.write(PIECE)
        data = answer.data[: len(answer.data) // 2] if said.cut else answer.data
        self._send_pieces(data, said.drip_bytes if said.drip_s else len(data), said.drip_s)

    def _send_pieces(self, data: bytes, size: int, pause_s: float) -> None:
        for start in range(0, len(data), size or 1):
            self.wfile.write(data[start : start + size])
            if size < len(data):
                time.sleep(pause_s)
