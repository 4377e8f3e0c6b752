"""Objects that lifecycle rules would have deleted long ago do not pile up on a laptop."""

from datetime import UTC, datetime, timedelta

import boto3

from local.layout import Layout, Outputs

_AGE = timedelta(days=1)
_SAM_BUCKET = "aws-sam-cli-managed-default"


def old_objects(layout: Layout, outputs: Outputs) -> int:
    """Delete photos, results and deployment packages older than a day; says how many."""
    with layout.as_root():
        s3 = boto3.Session().client("s3")
    places = [(outputs.photos_bucket, prefix) for prefix in ("in/", "out/", "work/")]
    places += [
        (bucket["Name"], "")
        for bucket in s3.list_buckets()["Buckets"]
        if bucket["Name"].startswith(_SAM_BUCKET)
    ]
    oldest = datetime.now(UTC) - _AGE
    deleted = 0
    for bucket, prefix in places:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                if entry["LastModified"] < oldest:
                    s3.delete_object(Bucket=bucket, Key=entry["Key"])
                    deleted += 1
    return deleted
