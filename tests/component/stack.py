"""The stack on moto, made from template.yaml, with the functions started as Lambda starts them.

Nothing is written down twice: keys and indexes of the table, settings of the queues and the
environment of each function are read from the template.
"""

import importlib
import json
import logging
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_lambda_powertools import Logger
from joserfc import jwk
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID

from lumiku import queues, trail
from lumiku.adapters.rows import Rows
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.work.groups import GroupTable
from lumiku.adapters.work.jobs import JobTable
from lumiku.adapters.work.photos import PhotoBucket
from lumiku.adapters.work.queues import SettleQueueSqs
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.bootstrap import aws
from lumiku.domain.work.jobs import STRAGGLER_TIME, UPLOAD_TIME, Job
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Insert
from lumiku.services.work.attempts import Develop
from lumiku.services.work.processing import Arrival, Done, Processing, Start
from lumiku.services.work.settlement import Settlement
from scripts.template import Function, functions, known, resources, template
from tests.cold_start import forget_what_was_built
from tests.component.attempts import made
from tests.component.resources import create_queues, make
from tests.dynamodb import REGION, TABLE, create_table
from tests.fake_groups import FakeExecutions

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

EMAIL, PASSWORD = "seller@example.com", "Correct-horse-9"
SANDBOX = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
}


@dataclass
class Context:
    """What Lambda tells a handler about the call."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 3008
    time_left_ms: int = 120_000

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return self.time_left_ms


@cache
def _session() -> boto3.Session:
    """One for all stacks: what it knows of AWS takes long to read."""
    return boto3.Session()


_import_key = jwk.RSAKey.import_key


@cache
def _key(jwk_as_json: str) -> jwk.RSAKey:
    """The key that moto's user pools sign with: reading it takes longer than a test."""
    return _import_key(json.loads(jwk_as_json))


class Stack:
    """The resources of the template, and its functions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._apps: dict[str, ModuleType] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._made: dict[str, str] = {}
        self.session = _session()
        self.dynamodb: DynamoDBClient = boto3.client("dynamodb")
        self.s3: S3Client = boto3.client("s3")
        self.sqs: SQSClient = boto3.client("sqs")
        self.table = TABLE
        self.bucket = f"lumiku-test-photos-{DEFAULT_ACCOUNT_ID}-{REGION}"
        self.jobs = JobTable(Rows(self.dynamodb, self.table))
        self.groups = GroupTable(Rows(self.dynamodb, self.table))
        self.transactions = TransactionTable(Rows(self.dynamodb, self.table))
        self.photos = PhotoBucket(self.s3, self.bucket, self.session.get_credentials)
        self.empty()

    def empty(self) -> None:
        """Hold nothing. Functions stay warm, but for those of a test that gave them names."""
        BackendDict.reset()
        reset_model_data()  # else moto keeps all that ever was
        self.user_pool = "no-pool"
        self.executions = FakeExecutions()
        create_table(self.dynamodb)
        self.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.queue_urls = create_queues()
        for name in self._made:
            make(name)
        if self._names:
            self._names.clear()
            self._apps.clear()
            forget_what_was_built(but=aws)

    def create_user(self, email: str = EMAIL, password: str = PASSWORD) -> str:
        """Make the user pool with one user; answers the id of the application."""
        cognito: CognitoIdentityProviderClient = boto3.client("cognito-idp")
        properties = resources("Cognito::UserPool")["UserPool"]
        self.user_pool = cognito.create_user_pool(
            PoolName="lumiku-test",
            UsernameAttributes=properties["UsernameAttributes"],
            UsernameConfiguration=properties["UsernameConfiguration"],
            Policies=properties["Policies"],
        )["UserPool"]["Id"]
        client = cognito.create_user_pool_client(
            UserPoolId=self.user_pool,
            ClientName="test",
            ExplicitAuthFlows=resources("Cognito::UserPoolClient")["UserPoolClient"][
                "ExplicitAuthFlows"
            ],
        )["UserPoolClient"]["ClientId"]
        self.add_user(email, password)
        return client

    def add_user(self, email: str, password: str = PASSWORD) -> str:
        """One more user of the pool; answers who that is in tokens."""
        cognito: CognitoIdentityProviderClient = boto3.client("cognito-idp")
        made = cognito.admin_create_user(UserPoolId=self.user_pool, Username=email)
        cognito.admin_set_user_password(
            UserPoolId=self.user_pool, Username=email, Password=password, Permanent=True
        )
        return next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")

    def open_account(self, user: str, balance: int) -> None:
        """An account with that balance, to which nothing is given any more this month."""
        self.dynamodb.put_item(
            TableName=self.table,
            Item={
                "pk": {"S": f"USER#{user}"},
                "sk": {"S": "ACCOUNT"},
                "balance": {"N": str(balance)},
                "free_month": {"S": f"{utc_now():%Y-%m}"},
            },
        )

    def put_job(self, job_id: str, user: str, **changes: Any) -> Job:
        """A job as if it had been submitted a moment ago, or as `changes` say."""
        now = utc_now()
        job = Job.model_validate(
            {
                "id": job_id,
                "app": "background-remover",
                "user_id": user,
                "product": Tier.BASIC.product,
                "workflow": background_removal(Tier.BASIC),
                "price": 3,
                "pricing_type": "credits",
                "source": {"kind": "upload", "key": f"in/single/{user}/{job_id}"},
                "file_name": "shoe.jpg",
                "content_type": "image/jpeg",
                "declared_bytes": 1000,
                "request_hash": "-",
                "created_at": now,
                "closes_at": now + UPLOAD_TIME + STRAGGLER_TIME,
                **changes,
            }
        )
        self.transactions.commit(Insert(job))
        return job

    def work(self, job_id: str, develop: Develop = made) -> str:
        """Upload the job's photo and do what a worker does; answers the outcome."""
        job = self.jobs.get(job_id)
        assert job is not None
        photo = b"a photo"
        put = self.s3.put_object(Bucket=self.bucket, Key=job.source.key, Body=photo)
        return self._process(Arrival(job.source.key, put["ETag"].strip('"'), len(photo)), develop)

    def begin(self, job_id: str, develop: Develop = made) -> str:
        """Do what a worker does of a job whose photo is stored; answers the outcome."""
        return self._process(Start(job_id), develop)

    def _process(self, told: Arrival | Start, develop: Develop) -> str:
        queue = SettleQueueSqs(lambda: self.sqs, self.queue_urls["SettleQueue"])
        done = Processing(
            self.jobs, self.photos, queue, self.groups, self.executions, develop, utc_now
        ).process(told, attempt_id="a1", time_left_s=120)
        assert isinstance(done, Done)
        return done.outcome

    def settle(self, job_id: str) -> None:
        """Give back what a failed job cost."""
        Settlement(self.jobs, self.groups, self.executions, self.transactions, utc_now).settle(
            job_id
        )

    def app(self, folder: str, **names: str) -> ModuleType:
        """Module of a function, started with the environment that the template gives it.

        `names` are names of resources that this stack does not make on its own; the first ones
        of a test hold.
        """
        if names and folder not in self._names:
            forget_what_was_built(but=aws)
            self._names[folder] = names
            self._apps.pop(folder, None)
        if folder not in self._apps:
            self._apps[folder] = self.start(folder, **names)
        app = self._apps[folder]
        # On Lambda a function is alone in its process, and all its modules log under its name.
        for shared in (queues, trail):
            self._monkeypatch.setattr(shared, "logger", Logger(folder))
        return app

    def start(self, folder: str, **names: str) -> ModuleType:
        """One more sandbox of a function."""
        function = next(f for f in functions() if f.folder == folder)
        for name, value in self._environment(function, names).items():
            self._monkeypatch.setenv(name, value)
        sys.modules.pop(f"functions.{folder}.app", None)
        logging.Logger.manager.loggerDict.pop(folder, None)  # a sandbox has a level of its own
        return importlib.import_module(f"functions.{folder}.app")

    def call(self, folder: str, event: Mapping[str, Any]) -> Any:
        """Invoke a function."""
        return self.app(folder).handler(dict(event), Context(folder))

    def _environment(self, function: Function, names: Mapping[str, str]) -> dict[str, str]:
        made = {"Table": self.table, "PhotosBucket": self.bucket, **self.queue_urls}
        made |= {"Stage": "test", "PaymentGateway": "sandbox"}
        made |= {"UserPool": self.user_pool, "UserPoolClient": "no-client"}
        made |= names
        used = {
            v["Ref"] for v in function.environment.values() if isinstance(v, dict) and "Ref" in v
        } - made.keys()
        for name in used & template()["Resources"].keys() - self._made.keys():
            self._made[name] = make(name)
        made |= self._made
        return {
            name: (isinstance(value, dict) and made.get(value.get("Ref", ""))) or known(value) or ""
            for name, value in function.environment.items()
        }


@contextmanager
def running_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Start moto and the stack, whose functions start cold."""
    for name, value in SANDBOX.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", _session())
        monkeypatch.setattr(aws, "SESSION", _session()._session)
        monkeypatch.setattr(jwk.RSAKey, "import_key", lambda value: _key(json.dumps(value)))
        forget_what_was_built()
        yield Stack(monkeypatch)
