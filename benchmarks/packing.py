"""Ways to bring a batch's results into one object: `python -m benchmarks.packing WAY FOLDER`.

Each runs in a process of its own, which prints its seconds and its peak memory. S3 is a folder
that answers boto3's requests inside the process: no network, but all of boto3's own work.
"""

import io
import json
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from benchmarks import own_process
from lumiku.adapters.work.archives import CLIENT, PART_BYTES, ArchiveBucket, Stream
from lumiku.domain.work.archives import Member
from lumiku.services.work.archiving import Contents
from photo_steps.bundles import unbundled

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET, ARCHIVE = "photos", "zip/results.zip"
BLOCK_BYTES = 16 * 1024
AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cost:
    """What one way cost; CPU seconds are of all threads, the kernel's too."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


class _Xml(io.BytesIO):
    """A body that botocore reads by `stream`, with all that it looks for in any answer."""

    def __init__(self) -> None:
        super().__init__(b"<Answer><UploadId>u</UploadId><ETag>e</ETag></Answer>")

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def answer(folder: Path, request: AWSPreparedRequest, **_: object) -> AWSResponse:
    """Answer a request of botocore from a folder: whole objects out, multipart uploads in."""
    url = urlsplit(request.url)
    query = parse_qs(url.query, keep_blank_values=True)
    path = folder / url.path.lstrip("/")
    headers = HTTPHeaders.from_dict({"ETag": "e"})
    match request.method:
        case "GET":
            headers["Content-Length"] = str(path.stat().st_size)
            return AWSResponse(request.url, 200, headers, path.open("rb"))
        case "POST" if "uploads" in query:
            path.parent.mkdir(exist_ok=True)
            path.touch()
        case "PUT":
            sent: Any = request.body
            with path.open("r+b") as file:
                file.seek((int(query["partNumber"][0]) - 1) * PART_BYTES)
                # In blocks as http.client reads them when it sends.
                file.writelines(iter(partial(sent.read, BLOCK_BYTES), b""))
    return AWSResponse(request.url, 200, headers, _Xml())


def client(folder: Path) -> "S3Client":
    """A client as the function's, of a bucket that is that folder."""
    made = boto3.client(
        "s3",
        region_name="ap-southeast-1",
        aws_access_key_id="-",
        aws_secret_access_key="-",  # noqa: S106 - nobody checks it
        config=CLIENT,
    )
    store: Any = partial(answer, folder)  # its stubs know no handler that answers
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
    ArchiveBucket(client(folder), BUCKET).write(ARCHIVE, Contents(entries, lambda _: {}), at=AT)


def make_zip_of_bundles(folder: Path) -> None:
    """Zip the files of all bundles, as those of an export, without its lists."""

    def opened(member: Member, data: bytes) -> Iterator[tuple[str, bytes]]:
        for place, (file, _) in enumerate(unbundled(data)):
            yield f"{member.name}-{place}", file

    entries = [
        Member(f"out/{path.name}", path.name, AT, path.stat().st_size) for path in results(folder)
    ]
    contents = Contents(entries, lambda _: {}, opened)
    ArchiveBucket(client(folder), BUCKET).write(ARCHIVE, contents, at=AT)


def copy(folder: Path) -> None:
    """Fetch one object after the other and upload them as one, by boto3 as it comes."""
    s3 = client(folder)
    bodies = (
        s3.get_object(Bucket=BUCKET, Key=f"out/{path.name}")["Body"].read()
        for path in results(folder)
    )
    s3.upload_fileobj(io.BufferedReader(Stream(bodies), 1024 * 1024), BUCKET, ARCHIVE)


def deflate(folder: Path) -> None:
    """Compress the bytes by zlib at level 9, and keep nothing."""
    for path in results(folder):
        zlib.compress(path.read_bytes(), 9)


WAYS: dict[str, Callable[[Path], None]] = {
    "ZIP": make_zip,
    "ZIP of bundles": make_zip_of_bundles,
    "copy": copy,
    "zlib level 9": deflate,
}


def main() -> None:
    """Go one way, and tell."""
    way, folder = sys.argv[1:]
    start, cpu = time.perf_counter(), os.times()
    WAYS[way](Path(folder))
    after = os.times()
    cost = Cost(
        seconds=time.perf_counter() - start,
        cpu_seconds=after.user + after.system - cpu.user - cpu.system,
        peak_mb=own_process.memory_bytes("VmHWM") / 1e6,
    )
    print(json.dumps(asdict(cost)))


if __name__ == "__main__":
    main()
