"""What was ordered and what it cost, added up from ledger entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

from pydantic import BaseModel

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.ledger import Entry, EntryKind, month
from lumiku.domain.money.products import shared
from lumiku.domain.texts import Text


class Use(BaseModel, frozen=True, defer_build=True):
    """What was ordered, less what was given back."""

    photos: int = 0
    credits: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(photos=self.photos + other.photos, credits=self.credits + other.credits)


@dataclass(slots=True)
class Figures:
    """Photos that were ordered in some time, and what became of them since.

    What was given back `failed`, was `cancelled` or `never_sent`; `credits_used` and `quota_used`
    are what the others cost.
    """

    photos: int = 0
    failed: int = 0
    cancelled: int = 0
    never_sent: int = 0
    credits_used: int = 0
    credits_refunded: int = 0
    quota_used: int = 0

    @property
    def tried(self) -> int:
        """Photos that were neither cancelled nor never sent; those on their way are among them."""
        return self.photos - self.cancelled - self.never_sent

    @property
    def success_permille(self) -> int | None:
        """Photos that did not fail, of 1,000 that were tried, rounded down; None without any."""
        return (self.tried - self.failed) * 1000 // self.tried if self.tried > 0 else None

    def give_back(self, refund: Entry) -> None:
        """Count the photos of a refund by what became of them."""
        self.cancelled += refund.cancelled
        self.never_sent += refund.never_sent
        self.failed += refund.photos - refund.cancelled - refund.never_sent

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of one app by month and product; use by month and part, of orders that have parts.

    `is_complete` is False when the oldest entries were left out.
    """

    months: dict[str, dict[str, Figures]]
    parts: dict[str, dict[str, Use]] = field(default_factory=dict)
    is_complete: bool = True

    def of_month(self, month: str) -> Figures:
        """All products of a month."""
        return sum(self.months.get(month, {}).values(), Figures())

    def of_product(self, product: str) -> Figures:
        """All months of a product."""
        return sum((of[product] for of in self.months.values() if product in of), Figures())

    @property
    def total(self) -> Figures:
        """Everything."""
        return sum((self.of_month(month) for month in self.months), Figures())


@dataclass(slots=True)
class _Tally:
    months: dict[str, dict[str, Figures]] = field(default_factory=dict)
    parts: dict[str, dict[str, Use]] = field(default_factory=dict)
    charged: dict[str, str] = field(default_factory=dict)

    def add(self, entry: Entry, product: str) -> None:
        sign = -1 if entry.kind is EntryKind.REFUND else 1
        if sign > 0:
            self.charged[entry.reference] = month(entry.at)
        elif entry.reference not in self.charged:
            return
        of = self.charged[entry.reference]
        figures = self.months.setdefault(of, defaultdict(Figures))[product]
        if sign > 0:
            figures.photos += entry.photos
        else:
            figures.give_back(entry)
            figures.credits_refunded += entry.amount
        figures.credits_used -= entry.amount
        figures.quota_used += sign * entry.photos if entry.on_plan else 0
        used = self.parts.setdefault(of, defaultdict(Use))
        for name, credits in shared(abs(entry.amount), entry.parts or {}).items():
            used[name] += Use(photos=sign * entry.photos, credits=sign * credits)


def add_up(
    entries: Iterable[Entry], months: Iterable[str], *, app: str, is_complete: bool = True
) -> Statistics:
    """Statistics of an app in `months` from entries in any order.

    What is given back counts in the month in which it was charged. Entries of other months, and
    refunds whose charge is not among the entries, count nowhere.
    """
    tally = _Tally()
    # At the same millisecond a charge is before its refund.
    for entry in sorted(entries, key=lambda e: (e.at, e.kind is EntryKind.REFUND)):
        if entry.app == app and entry.product is not None:
            tally.add(entry, entry.product)
    found, parts = {}, {}
    for name in months:
        found[name], parts[name] = dict(tally.months.get(name, {})), dict(tally.parts.get(name, {}))
    return Statistics(found, parts, is_complete)


def month_start(name: str) -> datetime:
    """The first moment of a month like `2026-01`; ValueError if it is none."""
    return datetime.strptime(name, "%Y-%m").replace(tzinfo=UTC)


def begun_month(name: str, now: datetime) -> datetime:
    """The same of a month that has begun; `InvalidRequest` for one that is none or has not."""
    try:
        start = month_start(name)
    except ValueError:
        raise InvalidRequest(
            Text(f"There is no month {name}.", f"Tidak ada bulan {name}.")
        ) from None
    if start > now:
        raise InvalidRequest(
            Text(f"The month {name} has not begun.", f"Bulan {name} belum dimulai.")
        )
    return start


def months_until(last: str, count: int) -> list[str]:
    """`count` months up to `last`, oldest first."""
    start = month_start(last)
    months = start.year * 12 + start.month - 1
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(months - count + 1, months + 1)]
