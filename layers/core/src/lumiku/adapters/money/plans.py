"""Subscriptions and what was used of them: `USER#u / SUBSCRIPTION#app` and `/ USAGE#app#day`."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lumiku.adapters.rows import Item, from_item, to_item
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import iso
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Reservation, Usage
from lumiku.domain.money.subscriptions import Subscription

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

RENEWAL = "DUE#RENEWAL"


def subscription_key(user_id: str, app: str) -> Item:
    """Key of a user's subscription to an app."""
    return to_item({"pk": f"USER#{user_id}", "sk": f"SUBSCRIPTION#{app}"})


def usage_key(user_id: str, app: str, day: str) -> Item:
    """Key of what a user took from a plan on a UTC day."""
    return to_item({"pk": f"USER#{user_id}", "sk": f"USAGE#{app}#{day}"})


def read_subscription(row: Mapping[str, Any] | None) -> Subscription | None:
    """The subscription of a row."""
    return Subscription.model_validate(row) if row else None


def read_usage(row: Mapping[str, Any] | None) -> Usage:
    """The usage of a row; nothing when there is none."""
    row = row or {}
    return Usage(
        total=int(row.get("total", 0)),
        by_tier={tier: int(row[tier]) for tier in Tier if tier in row},
    )


def save(table: str, subscription: Subscription) -> "TransactWriteItemTypeDef":
    """Put a subscription over the version before it."""
    row = {
        "pk": f"USER#{subscription.user_id}",
        "sk": f"SUBSCRIPTION#{subscription.app}",
        **subscription.model_dump(mode="json", exclude_none=True),
    }
    due = subscription.renewal_due
    if due is not None:
        row |= {
            "gsi2pk": RENEWAL,
            "gsi2sk": f"{iso(due)}#{subscription.user_id}#{subscription.app}",
        }
    is_new = subscription.version == 0
    put: dict[str, Any] = {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": "attribute_not_exists(pk)" if is_new else "version = :before",
    }
    if not is_new:
        put["ExpressionAttributeValues"] = to_item({":before": subscription.version - 1})
    return {"Put": put}  # type: ignore[typeddict-item]


def reserve(table: str, taken: Reservation, plan: Plan) -> "TransactWriteItemTypeDef":
    """Take photos from the day, if they fit both the plan's quota and the tier's."""
    return {
        "Update": {
            "TableName": table,
            "Key": usage_key(taken.user_id, taken.app, taken.day),
            "UpdateExpression": "ADD #total :photos, #tier :photos",
            "ConditionExpression": "(attribute_not_exists(#total) OR #total <= :total_room)"
            " AND (attribute_not_exists(#tier) OR #tier <= :tier_room)"
            " AND :photos <= :quota AND :photos <= :tier_quota",
            "ExpressionAttributeNames": {"#total": "total", "#tier": taken.tier},
            "ExpressionAttributeValues": to_item(
                {
                    ":photos": taken.photos,
                    ":quota": plan.daily_quota,
                    ":tier_quota": plan.tier_quota(taken.tier),
                    ":total_room": plan.daily_quota - taken.photos,
                    ":tier_room": plan.tier_quota(taken.tier) - taken.photos,
                }
            ),
        }
    }


def release(table: str, taken: Reservation) -> "TransactWriteItemTypeDef":
    """Give photos back to their day."""
    return {
        "Update": {
            "TableName": table,
            "Key": usage_key(taken.user_id, taken.app, taken.day),
            "UpdateExpression": "ADD #total :back, #tier :back",
            "ConditionExpression": "#total >= :photos AND #tier >= :photos",
            "ExpressionAttributeNames": {"#total": "total", "#tier": taken.tier},
            "ExpressionAttributeValues": to_item({":back": -taken.photos, ":photos": taken.photos}),
        }
    }


class PlanTable:
    """Subscriptions and usage."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def subscription(self, user_id: str, app: str) -> Subscription | None:
        """The user's subscription to the app, consistently read."""
        return read_subscription(self._row(subscription_key(user_id, app)))

    def usage(self, user_id: str, app: str, day: str) -> Usage:
        """What the user took from a plan on that day, consistently read."""
        return read_usage(self._row(usage_key(user_id, app, day)))

    def renewals_due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """User and app of up to `limit` subscriptions whose next invoice is due."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="gsi2",
            KeyConditionExpression="gsi2pk = :renewal AND gsi2sk < :now",
            ExpressionAttributeValues=to_item({":renewal": RENEWAL, ":now": iso(now)}),
            Limit=limit,
        )
        rows = map(from_item, answer["Items"])
        return [
            (row["pk"].removeprefix("USER#"), row["sk"].removeprefix("SUBSCRIPTION#"))
            for row in rows
        ]

    def _row(self, key: Item) -> dict[str, Any]:
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return from_item(answer.get("Item", {}))
