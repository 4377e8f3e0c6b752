"""AWS with the credentials of one of the functions."""

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

from local.layout import REGION
from tests.e2e.service import Service

DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AWS.SimpleQueueService.AccessDenied",
    "403",
}


class Worker:
    """Whoever has got hold of the role of `function`, a name in the template."""

    def __init__(self, service: Service, function: str) -> None:
        role = service.iam.get_role(RoleName=service.names[f"{function}Role"])["Role"]
        trust = role["AssumeRolePolicyDocument"]
        account = role["Arn"].split(":")[4]
        guest = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "sts:AssumeRole",
        }
        let_in = json.dumps({**trust, "Statement": [*trust["Statement"], guest]})
        name = role["RoleName"]
        service.iam.update_assume_role_policy(RoleName=name, PolicyDocument=let_in)
        try:
            session = service.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="test")
        finally:
            service.iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
        given = session["Credentials"]
        self._session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION
        )
        self._endpoint = service.layout.endpoint
        self._clients: dict[str, Any] = {}

    def client(self, name: Any) -> Any:
        if name not in self._clients:
            self._clients[name] = self._session.client(name, endpoint_url=self._endpoint)
        return self._clients[name]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def code_of(call: Callable[[], object]) -> str:
    """How a request was refused; empty when it was not."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""
