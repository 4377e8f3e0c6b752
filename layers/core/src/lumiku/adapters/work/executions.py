"""Executions of the state machine that closes groups."""

import json
from typing import TYPE_CHECKING

from lumiku.domain.work.groups import Group
from lumiku.services.work.ports import Executions

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StateMachine(Executions):
    """One state machine; a group's execution has the group's id as its name."""

    def __init__(self, client: "SFNClient", arn: str | None = None) -> None:
        self._client = client
        self._arn = arn

    def start(self, group: Group) -> None:
        if self._arn is None:
            raise LookupError("this function starts no executions")
        try:
            self._client.start_execution(
                stateMachineArn=self._arn,
                name=group.id,
                input=json.dumps({"groupId": group.id, "requestId": group.correlation_id}),
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def wake(self, token: str) -> None:
        try:
            self._client.send_task_success(taskToken=token, output="{}")
        except (
            self._client.exceptions.TaskTimedOut,
            self._client.exceptions.TaskDoesNotExist,
            self._client.exceptions.InvalidToken,
        ):
            return
