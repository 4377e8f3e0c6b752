"""Photos and results without a bucket."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from lumiku.domain.work.receipts import Receipt
from lumiku.services.work.attempts import Developed
from lumiku.services.work.ports import (
    PhotoChanged,
    PhotoMissing,
    Stored,
    UploadPolicy,
)
from lumiku.services.work.processing import Arrival
from photo_steps import PictureFile, Role


@dataclass
class FakeBucket:
    """Objects by key."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def upload(self, key: str, data: bytes) -> Arrival:
        """Put a photo as a client does; answers what S3 would tell of it."""
        self.objects[key] = data
        return Arrival(key, _etag(data), len(data))

    def policy(
        self,
        key: str,
        *,
        content_type: str,
        max_bytes: int,
        now: datetime,
        expires_at: datetime,
    ) -> UploadPolicy:
        return UploadPolicy("https://bucket.test", {"key": key}, expires_at)

    def link(self, key: str, *, file_name: str, valid_s: int) -> str:
        return f"https://bucket.test/{key}?valid={valid_s}&name={file_name}"

    def shown(self, key: str, *, now: datetime) -> str:
        return f"https://bucket.test/{key}?hour={now.hour}"

    def read(self, key: str, *, etag: str | None = None) -> Stored:
        if key not in self.objects:
            raise PhotoMissing(key)
        stored = Stored(self.objects[key], _etag(self.objects[key]))
        if etag not in {None, stored.etag}:
            raise PhotoChanged(key)
        return stored

    def exists(self, key: str) -> bool:
        return key in self.objects

    def keys(self, prefix: str) -> set[str]:
        return {key for key in self.objects if key.startswith(prefix)}

    def write(self, key: str, data: bytes, *, content_type: str) -> None:
        self.objects[key] = data

    def write_new(self, key: str, data: bytes, *, content_type: str) -> None:
        self.objects.setdefault(key, data)

    def copy(self, key: str, to: str) -> None:
        if key not in self.objects:
            raise PhotoMissing(key)
        self.objects[to] = self.objects[key]

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


def developed(
    result: bytes, *, receipt: Receipt | None = None, note: str | None = None
) -> Developed:
    """A result of 30 x 20 pixels with its thumbnail."""
    files: dict[Role, PictureFile] = {
        "result": PictureFile(result, 30, 20, "png"),
        "thumbnail": PictureFile(b"small", 30, 20, "webp"),
    }
    return Developed(files, note, receipt or Receipt())


def _etag(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
