"""Objects of accounts in the bucket of photos, whatever made them."""

from collections.abc import Iterator
from itertools import batched
from typing import TYPE_CHECKING, Any

from lumiku.services.people.ports import AccountFiles, StoredFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 1000
"""So many objects one request deletes."""


class FileBucket(AccountFiles):
    """One bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def listed(self, prefix: str) -> Iterator[StoredFile]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        for page in pages:
            for found in page.get("Contents", []):
                yield StoredFile(found["Key"], found["Size"], found["LastModified"])

    def erase(self, prefix: str) -> int:
        """A bucket without versions has one of each object, named `null`."""
        erased = 0
        for some in batched(self._versions(prefix), AT_ONCE, strict=False):
            answer = self._client.delete_objects(
                Bucket=self._bucket, Delete={"Objects": list(some), "Quiet": True}
            )
            if refused := answer.get("Errors"):
                raise OSError(f"{len(refused)} objects stayed, the first: {refused[0]}")
            erased += len(some)
        return erased

    def _versions(self, prefix: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        for page in pages:
            for found in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                yield {"Key": found["Key"], "VersionId": found["VersionId"]}
