"""Bytes to and from S3: streamed, counted, and without our token.

S3 refuses a request that carries an Authorization header beside a signature, and nobody else
should see the token, so this has a connection pool of its own that never knew it.
"""

import io
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx

from ._api import LOOPBACK_DIRECT, TIMEOUT, trusted
from ._errors import CONNECTION_LOST, ApiProblem
from ._models import DownloadLink, UploadTicket
from ._retry import Patience

PARTIAL_PREFIX = ".lumiku-"

type OnBytes = Callable[[int, int], None]


class Storage:
    """Uploads by form, downloads by link. May be shared by threads."""

    def __init__(self, patience: Patience, transport: httpx.BaseTransport | None) -> None:
        self._patience = patience
        self._http = httpx.Client(
            timeout=TIMEOUT, transport=transport, mounts=LOOPBACK_DIRECT, verify=trusted()
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def put(self, photo: Path, ticket: UploadTicket, on_bytes: OnBytes) -> None:
        """Sends the photo. Safe to repeat: the form names the exact key."""

        def send() -> None:
            with _Counted(photo, on_bytes) as file:
                response = self._http.post(
                    ticket.url,
                    data=dict(ticket.fields),
                    # The real name travelled with the submission; here it only invites trouble.
                    files={"file": ("photo", file, "application/octet-stream")},
                )
            if not response.is_success:
                raise ApiProblem.from_response(response)

        self._patience.attempt(send)

    def download(
        self, ask: Callable[[], DownloadLink], target: str | os.PathLike[str], on_bytes: OnBytes
    ) -> Path:
        """Writes the file behind the link to `target`, which appears whole or not at all.

        A link that has expired meanwhile is asked for once more. A connection that is lost is
        taken up where it broke off, for as long as that gets on.
        """
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)

        def fetch() -> None:
            link = ask()
            with appearing(path) as partial:
                download = _Download(self._http, link, partial, on_bytes)
                while True:
                    before = download.received
                    try:
                        return self._patience.attempt(download.receive)
                    except ApiProblem as problem:
                        if problem.code != CONNECTION_LOST or download.received <= before:
                            raise

        renewed_once(fetch)
        return path


class _Download:
    """A file that comes in one or more pieces."""

    def __init__(
        self, http: httpx.Client, link: DownloadLink, partial: Path, on_bytes: OnBytes
    ) -> None:
        self.received = 0
        self._http = http
        self._link = link
        self._partial = partial
        self._on_bytes = on_bytes
        self._etag: str | None = None

    def receive(self) -> None:
        """Gets what is missing; all of it if it is not the same file any more."""
        headers = {"Accept-Encoding": "identity"}
        if self.received:
            headers["Range"] = f"bytes={self.received}-"
        with self._http.stream("GET", self._link.url, headers=headers) as response:
            if not response.is_success:
                if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    self.received = 0
                response.read()
                raise ApiProblem.from_response(response)
            if not self._goes_on(response):
                self.received = 0
            self._etag = response.headers.get("ETag")
            expected = self._link.size_bytes or self.received + int(
                response.headers.get("Content-Length", 0)
            )
            self._on_bytes(self.received, expected)
            with self._partial.open("ab" if self.received else "wb") as file:
                for chunk in response.iter_bytes():
                    self.received += file.write(chunk)
                    self._on_bytes(self.received, expected)
        if self._link.size_bytes not in (None, self.received):
            received, self.received = self.received, 0
            raise ApiProblem(
                code=CONNECTION_LOST,
                title="The download broke off",
                detail=f"{received} of {self._link.size_bytes} bytes came",
            )

    def _goes_on(self, response: httpx.Response) -> bool:
        """Whether this is the piece that was asked for, of the file that was begun."""
        piece = response.headers.get("Content-Range", "")
        return (
            response.status_code == HTTPStatus.PARTIAL_CONTENT
            and piece.startswith(f"bytes {self.received}-")
            and self._etag == response.headers.get("ETag")
        )


def renewed_once[T](action: Callable[[], T]) -> T:
    """Does it again if S3 found the form or link, which each run asks for anew, too old."""
    try:
        return action()
    except ApiProblem as problem:
        if problem.status != 403:
            raise
    return action()


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """A path beside `target` that takes its place on success and vanishes otherwise."""
    partial = target.with_name(f"{PARTIAL_PREFIX}{uuid.uuid4().hex}.part")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


class _Counted(io.BufferedReader):
    """A file that tells how far it has been read."""

    def __init__(self, path: Path, on_bytes: OnBytes) -> None:
        super().__init__(io.FileIO(path))
        self._size = os.fstat(self.fileno()).st_size
        self._on_bytes = on_bytes

    def read(self, size: int | None = -1) -> bytes:
        chunk = super().read(size)
        self._on_bytes(self.tell(), self._size)
        return chunk
