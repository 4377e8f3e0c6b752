"""Going on with what the end of a laptop cloud cut short, which on AWS nothing does."""

from datetime import datetime, timedelta

import boto3

from local.layout import Layout, Outputs

# S3 tells a lane a moment after the object is there, and knows its age only to the second.
_SLACK = timedelta(seconds=5)


def go_on(layout: Layout, outputs: Outputs, saved_at: datetime) -> tuple[int, int]:
    """Announce photos that came after the last save, and start executions that were cut off again.

    Both may be repeated: that is what lanes and state machine are made for. Says how many of each.
    """
    return _announce_photos(layout, outputs.photos_bucket, saved_at), _start_executions(layout)


def _announce_photos(layout: Layout, bucket: str, saved_at: datetime) -> int:
    with layout.as_root():
        s3 = boto3.Session().client("s3")
    announced = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="in/"):
        for entry in page.get("Contents", []):
            if entry["LastModified"] > saved_at - _SLACK:
                s3.copy_object(
                    Bucket=bucket,
                    Key=entry["Key"],
                    CopySource={"Bucket": bucket, "Key": entry["Key"]},
                    MetadataDirective="REPLACE",
                )
                announced += 1
    return announced


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
