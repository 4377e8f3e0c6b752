"""Roles are enforced: what a function was not given, it cannot do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local import samples
from lumiku.adapters.rows import to_item
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import utc_now
from tests.e2e.service import Service, until
from tests.e2e.worker import DENIED, Worker, code_of

FUNCTION = "ProcessPhoto"


@pytest.fixture(scope="module")
def photo(service: Service) -> Path:
    return samples.write(service.layout) / "rocket.jpg"


@contextmanager
def without(service: Service, sid: str) -> Iterator[None]:
    """Take one statement out of process_photo's policy for a while."""
    role = service.names[f"{FUNCTION}Role"]
    (policy,) = service.iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = service.iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    kept = [statement for statement in document["Statement"] if statement["Sid"] != sid]
    assert len(kept) == len(document["Statement"]) - 1
    less = json.dumps({**document, "Statement": kept})
    service.iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=less)
    try:
        yield
    finally:
        whole = json.dumps(document)
        service.iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=whole)


@pytest.mark.parametrize("sid", ["ReadPhotos", "WriteResults"])
def test_a_permission_less_and_no_photo_gets_done(service: Service, photo: Path, sid: str) -> None:
    somebody = service.newcomer()
    submission = somebody.client.submit(photo, "basic")
    job_id = submission.job_id

    def given_back() -> Job | None:
        job = service.job(job_id)
        return job if job.tries and not job.has_live_lease(utc_now()) else None

    with without(service, sid):
        somebody.client.upload(photo, submission)
        tried = until(given_back)
    assert tried.status is Status.PROCESSING
    done = service.becomes(job_id, Status.COMPLETED)
    assert done.tries > tried.tries
    assert service.moved(somebody, job_id) == [-3]


@pytest.fixture(scope="module")
def worker(service: Service) -> Iterator[Worker]:
    opened = Worker(service, FUNCTION)
    yield opened
    opened.close()


def update(service: Service, pk: str, sk: str) -> dict[str, Any]:
    return {
        "TableName": service.outputs.table,
        "Key": to_item({"pk": pk, "sk": sk}),
        "UpdateExpression": "SET balance = :much",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": to_item({":much": 1_000_000}),
    }


def test_the_worker_touches_jobs_and_no_balance(service: Service, worker: Worker) -> None:
    somebody = service.newcomer()
    account = (f"USER#{somebody.user_id}", "ACCOUNT")
    dynamodb = worker.client("dynamodb")
    nobodys = update(service, "JOB#nobodys", "META")
    assert code_of(lambda: dynamodb.update_item(**nobodys)) == "ConditionalCheckFailedException"
    assert code_of(lambda: dynamodb.update_item(**update(service, *account))) in DENIED
    both = [{"Update": nobodys}, {"Update": update(service, *account)}]
    assert code_of(lambda: dynamodb.transact_write_items(TransactItems=both)) in DENIED
    table = service.outputs.table
    row = to_item({"pk": account[0], "sk": "LEDGER#gift", "amount": 1_000_000})
    put = [{"PutRequest": {"Item": row}}]
    assert code_of(lambda: dynamodb.put_item(TableName=table, Item=row)) in DENIED
    assert code_of(lambda: dynamodb.batch_write_item(RequestItems={table: put})) in DENIED
    key = nobodys["Key"]
    assert code_of(lambda: dynamodb.get_item(TableName=table, Key=key)) in DENIED
    assert code_of(lambda: dynamodb.delete_item(TableName=table, Key=key)) in DENIED
    assert code_of(lambda: dynamodb.scan(TableName=table)) in DENIED
    assert service.balance(somebody) == 50


def test_the_worker_cannot_bring_photos_or_read_archives(service: Service, worker: Worker) -> None:
    s3 = worker.client("s3")
    bucket = service.bucket
    service.put("zip/somebody/results.zip", b"results")

    def put(key: str) -> str:
        return code_of(lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"x"))

    def get(key: str) -> str:
        return code_of(lambda: s3.get_object(Bucket=bucket, Key=key))

    assert put("out/worker/result.png") == ""
    assert put("in/single/somebody/photo") in DENIED
    assert put("models/weights.onnx") in DENIED
    assert get("zip/somebody/results.zip") in DENIED
    assert get("in/single/nobody/nothing") == "NoSuchKey"
    model = {"Bucket": bucket, "Key": "models/weights.onnx"}
    assert code_of(lambda: s3.delete_object(**model)) in DENIED


def test_the_worker_reports_failures_and_sends_nothing_else(
    service: Service, worker: Worker
) -> None:
    sqs = worker.client("sqs")

    def send(queue: str) -> str:
        body = json.dumps({"job_id": "nobodys"})
        return code_of(lambda: sqs.send_message(QueueUrl=service.names[queue], MessageBody=body))

    assert send("SettleQueue") == ""
    for queue in ("SingleLane", "PriorityLane", "StandardLane", "SingleLaneDlq"):
        assert send(queue) in DENIED


def test_the_worker_is_no_administrator(worker: Worker) -> None:
    assert code_of(lambda: worker.client("iam").list_roles()) in DENIED
    assert code_of(lambda: worker.client("lambda").list_functions()) in DENIED
