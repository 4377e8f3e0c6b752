"""Photos, results and model weights in the bucket.

What transfers weights is loaded with the first of them: only process_photo fetches any.
"""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import ClientError

from lumiku.services.work.ports import PhotoChanged, PhotoMissing, PhotoStore, Stored, UploadPolicy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CACHED = {"response-cache-control": "private, max-age=3600, immutable"}
_SHOWN_S = 7200


class _AsOf(S3SigV4QueryAuth):
    """Signs a URL as of another moment than now."""

    def __init__(self, moment: datetime, credentials: ReadOnlyCredentials, region: str) -> None:
        super().__init__(credentials, "s3", region, expires=_SHOWN_S)
        self._moment = moment

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        request.context["timestamp"] = f"{self._moment:%Y%m%dT%H%M%SZ}"
        super()._modify_request_before_signing(request)  # type: ignore[misc]


class PhotoBucket(PhotoStore):
    """One bucket: uploads under `in/`, results under `out/`, weights under `models/`."""

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        credentials: Callable[[], Credentials | None],
        host: str = "",
    ) -> None:
        """Take `credentials`, which gives those that URLs are signed with by the hour.

        Links name `host`, a distribution that hands path and query to the bucket as they are; they
        are signed for the bucket all the same, as it is S3 who checks them.
        """
        self._client = client
        self._bucket = bucket
        self._credentials = credentials
        self._host = host

    def policy(
        self,
        key: str,
        *,
        content_type: str,
        max_bytes: int,
        now: datetime,
        expires_at: datetime,
    ) -> UploadPolicy:
        """The form names `content_type`, and any other passes too: browsers know none for HEIC."""
        # boto3 appends to the conditions that it is given: a list of its own for every call.
        conditions = [["content-length-range", 1, max_bytes], ["starts-with", "$Content-Type", ""]]
        signed = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={
                "success_action_status": "201",
                "Content-Type": content_type or "application/octet-stream",
            },
            Conditions=[{"success_action_status": "201"}, *conditions],
            ExpiresIn=max(1, int((expires_at - now).total_seconds())),
        )
        return UploadPolicy(signed["url"], signed["fields"], expires_at)

    def keys(self, prefix: str) -> set[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def link(self, key: str, *, file_name: str, valid_s: int) -> str:
        signed = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name)}",
            },
            ExpiresIn=valid_s,
        )
        return self._named(signed, key)

    def shown(self, key: str, *, now: datetime) -> str:
        """Signed as of the full hour, so that browsers need the picture once.

        Good until an hour after the next full one. Workers whose credentials differ give different
        URLs; whoever shows a picture keeps the one that it has.
        """
        credentials = self._credentials()
        if credentials is None:
            raise LookupError("there are no credentials to sign with")
        signed = self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}
        )
        request = AWSRequest("GET", signed.partition("?")[0], params=_CACHED)
        hour = now.replace(minute=0, second=0, microsecond=0)
        _AsOf(hour, credentials.get_frozen_credentials(), self._client.meta.region_name).add_auth(
            request
        )
        return self._named(str(request.url), key)

    def _named(self, signed: str, key: str) -> str:
        if not self._host:
            return signed
        return f"https://{self._host}/{quote(key)}?{signed.partition('?')[2]}"

    def read(self, key: str, *, etag: str | None = None) -> Stored:
        condition: Any = {} if etag is None else {"IfMatch": etag}
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **condition)
        except ClientError as error:
            match error.response["Error"]["Code"]:
                case "PreconditionFailed" | "412":
                    raise PhotoChanged(key) from None
                case "NoSuchKey" | "404":
                    raise PhotoMissing(key) from None
            raise
        return Stored(answer["Body"].read(), answer["ETag"].strip('"'))

    def exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                return False
            raise
        return True

    def write(self, key: str, data: bytes, *, content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def write_new(self, key: str, data: bytes, *, content_type: str) -> None:
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=data, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            # The latter: somebody else is putting it at this moment.
            if error.response["Error"]["Code"] not in {
                "PreconditionFailed",
                "ConditionalRequestConflict",
            }:
                raise

    def copy(self, key: str, to: str) -> None:
        source: Any = {"Bucket": self._bucket, "Key": key}
        try:
            self._client.copy_object(Bucket=self._bucket, Key=to, CopySource=source)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise PhotoMissing(key) from None
            raise

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def weights(self, sha256: str) -> Path:
        """Local file of the weights with that hash; fetched once per sandbox and verified.

        The name appears only when the file is whole, so a worker killed half way leaves no trap.
        """
        path = Path(tempfile.gettempdir()) / f"{sha256}.onnx"
        if path.exists():
            return path
        from s3transfer.manager import TransferManager

        with tempfile.NamedTemporaryFile(dir=path.parent, delete_on_close=False) as part:
            with TransferManager(self._client) as transfers:
                transfers.download(self._bucket, f"models/{sha256}.onnx", part).result()
            part.flush()
            with Path(part.name).open("rb") as whole:
                actual = hashlib.file_digest(whole, "sha256").hexdigest()
            if actual != sha256:
                raise ValueError(f"models/{sha256}.onnx has the hash {actual}")
            Path(part.name).replace(path)
            part.delete = False
        return path
