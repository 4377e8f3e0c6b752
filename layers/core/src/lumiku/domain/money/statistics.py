"""What was ordered and what it cost, added up from ledger entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

from lumiku.domain.money.ledger import Entry, EntryKind, month


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
    """Figures of one app by month and product.

    `is_complete` is False when the oldest entries were left out.
    """

    months: dict[str, dict[str, Figures]]
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
    charged: dict[str, Figures] = field(default_factory=dict)

    def add(self, entry: Entry, product: str) -> None:
        if entry.kind is EntryKind.CHARGE:
            figures = self.months.setdefault(month(entry.at), defaultdict(Figures))[product]
            self.charged[entry.reference] = figures
            figures.photos += entry.photos
            figures.credits_used -= entry.amount
            figures.quota_used += entry.photos if entry.on_plan else 0
        elif entry.kind is EntryKind.REFUND and entry.reference in self.charged:
            figures = self.charged[entry.reference]
            figures.give_back(entry)
            figures.credits_used -= entry.amount
            figures.credits_refunded += entry.amount
            figures.quota_used -= entry.photos if entry.on_plan else 0


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
    found = {name: dict(tally.months.get(name, {})) for name in months}
    return Statistics(found, is_complete)


def month_start(name: str) -> datetime:
    """The first moment of a month like `2026-01`; ValueError if it is none."""
    return datetime.strptime(name, "%Y-%m").replace(tzinfo=UTC)


def months_until(last: str, count: int) -> list[str]:
    """`count` months up to `last`, oldest first."""
    start = month_start(last)
    months = start.year * 12 + start.month - 1
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(months - count + 1, months + 1)]
