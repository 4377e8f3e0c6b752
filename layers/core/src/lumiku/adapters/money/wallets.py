"""What a submission reads in one round trip, and `RATE#u#<limit>`, a user's place in a limit."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lumiku.adapters.money.accounts import account_key, read_account
from lumiku.adapters.money.plans import read_subscription, read_usage, subscription_key, usage_key
from lumiku.adapters.rows import Item, from_item, to_item
from lumiku.adapters.work.jobs import job_key
from lumiku.apps.remover.submissions import Standing
from lumiku.domain.errors import Busy
from lumiku.domain.people.limits import Limit, advance
from lumiku.domain.work.jobs import Job
from lumiku.services.money.wallets import Wallet

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(hours=2)
TRIES = 10
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _rate_key(user_id: str, limit: Limit) -> Item:
    return to_item({"pk": f"RATE#{user_id}#{limit.name}", "sk": "ARRIVAL"})


def _number(moment: datetime) -> int:
    """Microseconds since 1970: a number, which DynamoDB can add to."""
    return (moment - _EPOCH) // MICROSECOND


def _arrival(item: Item) -> datetime | None:
    row = from_item(item)
    return _EPOCH + int(row["arrival"]) * MICROSECOND if "arrival" in row else None


class DeskTable:
    """Where users stand when they submit."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def standing(self, user_id: str, *, job_id: str, app: str, day: str) -> Standing:
        """The job of that id, if any, and where the user stands; all consistent."""
        keys = [
            job_key(job_id),
            account_key(user_id),
            subscription_key(user_id, app),
            usage_key(user_id, app, day),
        ]
        job, account, subscription, usage = self._rows(keys)
        return Standing(
            job=Job.model_validate(job) if job else None,
            wallet=Wallet(
                read_account(account), read_subscription(subscription), read_usage(usage)
            ),
        )

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        """What the user can pay with; all consistent."""
        keys = [
            account_key(user_id),
            subscription_key(user_id, app),
            usage_key(user_id, app, day),
        ]
        account, subscription, usage = self._rows(keys)
        return Wallet(read_account(account), read_subscription(subscription), read_usage(usage))

    def _rows(self, keys: list[Item]) -> list[dict[str, Any] | None]:
        """Rows in the order of `keys`, None for those that are not there."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        request: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        while request:
            answer = self._client.batch_get_item(RequestItems=request)
            for row in map(from_item, answer["Responses"].get(self._table, [])):
                found[row["pk"], row["sk"]] = row
            request = answer.get("UnprocessedKeys", {})
        return [found.get((key["pk"], key["sk"])) for key in map(from_item, keys)]

    def take(self, user_id: str, limit: Limit, now: datetime) -> datetime:
        """Move the user's arrival time on by one request; `TooManyRequests` if it is too far on.

        DynamoDB does the sum, so that those who ask at once need not wait for each other.
        """
        was: datetime | None = None
        for _ in range(TRIES):
            moved = advance(limit, was, now)
            end = now + limit.interval * limit.count
            values = {":now": _number(now), ":ttl": int((end + KEPT).timestamp())}
            if was is None or not now <= was <= end:
                how, condition = ":moved", "attribute_not_exists(pk) OR NOT"
                values |= {":moved": _number(moved), ":last": _number(end)}
            else:
                how, condition = "arrival + :interval", ""
                interval = limit.interval // MICROSECOND
                values |= {":interval": interval, ":last": _number(end) - interval}
            try:
                taken = self._client.update_item(
                    TableName=self._table,
                    Key=_rate_key(user_id, limit),
                    UpdateExpression=f"SET arrival = {how}, #ttl = :ttl",
                    ConditionExpression=f"{condition} arrival BETWEEN :now AND :last",
                    ExpressionAttributeNames={"#ttl": "ttl"},
                    ExpressionAttributeValues=to_item(values),
                    ReturnValues="UPDATED_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as refused:
                item: Any = refused.response.get("Item", {})
                was = _arrival(item)
            else:
                return _arrival(taken["Attributes"]) or moved
        raise Busy

    def give_back(self, user_id: str, limit: Limit) -> None:
        """Move the arrival time back by one request."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=_rate_key(user_id, limit),
                UpdateExpression="SET arrival = arrival - :interval",
                ConditionExpression="attribute_exists(arrival)",
                ExpressionAttributeValues=to_item({":interval": limit.interval // MICROSECOND}),
            )
