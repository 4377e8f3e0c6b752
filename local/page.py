"""The page: built files, put into the stack's bucket behind its distribution."""

import mimetypes
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local import stack
from local.layout import ROOT, Layout
from local.steps import console

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUILT = ROOT / "web/dist"
_FIRST = "index.html"
# Their names carry a hash of what is in them.
_HASHED = "assets/"


def is_built() -> bool:
    """Whether there is a page to put."""
    return (BUILT / _FIRST).exists()


def upload(layout: Layout) -> int:
    """Put the page on the laptop cloud, and say how many files that were."""
    with layout.as_root():
        session = boto3.Session()
        outputs = stack.outputs_by_name(session.client("cloudformation"), stack.name())
        return _put(session.client("s3"), outputs["WebBucketName"])


def publish(config_env: str) -> str:
    """The same for a stack on AWS, named by a configuration: the page's address."""
    configured = stack.configured(config_env)
    session = boto3.Session(region_name=configured["region"])
    outputs = stack.outputs_by_name(session.client("cloudformation"), configured["stack_name"])
    if _put(session.client("s3"), outputs["WebBucketName"]):
        session.client("cloudfront").create_invalidation(
            DistributionId=outputs["WebDistributionId"],
            InvalidationBatch={
                "Paths": {"Quantity": 1, "Items": ["/*"]},
                "CallerReference": str(time.time_ns()),
            },
        )
    return f"https://{outputs['WebDomainName']}/"


def _put(s3: "S3Client", bucket: str) -> int:
    """Put what the bucket lacks or has otherwise, the first page last; older assets stay.

    Somebody who opened the page before may still ask for the older ones.
    """
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {entry["Key"] for page in listed for entry in page.get("Contents", [])}
    files = [path for path in sorted(BUILT.rglob("*")) if path.is_file()]
    sent = 0
    for path in sorted(files, key=lambda path: path.name == _FIRST):
        key = path.relative_to(BUILT).as_posix()
        hashed = key.startswith(_HASHED)
        if hashed and key in there:
            continue
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=path.read_bytes(),
            ContentType=_content_type(path),
            CacheControl="public, max-age=31536000, immutable" if hashed else "no-cache",
        )
        sent += 1
    return sent


def _content_type(path: Path) -> str:
    kind = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}.get(path.suffix)
    return kind or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


if __name__ == "__main__":
    console.print(f"The page is at {publish(sys.argv[1])}")
