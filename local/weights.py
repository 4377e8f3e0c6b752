"""Model weights: made once on the machine, put once into the stack's bucket."""

import sys
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from darkroom.weights import Precision, manifest
from local import processes, stack
from local.layout import Layout, Outputs
from local.steps import console
from models.build import file_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOCAL = "local"


def make(layout: Layout) -> processes.Child:
    """Start making what the cache lacks; meanwhile the stack can be built."""
    module = "models.build" if stack.precision(_LOCAL) == "int8" else "models.fetch"
    return processes.start(
        [sys.executable, "-m", module], layout.log("weights"), layout.environment()
    )


def upload(layout: Layout, outputs: Outputs) -> int:
    """Put the weights that the laptop cloud's bucket lacks into it, and say how many those were."""
    return _put_missing(*stack.bucket_here(layout, outputs), stack.precision(_LOCAL))


def _put_missing(s3: "S3Client", bucket: str, precision: Precision) -> int:
    sent = 0
    for name, weights in manifest().items():
        file = weights.file(precision)
        key = f"models/{file.name}"
        try:
            there = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except ClientError:
            there = -1
        if there != file.bytes:
            s3.upload_file(str(file_of(name, precision)), bucket, key)
            sent += 1
    return sent


def publish(config_env: str) -> int:
    """The same for a stack on AWS, named by a configuration."""
    return _put_missing(*stack.bucket_on_aws(config_env), stack.precision(config_env))


if __name__ == "__main__":
    console.print(f"{publish(sys.argv[1])} put into the bucket")
