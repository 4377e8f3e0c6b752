"""Days of the business: `STATS#<yyyy-mm> / DAY#<day>`, and `STATS#FINISHED / DAY`, the last one."""

from collections.abc import Iterator
from datetime import date

from lumiku.adapters.money import accounts, invoices
from lumiku.adapters.rows import Row, Table
from lumiku.adapters.work import made
from lumiku.domain.money.business import Business, Income, Made
from lumiku.domain.money.ledger import Entry
from lumiku.services.money.ports import DayBook

_FINISHED = "STATS#FINISHED", "DAY"


class BusinessTable(Table, DayBook):
    """What happened on a day, and what finished days added up to."""

    def entries(self, day: date) -> Iterator[Entry]:
        return map(accounts.read_day_place, self._of_day(accounts.day_key(day)))

    def incomes(self, day: date) -> Iterator[Income]:
        return map(invoices.read_day_place, self._of_day(invoices.day_key(day)))

    def made(self, day: date) -> Iterator[Made]:
        return map(made.read_place, self._of_day(made.day_key(day)))

    def finished_until(self) -> date | None:
        row = self.rows.get(_FINISHED)
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
