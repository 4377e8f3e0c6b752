"""Endpoints of webhooks: `HOOKS#u / META`, away from money; and the queue of deliveries."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from lumiku.adapters.rows import ConditionFailed, Key, Table
from lumiku.domain.errors import Busy
from lumiku.domain.telling.webhooks import Endpoints
from lumiku.services.telling.ports import Delivery, EndpointStore, Outbox

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class EndpointTable(Table, EndpointStore):
    """All endpoints of a user in one row."""

    def endpoints(self, user_id: str) -> Endpoints:
        row = self.rows.get(_key(user_id)) or {}
        return Endpoints.model_validate({**row, "user_id": user_id})

    def save(self, endpoints: Endpoints) -> None:
        values = {
            ":endpoints": [one.model_dump(mode="json") for one in endpoints.endpoints],
            ":was": endpoints.revision,
            ":next": endpoints.revision + 1,
        }
        try:
            self.rows.update(
                _key(endpoints.user_id),
                "SET endpoints = :endpoints, revision = :next",
                values,
                when="attribute_not_exists(pk) OR revision = :was",
            )
        except ConditionFailed:
            raise Busy from None


class DeliveryQueue(Outbox):
    """Deliveries that wait for deliver_webhook; `client` is asked for when there is one to put."""

    def __init__(self, client: Callable[[], "SQSClient"], url: str) -> None:
        self._client = client
        self._url = url

    def put(self, delivery: Delivery) -> None:
        body = json.dumps({"delivery": asdict(delivery)})
        self._client().send_message(QueueUrl=self._url, MessageBody=body)


def _key(user_id: str) -> Key:
    return f"HOOKS#{user_id}", "META"
