"""What an account did in an app, order by order: the ledger is the record of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry, month
from lumiku.domain.money.products import own_name
from lumiku.domain.money.statistics import begun_month
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Ledger
from lumiku.services.work.listing import Page, at_once, page, place_of


@dataclass(frozen=True, slots=True)
class Usages:
    """The use case of GET /usage of one app."""

    app: str
    ledger: Ledger
    clock: Clock

    def page(
        self, caller: Caller, name: str | None, *, of: str | None, limit: int, cursor: str | None
    ) -> Page[Entry]:
        """What was charged and given back in a month, this one by default, newest first.

        With `of` only what is of that product, by its own name, or has such a part.
        `InvalidRequest` for a month that is none or has not begun.
        """
        now = self.clock()
        start = begun_month(name or month(now), now)
        first, end = iso(start), iso((start + timedelta(days=32)).replace(day=1))
        found = self.ledger.newest_entries(
            caller.account,
            before=min(place_of(cursor) or end, end),
            at_once=at_once(limit, is_filtered=True),
        )
        of_month = takewhile(lambda entry: entry.place >= first, found)
        return page(((entry.place, entry) for entry in of_month), self._is_of(of), limit=limit)

    def _is_of(self, name: str | None) -> Callable[[Entry], bool]:
        def wanted(entry: Entry) -> bool:
            if entry.app != self.app or entry.product is None:
                return False
            parts = {part.partition(":")[0] for part in entry.parts or {}}
            return name is None or name in {own_name(entry.product), *parts}

        return wanted
