"""Executions of the state machine that closes groups."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from lumiku.domain.work.groups import Group
from lumiku.services.work.ports import Executions

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StateMachine(Executions):
    """One state machine; a group's execution has the group's id as its name.

    `client` is asked for at the first use: most that hold this start and wake nothing.
    """

    def __init__(self, client: Callable[[], "SFNClient"], arn: str | None = None) -> None:
        self._client = client
        self._arn = arn

    def start(self, group: Group) -> None:
        if self._arn is None:
            raise LookupError("this function starts no executions")
        client = self._client()
        try:
            client.start_execution(
                stateMachineArn=self._arn,
                name=group.id,
                input=json.dumps({"groupId": group.id, "requestId": group.correlation_id}),
            )
        except client.exceptions.ExecutionAlreadyExists:
            return

    def wake(self, token: str) -> None:
        client = self._client()
        try:
            client.send_task_success(taskToken=token, output="{}")
        except (
            client.exceptions.TaskTimedOut,
            client.exceptions.TaskDoesNotExist,
            client.exceptions.InvalidToken,
        ):
            return
