"""Ways to bring a batch's results into one object: `python -m benchmarks.packing WAY FOLDER`.

Each runs in a process of its own, which prints its seconds and its peak memory. S3 is a folder
that answers boto3's requests inside the process: no network, but all of boto3's own work.
"""

import io
import os
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from pydantic import BaseModel

from lumiku.adapters.work.archives import CLIENT, PART_BYTES, ArchiveBucket
from lumiku.domain.work.archives import Member

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET, ARCHIVE = "photos", "zip/results.zip"
BLOCK_BYTES = 16 * 1024
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Cost(BaseModel):
    """What one way cost; CPU seconds are of all threads, the kernel's too."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


class FolderStore:
    """An S3 bucket in a folder: whole objects out, multipart uploads in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Answer one request of botocore, instead of the network."""
        url = urlsplit(request.url)
        query = parse_qs(url.query, keep_blank_values=True)
        path = self._folder / url.path.lstrip("/")
        match request.method:
            case "GET":
                size = str(path.stat().st_size)
                return _answer(request, path.open("rb"), {"Content-Length": size})
            case "POST" if "uploads" in query:
                path.parent.mkdir(exist_ok=True)
                path.touch()
                return _answer(request, _Xml("InitiateMultipartUploadResult", "UploadId", "u"))
            case "PUT":
                with path.open("r+b") as file:
                    file.seek((int(query["partNumber"][0]) - 1) * PART_BYTES)
                    file.writelines(_blocks(request.body))
                return _answer(request, _Xml("Part", "ETag", "e"), {"ETag": "e"})
            case "POST":
                return _answer(request, _Xml("CompleteMultipartUploadResult", "ETag", "e"))
        raise NotImplementedError(request.method)


class _Xml(io.BytesIO):
    """An element with one child, as a body that botocore reads by `stream`."""

    def __init__(self, element: str, name: str, value: str) -> None:
        super().__init__(f"<{element}><{name}>{value}</{name}></{element}>".encode())

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def _answer(
    request: AWSPreparedRequest, body: IO[bytes], headers: Mapping[str, str] | None = None
) -> AWSResponse:
    return AWSResponse(request.url, 200, HTTPHeaders.from_dict(headers or {}), body)


def _blocks(body: Any) -> Iterator[bytes]:
    """Read a body as http.client does when it sends it."""
    while block := body.read(BLOCK_BYTES):
        yield block


def client(folder: Path) -> "S3Client":
    """A client as the function's, of a bucket that is that folder."""
    made = boto3.client(
        "s3",
        region_name="ap-southeast-1",
        aws_access_key_id="-",
        aws_secret_access_key="-",  # noqa: S106 - nobody checks it
        config=CLIENT,
    )
    store: Any = FolderStore(folder).answer  # its stubs know no handler that answers
    made.meta.events.register("before-send.s3", store)
    return made


def results(folder: Path) -> list[Path]:
    """The files that are brought together."""
    return sorted((folder / "out").iterdir())


def make_zip(folder: Path) -> None:
    """Zip all results, by the code of the service."""
    entries = [
        Member(f"out/{path.name}", f"removed-{path.name}", AT, path.stat().st_size)
        for path in results(folder)
    ]
    ArchiveBucket(client(folder), BUCKET).write(ARCHIVE, entries, lambda _: {}, at=AT)


class _Joined(io.RawIOBase):
    """Bytes after bytes as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def copy(folder: Path) -> None:
    """Fetch one object after the other and upload them as one, by boto3 as it comes."""
    s3 = client(folder)
    bodies = (
        s3.get_object(Bucket=BUCKET, Key=f"out/{path.name}")["Body"].read()
        for path in results(folder)
    )
    s3.upload_fileobj(io.BufferedReader(_Joined(bodies), 1024 * 1024), BUCKET, ARCHIVE)


def deflate(folder: Path) -> None:
    """Compress the bytes by zlib at level 9, and keep nothing."""
    for path in results(folder):
        zlib.compress(path.read_bytes(), 9)


WAYS: dict[str, Callable[[Path], None]] = {
    "ZIP": make_zip,
    "copy": copy,
    "zlib level 9": deflate,
}


def _peak_mb() -> float:
    """Most memory that this process ever held."""
    held = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(held[1]) * 1024 / 1e6 if held else float("nan")


def main() -> None:
    """Go one way, and tell."""
    way, folder = sys.argv[1:]
    start, cpu = time.perf_counter(), os.times()
    WAYS[way](Path(folder))
    after = os.times()
    cost = Cost(
        seconds=time.perf_counter() - start,
        cpu_seconds=after.user + after.system - cpu.user - cpu.system,
        peak_mb=_peak_mb(),
    )
    print(cost.model_dump_json())


if __name__ == "__main__":
    main()
