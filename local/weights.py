"""Model weights: fetched once to the machine, put once into the stack's bucket."""

import sys
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from darkroom.weights import manifest
from local import processes, stack
from local.layout import Layout, Outputs
from local.steps import console
from models.fetch import CACHE, fetch_all

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def fetch(layout: Layout) -> processes.Child:
    """Start fetching what the cache lacks; meanwhile the stack can be built."""
    return processes.start(
        [sys.executable, "-m", "models.fetch"], layout.log("weights"), layout.environment()
    )


def upload(layout: Layout, outputs: Outputs) -> int:
    """Put the weights that the laptop cloud's bucket lacks into it, and say how many those were."""
    with layout.as_root():
        s3 = boto3.Session().client("s3")
    return _put_missing(s3, outputs.photos_bucket)


def _put_missing(s3: "S3Client", bucket: str) -> int:
    sent = 0
    for weights in manifest().values():
        key = f"models/{weights.file_name}"
        try:
            there = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except ClientError:
            there = -1
        if there != weights.bytes:
            s3.upload_file(str(CACHE / weights.file_name), bucket, key)
            sent += 1
    return sent


def publish(config_env: str) -> int:
    """The same for a stack on AWS, named by a configuration, with the caller's own credentials."""
    configured = stack.configured(config_env)
    fetch_all()
    session = boto3.Session(region_name=configured["region"])
    outputs = stack.outputs_by_name(session.client("cloudformation"), configured["stack_name"])
    return _put_missing(session.client("s3"), outputs["PhotosBucketName"])


if __name__ == "__main__":
    console.print(f"{publish(sys.argv[1])} put into the bucket")
