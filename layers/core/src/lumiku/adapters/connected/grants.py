"""What accounts allow apps: `APPS#u / <app>`, with what was spent by month in attributes."""

from typing import Any

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, updating
from lumiku.domain.connected.grants import Grant, Spending
from lumiku.domain.errors import Busy
from lumiku.domain.instant import iso
from lumiku.services.connected.ports import GrantStore

_SPENT = "spent#"
_TOLD = ("id", "app", "app_id", "scopes", "monthly_cap", "created_at")


def read_grant(row: Row | None) -> Grant | None:
    """The grant of a row; None of one that only counts."""
    if row is None or "id" not in row:
        return None
    spent = {name.removeprefix(_SPENT): n for name, n in row.items() if name.startswith(_SPENT)}
    account = row["pk"].removeprefix("APPS#")
    return Grant.model_validate({**row, "account": account, "spent": spent})


def spend(table: str, spending: Spending, grant: Grant) -> Write:
    """Count credits, if the grant is as it was read and they fit."""
    return updating(
        table,
        _key(spending.account, spending.app),
        "ADD #spent :credits",
        {
            ":credits": spending.credits,
            ":room": grant.monthly_cap - spending.credits,
            ":id": grant.id,
            ":cap": grant.monthly_cap,
        },
        when="#id = :id AND monthly_cap = :cap AND attribute_not_exists(revoked_at)"
        " AND (attribute_not_exists(#spent) OR #spent <= :room)",
        names={"spent": f"{_SPENT}{spending.month}"},
    )


def unspend(table: str, spending: Spending) -> Write:
    """Take back what was counted."""
    return updating(
        table,
        _key(spending.account, spending.app),
        "ADD #spent :back",
        {":back": -spending.credits},
        names={"spent": f"{_SPENT}{spending.month}"},
    )


class GrantTable(Table, GrantStore):
    """Grants by account and name of the app."""

    def grant(self, account: str, app: str) -> Grant | None:
        return read_grant(self.rows.get(_key(account, app)))

    def grants(self, account: str) -> list[Grant]:
        rows = self.rows.query("pk = :account", {":account": f"APPS#{account}"})
        return [grant for grant in map(read_grant, rows) if grant is not None]

    def save(self, grant: Grant, before: Grant | None) -> None:
        told: dict[str, Any] = grant.model_dump(mode="json", include=set(_TOLD))
        values = {f":{name}": value for name, value in told.items()}
        when = "attribute_not_exists(#id)"
        if before is not None:
            values |= {":before": before.id, ":cap_before": before.monthly_cap}
            when = "#id = :before AND monthly_cap = :cap_before"
        sets = ", ".join(f"#{name} = :{name}" for name in told)
        update = f"SET {sets} REMOVE revoked_at"
        try:
            self.rows.update(_key(grant.account, grant.app), update, values, when=when)
        except ConditionFailed:
            raise Busy from None

    def revoke(self, grant: Grant) -> None:
        values = {":id": grant.id, ":at": grant.revoked_at and iso(grant.revoked_at)}
        try:
            self.rows.update(
                _key(grant.account, grant.app), "SET revoked_at = :at", values, when="#id = :id"
            )
        except ConditionFailed:
            raise Busy from None


def _key(account: str, app: str) -> Key:
    return f"APPS#{account}", app
