"""ZIPs that are streamed from the bucket into the bucket, never whole in memory or on disk.

    GetObject, ahead of time --> ZIP, stored --> parts --> multipart upload (s3transfer's)

Results are compressed already, so they are stored. Each is whole in memory when its turn comes, so
its size and checksum stand before it, where readers that cannot seek need them.
"""

import io
import zipfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ClientError
from s3transfer.manager import TransferConfig, TransferManager
from s3transfer.utils import S3_RETRYABLE_DOWNLOAD_ERRORS

from lumiku.domain.work.archives import Member
from lumiku.domain.work.groups import Archive
from lumiku.services.work.archiving import Archives, Contents, Packed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from mypy_boto3_s3 import S3Client

type Found = tuple[Member, bytes | None]

MIB = 1024 * 1024
PART_BYTES = 16 * MIB
PARTS_IN_MEMORY = 4
UPLOADS_AT_ONCE = 4
READS_AT_ONCE = 8
READ_AHEAD_BYTES = 32 * MIB
READ_TRIES = 3
# Otherwise every part is read once more for a checksum and framed in Python: a third of all the
# work. HTTPS guards the parts on their way, and each file's checksum is in the ZIP.
CLIENT = Config(
    max_pool_connections=16,
    request_checksum_calculation="when_required",
    s3={"payload_signing_enabled": False},
)


class ArchiveBucket(Archives):
    """ZIPs in the bucket that holds their members.

    `client` is made with `CLIENT`. Memory: what is read ahead, the member in hand, and the parts
    that are being sent.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, key: str, contents: Contents, *, at: datetime) -> Packed:
        gone: set[str] = set()

        def files(found: Iterable[Found]) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
            for member, data in found:
                if data is None:
                    gone.add(member.key)
                else:
                    for name, file in contents.opened(member, data):
                        yield _described(name, member.at), file
            for name, data in contents.appendix(gone):
                yield _described(name, at), data

        config = TransferConfig(
            multipart_chunksize=PART_BYTES,
            max_request_concurrency=UPLOADS_AT_ONCE,
            max_in_memory_upload_chunks=PARTS_IN_MEMORY,
        )
        with (
            closing(read_ahead(self._read, contents.members)) as found,
            TransferManager(self._client, config) as transfers,
        ):
            stream = Stream(zipped(files(found)))
            # When reading or sending fails, this ends the upload and leaves no parts behind.
            transfers.upload(
                io.BufferedReader(stream, MIB),
                self._bucket,
                key,
                extra_args={"ContentType": "application/zip"},
            ).result()
        return Packed(
            Archive(key=key, size_bytes=stream.total_bytes), len(contents.members) - len(gone)
        )

    def _read(self, key: str) -> bytes | None:
        """The object; None if there is none."""
        for tries_left in reversed(range(READ_TRIES)):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                    return None
                raise
            # botocore repeats requests, but not answers that break off.
            except S3_RETRYABLE_DOWNLOAD_ERRORS:
                if not tries_left:
                    raise
        return None


def read_ahead(read: Callable[[str], bytes | None], members: Iterable[Member]) -> Generator[Found]:
    """Read members by several threads, in order, as far ahead as memory permits."""
    pool = ThreadPoolExecutor(READS_AT_ONCE)
    pending: deque[tuple[Member, Future[bytes | None]]] = deque()
    held_bytes = 0
    try:
        for member in members:
            while pending and held_bytes + member.size_bytes > READ_AHEAD_BYTES:
                held_bytes -= pending[0][0].size_bytes
                yield _first(pending)
            pending.append((member, pool.submit(read, member.key)))
            held_bytes += member.size_bytes
        while pending:
            yield _first(pending)
    finally:
        pool.shutdown(cancel_futures=True)


def _first(pending: deque[tuple[Member, Future[bytes | None]]]) -> Found:
    member, future = pending.popleft()
    return member, future.result()


def zipped(files: Iterable[tuple[zipfile.ZipInfo, bytes]]) -> Iterator[bytes]:
    """The bytes of a ZIP of these files; none of the pieces is empty."""
    window = _Window()
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for described, data in files:
            archive.writestr(described, data)
            yield from window.take()
    yield from window.take()


def _described(name: str, at: datetime) -> zipfile.ZipInfo:
    moment = at.astimezone(UTC)
    described = zipfile.ZipInfo(name, moment.timetuple()[:6])
    described.create_system = 3  # Unix, whatever this runs on: the next line is its permissions
    described.external_attr = 0o100644 << 16
    return described


class _Window(io.RawIOBase):
    """The end of a file that is being written, as the pieces that were written, uncopied.

    `zipfile` goes back once: to a file's header, when it knows the checksum, to write it anew at
    the same length. What was taken cannot be changed any more.
    """

    def __init__(self) -> None:
        self._position = 0
        self._pieces: dict[int, bytes] = {}

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        piece = bytes(data)  # copies nothing that is bytes
        if piece:
            if len(self._pieces.get(self._position, piece)) != len(piece):
                raise io.UnsupportedOperation("only whole pieces can be written anew")
            self._pieces[self._position] = piece
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._position

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only positions from the start")
        self._position = position
        return position

    def take(self) -> list[bytes]:
        """What was written since the last time."""
        taken, self._pieces = self._pieces, {}
        return list(taken.values())


class Stream(io.RawIOBase):
    """Pieces as a file that can only be read on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.total_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        target = memoryview(buffer)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self.total_bytes += count
        return count
