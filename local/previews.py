"""Templates in the bucket: their data as shipped, their previews rendered once for the sources."""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from local import processes, stack
from local.layout import ROOT, Layout, Outputs
from local.steps import console
from photo_steps.templates import PREVIEWS_PREFIX
from scripts import previews

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CACHE = ROOT / ".cache/previews"
_KINDS = {".json": "application/json", ".webp": "image/webp"}
_SOURCES = (
    "layers/imaging/src/darkroom",
    "layers/core/src/photo_steps",
    "scripts/previews.py",
)


def folder_of_now() -> Path:
    """Where those of the sources as they are now lie; what older ones made is deleted."""
    folder = _CACHE / stack.fingerprint(_SOURCES)[:16]
    for other in _CACHE.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def make(layout: Layout, folder: Path) -> processes.Child:
    """Start rendering what the folder lacks; meanwhile the stack can be built."""
    return processes.start(
        [sys.executable, "-m", "scripts.previews", folder],
        layout.log("previews"),
        layout.environment(),
    )


def upload(layout: Layout, outputs: Outputs, folder: Path) -> int:
    """Put those that the laptop cloud's bucket lacks into it, and say how many those were."""
    return _put_missing(*stack.bucket_here(layout, outputs), folder)


def publish(config_env: str) -> int:
    """Render, and do the same for a stack on AWS, named by a configuration."""
    folder = folder_of_now()
    previews.main(folder)
    return _put_missing(*stack.bucket_on_aws(config_env), folder)


def _put_missing(s3: "S3Client", bucket: str, folder: Path) -> int:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREVIEWS_PREFIX)
    there = {
        each["Key"]: each["ETag"].strip('"') for page in pages for each in page.get("Contents", [])
    }
    sent = 0
    for path in sorted(one for kind in _KINDS for one in folder.rglob(f"*{kind}")):
        key, data = str(path.relative_to(folder)), path.read_bytes()
        # Of an object that was sent in one part, the ETag is its MD5.
        if there.get(key) != hashlib.md5(data, usedforsecurity=False).hexdigest():
            s3.put_object(Bucket=bucket, Key=key, Body=data, ContentType=_KINDS[path.suffix])
            sent += 1
    return sent


if __name__ == "__main__":
    console.print(f"{publish(sys.argv[1])} put into the bucket")
