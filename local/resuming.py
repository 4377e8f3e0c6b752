"""What a start does to the state that it finds, and what on AWS nothing needs to do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3

from local.layout import Layout, Outputs

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

# S3 tells a lane a moment after the object is there, and knows its age only to the second.
_SLACK = timedelta(seconds=5)
_KEPT = timedelta(days=1)
_SAM_BUCKET = "aws-sam-cli-managed-default"


def go_on(layout: Layout, outputs: Outputs, saved_at: datetime) -> tuple[int, int]:
    """Announce photos that came after the last save, and start executions that were cut off again.

    Both may be repeated: that is what lanes and state machine are made for. Says how many of each.
    """
    return _announce_photos(layout, outputs.photos_bucket, saved_at), _start_executions(layout)


def delete_old_objects(layout: Layout, outputs: Outputs) -> int:
    """Delete photos, results and deployment packages older than a day; says how many.

    Lifecycle rules, which would delete them, do nothing on a laptop.
    """
    s3 = _s3(layout)
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    kept = ("beside/", "in/", "orders/", "out/", "work/")
    places = [(outputs.photos_bucket, prefix) for prefix in kept]
    places += [(name, "") for name in buckets if name.startswith(_SAM_BUCKET)]
    oldest = datetime.now(UTC) - _KEPT
    old = [
        (bucket, entry["Key"])
        for bucket, prefix in places
        for entry in _objects(s3, bucket, prefix)
        if entry["LastModified"] < oldest
    ]
    for bucket, key in old:
        s3.delete_object(Bucket=bucket, Key=key)
    return len(old)


def _announce_photos(layout: Layout, bucket: str, saved_at: datetime) -> int:
    s3 = _s3(layout)
    since = saved_at - _SLACK
    late = [e["Key"] for e in _objects(s3, bucket, "in/") if e["LastModified"] > since]
    for key in late:
        s3.copy_object(
            CopySource={"Bucket": bucket, "Key": key},
            Bucket=bucket,
            Key=key,
            MetadataDirective="REPLACE",
        )
    return len(late)


def _s3(layout: Layout) -> "S3Client":
    with layout.as_root():
        return boto3.Session().client("s3")


def _objects(s3: "S3Client", bucket: str, prefix: str) -> "Iterator[ObjectTypeDef]":
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Contents", [])


def _start_executions(layout: Layout) -> int:
    """What a restart ended goes on under the same name and a plus."""
    with layout.as_root():
        states = boto3.Session().client("stepfunctions")
    started = 0
    for machine in states.list_state_machines()["stateMachines"]:
        arn = machine["stateMachineArn"]
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=arn)
        executions = [execution for page in pages for execution in page["executions"]]
        names = {execution["name"] for execution in executions}
        for execution in executions:
            name = f"{execution['name']}+"
            if execution["status"] == "FAILED" and name not in names:
                cut_off = states.describe_execution(executionArn=execution["executionArn"])
                if cut_off.get("error") == "States.ServiceRestart":
                    states.start_execution(stateMachineArn=arn, name=name, input=cut_off["input"])
                    started += 1
    return started
