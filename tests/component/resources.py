"""Resources of template.yaml, made in moto."""

import json
from typing import Any
from urllib.parse import urlparse

import boto3
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from scripts.template import resources, template
from tests.dynamodb import REGION


def create_queues() -> dict[str, str]:
    """All queues; answers their URLs by name."""
    # Not by SQS's API, which takes longer than many a test.
    sqs: Any = get_backend("sqs")[DEFAULT_ACCOUNT_ID][REGION]
    address = urlparse(f"https://sqs.{REGION}.amazonaws.com")
    settings = ("VisibilityTimeout", "MessageRetentionPeriod")
    return {
        name: sqs.create_queue(
            name, **{key: str(given[key]) for key in settings if key in given}
        ).url(address)
        for name, given in resources("SQS::Queue").items()
    }


def make(name: str) -> str:
    """A resource that few functions need; answers what `!Ref` gives."""
    match template()["Resources"][name]["Type"]:
        case "AWS::Serverless::StateMachine":
            definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
            return boto3.client("stepfunctions").create_state_machine(
                name=name,
                definition=json.dumps(definition),
                roleArn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{name}",
            )["stateMachineArn"]
        case "AWS::Events::EventBus":
            boto3.client("events").create_event_bus(Name=name)
            return name
        case "AWS::SecretsManager::Secret":
            key = template()["Resources"][name]["Properties"]["GenerateSecretString"]
            secret = json.dumps({key["GenerateStringKey"]: "a key of tests"})
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=secret)
            return name  # it finds the secret as well as its ARN does, and stays the same
        case kind:
            raise LookupError(f"moto is not asked for any {kind} yet: {name}")
