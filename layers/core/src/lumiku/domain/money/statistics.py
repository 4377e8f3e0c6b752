"""What was ordered and what it cost, added up from ledger entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lumiku.domain.money.ledger import Entry, EntryKind, month


@dataclass(slots=True)
class Figures:
    """Photos that were ordered in some time, and what became of them since.

    `failed` ones were given back; `credits_used` and `quota_used` are what the others cost.
    """

    photos: int = 0
    failed: int = 0
    credits_used: int = 0
    credits_refunded: int = 0
    quota_used: int = 0

    @property
    def success_permille(self) -> int | None:
        """Photos that did not fail, of 1,000, rounded down; None without photos."""
        return (self.photos - self.failed) * 1000 // self.photos if self.photos else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.photos + other.photos,
            self.failed + other.failed,
            self.credits_used + other.credits_used,
            self.credits_refunded + other.credits_refunded,
            self.quota_used + other.quota_used,
        )


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
            figures.failed += entry.photos
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
