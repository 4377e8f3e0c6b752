"""Subscriptions and what was used of them: `USER#u / SUBSCRIPTION#app` and `/ USAGE#app#day`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lumiku.adapters.rows import Key, Row, Table, Write, to_item, updating
from lumiku.domain.instant import iso
from lumiku.domain.money.plans import Catalogue, Plan
from lumiku.domain.money.products import own_name
from lumiku.domain.money.quotas import Reservation, Usage
from lumiku.domain.money.subscriptions import Subscription
from lumiku.services.money.ports import SubscriptionStore

RENEWAL = "DUE#RENEWAL"


def subscription_key(user_id: str, app: str) -> Key:
    """Key of a user's subscription to an app."""
    return f"USER#{user_id}", f"SUBSCRIPTION#{app}"


def usage_key(user_id: str, app: str, day: str) -> Key:
    """Key of what a user took from a plan on a UTC day."""
    return f"USER#{user_id}", f"USAGE#{app}#{day}"


def read_subscription(row: Row | None, catalogue: Catalogue) -> Subscription | None:
    """The subscription of a row, with what its plan contains."""
    if row is None:
        return None
    return Subscription.model_validate({**row, "plan": catalogue[row["app"]][row["plan_name"]]})


def read_usage(row: Row | None) -> Usage:
    """The usage of a row; nothing when there is none."""
    by_name = {name: int(n) for name, n in (row or {}).items() if name not in {"pk", "sk"}}
    return Usage(total=by_name.pop("total", 0), by_name=by_name)


def save(table: str, subscription: Subscription) -> Write:
    """Put a subscription over the version before it."""
    pk, sk = subscription_key(subscription.user_id, subscription.app)
    row = {"pk": pk, "sk": sk, **subscription.model_dump(mode="json", exclude_none=True)}
    due = subscription.renewal_due
    if due is not None:
        place = f"{iso(due)}#{subscription.user_id}#{subscription.app}"
        row |= {"gsi2pk": RENEWAL, "gsi2sk": place}
    is_new = subscription.version == 0
    put: dict[str, Any] = {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": "attribute_not_exists(pk)" if is_new else "version = :before",
    }
    if not is_new:
        put["ExpressionAttributeValues"] = to_item({":before": subscription.version - 1})
    return {"Put": put}  # type: ignore[typeddict-item]


def reserve(table: str, taken: Reservation, plan: Plan) -> Write:
    """Take photos from the day, if they fit both the plan's quota and the product's."""
    quota = plan.quota(taken.product)
    return updating(
        table,
        usage_key(taken.user_id, taken.app, taken.day),
        "ADD #total :photos, #own :photos",
        {
            ":photos": taken.photos,
            ":quota": plan.daily_quota,
            ":own_quota": quota,
            ":total_room": plan.daily_quota - taken.photos,
            ":own_room": quota - taken.photos,
        },
        when="(attribute_not_exists(#total) OR #total <= :total_room)"
        " AND (attribute_not_exists(#own) OR #own <= :own_room)"
        " AND :photos <= :quota AND :photos <= :own_quota",
        names={"own": own_name(taken.product)},
    )


def release(table: str, taken: Reservation) -> Write:
    """Give photos back to their day."""
    return updating(
        table,
        usage_key(taken.user_id, taken.app, taken.day),
        "ADD #total :back, #own :back",
        {":back": -taken.photos, ":photos": taken.photos},
        when="#total >= :photos AND #own >= :photos",
        names={"own": own_name(taken.product)},
    )


@dataclass(frozen=True)
class PlanTable(Table, SubscriptionStore):
    """Subscriptions and usage; subscriptions are read with what their plans contain."""

    catalogue: Catalogue

    def subscription(self, user_id: str, app: str) -> Subscription | None:
        return read_subscription(self.rows.get(subscription_key(user_id, app)), self.catalogue)

    def usage(self, user_id: str, app: str, day: str) -> Usage:
        return read_usage(self.rows.get(usage_key(user_id, app, day)))

    def renewals_due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        return [
            (row["pk"].removeprefix("USER#"), row["sk"].removeprefix("SUBSCRIPTION#"))
            for row in self.rows.due(RENEWAL, iso(now), limit=limit)
        ]
