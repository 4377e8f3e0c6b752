"""The deployed service as its operator sees it: people, rows, queues, workers."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from local import stack
from local.layout import Layout, Outputs
from lumiku.adapters.rows import Rows
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.work.groups import GroupTable
from lumiku.adapters.work.jobs import JobTable, job_key
from lumiku.domain.instant import iso
from lumiku.domain.money import ledger
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from lumiku_client import Client, Submission

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

PATIENCE_S = 60


@dataclass(frozen=True)
class Photo:
    """An object in the bucket, as an event tells of it."""

    key: str
    etag: str
    size_bytes: int


@dataclass
class Person:
    """A user with an account of their own, and the jobs that they sent here."""

    user_id: str
    email: str
    password: str = field(repr=False)
    client: Client


class Service:
    """The laptop cloud of this test session, with root credentials."""

    def __init__(self, layout: Layout, outputs: Outputs) -> None:
        self.layout, self.outputs = layout, outputs
        with layout.as_root():
            session = boto3.Session()
            # Only what boto3-stubs is installed for is typed.
            self.cloudformation = session.client("cloudformation")
            self.cognito = session.client("cognito-idp")
            self.dynamodb: DynamoDBClient = session.client("dynamodb")
            self.s3: S3Client = session.client("s3")
            self.sqs: SQSClient = session.client("sqs")
            self.iam: Any = session.client("iam")
            self.lambda_: Any = session.client("lambda")
            self.sts: Any = session.client("sts")
        self.rows = Rows(self.dynamodb, outputs.table)
        self.jobs, self.groups = JobTable(self.rows), GroupTable(self.rows)
        self.bucket = outputs.photos_bucket
        self._people: list[Person] = []

    def close(self) -> None:
        """Close every connection."""
        for person in self._people:
            person.client.close()
        for client in (
            self.cloudformation,
            self.cognito,
            self.dynamodb,
            self.s3,
            self.sqs,
            self.iam,
            self.lambda_,
            self.sts,
        ):
            client.close()

    @cached_property
    def names(self) -> dict[str, str]:
        """What the template's resources are called here."""
        found = self.cloudformation.describe_stack_resources(StackName=stack.name())
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in found["StackResources"]
        }

    # People and their money

    def newcomer(self, credits: int = 0) -> Person:
        """Somebody who can log in, with so many credits beside the month's free ones.

        Their limit is far out of the way.
        """
        email, password = f"{uuid.uuid4().hex}@example.com", f"{uuid.uuid4()}-aA1"
        pool = self.outputs.user_pool_id
        user = self.cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )["User"]["Attributes"]
        self.cognito.admin_set_user_password(
            UserPoolId=pool, Username=email, Password=password, Permanent=True
        )
        user_id = next(part["Value"] for part in user if part["Name"] == "sub")
        if credits:
            grant = ledger.grant(user_id, credits, uuid.uuid4().hex, utc_now(), "test")
            TransactionTable(self.rows).commit(Post(grant))
        limit = {
            name: {"name": name, "count": 6000, "window_s": 60} for name in ("single", "batch")
        }
        self.rows.update((f"USER#{user_id}", "ACCOUNT"), "SET limits = :limits", {":limits": limit})
        client = Client(self.outputs.api_url, email=email, password=password)
        client.credits()
        self._people.append(Person(user_id, email, password, client))
        return self._people[-1]

    def balance(self, person: Person) -> int:
        """What is in the account's row, which must be the sum of the ledger."""
        rows = self._rows_of(person)
        balance = int(next(row["balance"] for row in rows if row["sk"] == "ACCOUNT"))
        amounts = [int(row["amount"]) for row in rows if row["sk"].startswith("LEDGER#")]
        assert sum(amounts) == balance
        return balance

    def moved(self, person: Person, job_id: str) -> list[int]:
        """Amounts of the ledger's entries about a job: the charge, then perhaps its refund."""
        rows = [row for row in self._rows_of(person) if row.get("reference") == job_id]
        return sorted(int(row["amount"]) for row in rows)

    def _rows_of(self, person: Person) -> list[dict[str, Any]]:
        return list(self.rows.query("pk = :user", {":user": f"USER#{person.user_id}"}))

    # Jobs and photos

    def job(self, job_id: str) -> Job:
        """The job's row."""
        found = self.jobs.get(job_id)
        assert found is not None
        return found

    def becomes(self, job_id: str, *wanted: Status) -> Job:
        """The job, once it is in one of the states."""
        return until(lambda: job if (job := self.job(job_id)).status in wanted else None)

    def set_job(self, job_id: str, **changes: object) -> None:
        """Overwrite parts of a job's row, as no function would."""
        update = "SET " + ", ".join(f"#{name} = :{name}" for name in changes)
        self.rows.update(job_key(job_id), update, {f":{n}": value for n, value in changes.items()})

    def lease(self, job_id: str, until: datetime) -> None:
        """Let a worker that is not there hold the job."""
        self.set_job(job_id, status="processing", attempt_id="nobody", lease_until=iso(until))

    def results(self, job: Job) -> list[str]:
        """Keys of everything that attempts at the job left behind."""
        prefix = f"out/{job.user_id}/{job.id}/"
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def exists(self, key: str) -> bool:
        """Whether the bucket has such an object."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=key)
        return any(entry["Key"] == key for entry in listed.get("Contents", []))

    def put(self, key: str, data: bytes) -> Photo:
        """Put an object as root; S3 tells the lane of it."""
        etag = self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)["ETag"]
        return Photo(key, etag.strip('"'), len(data))

    def uploaded(self, submission: Submission) -> Photo:
        """The photo that came for a submission."""
        key = submission.upload.fields["key"]
        head = self.s3.head_object(Bucket=self.bucket, Key=key)
        return Photo(key, head["ETag"].strip('"'), head["ContentLength"])

    # Queues and functions

    def tell(self, queue: str, *photos: Photo) -> None:
        """Send one message with an event for each photo."""
        records = [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Post",
                "s3": {
                    "bucket": {"name": self.bucket},
                    "object": {"key": p.key, "eTag": p.etag, "size": p.size_bytes},
                },
            }
            for p in photos
        ]
        self.sqs.send_message(
            QueueUrl=self.names[queue], MessageBody=json.dumps({"Records": records})
        )

    def waiting(self, queue: str) -> int:
        """Messages of a queue, those in somebody's hands among them."""
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.names[queue], AttributeNames=["All"]
        )["Attributes"]
        return sum(
            int(attributes[name])
            for name in ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        )

    @contextmanager
    def held_back(self, mapping: str = "ProcessPhotoSingle") -> Iterator[None]:
        """Keep a function from taking messages of one queue."""
        name = self.names[mapping]
        self.lambda_.update_event_source_mapping(UUID=name, Enabled=False)
        time.sleep(0.5)
        try:
            yield
        finally:
            self.lambda_.update_event_source_mapping(UUID=name, Enabled=True)

    def invoke(self, function: str) -> Any:
        """Call a function with an empty event."""
        answer = self.lambda_.invoke(FunctionName=self.names[function], Payload=b"{}")
        return json.loads(answer["Payload"].read())

    def workers(self) -> set[int]:
        """Process ids of the sandboxes of process_photo."""
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,args="],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line for line in listed.stdout.splitlines() if "-ProcessPhoto-" in line]
        return {int(line.split()[0]) for line in lines if str(self.layout.temporary) in line}


def until[T](look: Callable[[], T | None], seconds: float = PATIENCE_S) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)
    return found


def in_the_past() -> datetime:
    """A moment that is over for every clock."""
    return utc_now() - timedelta(minutes=1)


def peak_memory_mb(pid: int) -> float | None:
    """Most memory that a process ever held; None where there is no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
