"""Days of the business: `STATS#<yyyy-mm> / DAY#<day>`, and `STATS#FINISHED / DAY`, the last one.

Beside them `ACCOUNTS#<day>#<part>`, which accounts did what, and `STATS#FINISHED / ACCOUNTS`.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import batched

from lumiku.adapters.money import accounts, invoices
from lumiku.adapters.rows import Key, Row, Table
from lumiku.adapters.work import made
from lumiku.domain.money.business import Business, Income, Made
from lumiku.domain.money.engagement import Engagement
from lumiku.domain.money.ledger import Entry
from lumiku.services.money.ports import AccountBook

_FINISHED = "STATS#FINISHED", "DAY"
_ENGAGED = "STATS#FINISHED", "ACCOUNTS"
# A row holds 400 KB; an id of an account has 36 characters, and one of a plan as many as its app's.
_IDS_A_ROW = 4_000


class BusinessTable(Table, AccountBook):
    """What happened on a day, and what finished days added up to."""

    def entries(self, day: date) -> Iterator[Entry]:
        return map(accounts.read_day_place, self._of_day(accounts.day_key(day)))

    def incomes(self, day: date) -> Iterator[Income]:
        return map(invoices.read_day_place, self._of_day(invoices.day_key(day)))

    def made(self, day: date) -> Iterator[Made]:
        return map(made.read_place, self._of_day(made.day_key(day)))

    def joined(self, day: date, user_ids: Collection[str]) -> set[str]:
        return {user_id for user_id in user_ids if self._began(user_id) == day.isoformat()}

    def _began(self, user_id: str) -> str | None:
        """The day of an account's first entry."""
        oldest = self.rows.query(
            "gsi1pk = :ledger", {":ledger": f"USER#{user_id}#LEDGER"}, index="gsi1", limit=1
        )
        return next((str(row["gsi1sk"])[:10] for row in oldest), None)

    def engaged_until(self) -> date | None:
        return self._last(_ENGAGED)

    def keep_engagement(self, day: date, found: Engagement) -> None:
        told = [(kind, one) for kind, ids in found for one in sorted(ids)]
        for part, some in enumerate(batched(told, _IDS_A_ROW, strict=False)):
            ids: dict[str, list[str]] = {}
            for kind, one in some:
                ids.setdefault(kind, []).append(one)
            key = {"pk": f"STATS#{day:%Y-%m}", "sk": f"ACCOUNTS#{day}#{part:04d}"}
            self.rows.put({**key, "accounts": ids})
        self.rows.put({"pk": _ENGAGED[0], "sk": _ENGAGED[1], "day": day.isoformat()})

    def engaged(self, first: date, last: date) -> dict[date, Engagement]:
        found: dict[date, dict[str, list[str]]] = {}
        ahead = range((last - first).days + 1)
        for month in sorted({f"{first + timedelta(days=n):%Y-%m}" for n in ahead}):
            rows = self.rows.query(
                "pk = :month AND sk BETWEEN :first AND :last",
                {
                    ":month": f"STATS#{month}",
                    ":first": f"ACCOUNTS#{first}",
                    ":last": f"ACCOUNTS#{last}~",
                },
            )
            for row in rows:
                of_day = found.setdefault(date.fromisoformat(row["sk"].split("#")[1]), {})
                for kind, ids in row["accounts"].items():
                    of_day.setdefault(kind, []).extend(ids)
        return {day: Engagement.model_validate(ids) for day, ids in found.items()}

    def finished_until(self) -> date | None:
        return self._last(_FINISHED)

    def _last(self, key: Key) -> date | None:
        row = self.rows.get(key)
        return date.fromisoformat(row["day"]) if row else None

    def finish(self, day: date, figures: Business) -> None:
        kept = figures.model_dump(mode="json")
        self.rows.put({"pk": f"STATS#{day:%Y-%m}", "sk": f"DAY#{day}", "figures": kept})
        self.rows.put({"pk": _FINISHED[0], "sk": _FINISHED[1], "day": day.isoformat()})

    def finished(self, month: str) -> list[tuple[date, Business]]:
        rows = self.rows.query(
            "pk = :month AND begins_with(sk, :day)", {":month": f"STATS#{month}", ":day": "DAY#"}
        )
        return [
            (
                date.fromisoformat(row["sk"].removeprefix("DAY#")),
                Business.model_validate(row["figures"]),
            )
            for row in rows
        ]

    def _of_day(self, key: str) -> Iterator[Row]:
        return self.rows.query("gsi2pk = :key", {":key": key}, index="gsi2")
