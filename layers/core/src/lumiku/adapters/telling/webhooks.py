"""Endpoints of webhooks: `HOOKS#u / META`, away from money; and the queue of deliveries."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from lumiku.adapters.rows import Item, from_item, to_item
from lumiku.domain.errors import Busy
from lumiku.domain.telling.webhooks import Endpoints
from lumiku.services.telling.webhooks import Delivery

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient


class EndpointTable:
    """All endpoints of a user in one row."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def endpoints(self, user_id: str) -> Endpoints:
        """All of the user's, consistently read."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(user_id), ConsistentRead=True
        )
        row = from_item(answer.get("Item", {}))
        return Endpoints.model_validate({**row, "user_id": user_id})

    def save(self, endpoints: Endpoints) -> None:
        """Replace them; `Busy` if somebody else did since they were read."""
        values = {
            ":endpoints": [one.model_dump(mode="json") for one in endpoints.endpoints],
            ":was": endpoints.revision,
            ":next": endpoints.revision + 1,
        }
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(endpoints.user_id),
                UpdateExpression="SET endpoints = :endpoints, revision = :next",
                ConditionExpression="attribute_not_exists(pk) OR revision = :was",
                ExpressionAttributeValues=to_item(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise Busy from None


class DeliveryQueue:
    """Deliveries that wait for deliver_webhook."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def put(self, delivery: Delivery) -> None:
        """One more."""
        body = json.dumps({"delivery": asdict(delivery)})
        self._client.send_message(QueueUrl=self._url, MessageBody=body)


def _key(user_id: str) -> Item:
    return to_item({"pk": f"HOOKS#{user_id}", "sk": "META"})
