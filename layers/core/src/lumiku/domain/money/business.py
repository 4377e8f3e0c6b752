"""How the service does as a business: what was sold, given away, used, and what it cost to make."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest

from pydantic import AliasChoices, BaseModel, Field

from lumiku.domain.money.invoices import Purpose
from lumiku.domain.money.ledger import IDR_PER_CREDIT, Entry, EntryKind
from lumiku.domain.money.products import Parts, Product, shared
from lumiku.domain.money.statistics import Figures, Use

USERS_A_DAY = 1_000
"""How many users a finished day keeps apart: those who used most."""


@dataclass(frozen=True, slots=True)
class Made:
    """A photo that was completed: what it was worth in credits, and what it cost to make.

    `parts` is what its price was made of, where it was more than one thing; `billed` what of the
    cost a provider bills for one of them.
    """

    product: str
    entry: str
    credits: int
    microusd: int
    parts: Parts = field(default_factory=dict)
    billed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Income:
    """Rupiah that came in with one payment; whose and for which app was not always told."""

    purpose: Purpose
    idr: int
    user_id: str = ""
    app: str = ""


class Produced(BaseModel, frozen=True, defer_build=True):
    """Photos that were completed in one way, what they were worth and what they cost."""

    photos: int = 0
    credits: int = 0
    microusd: int = 0

    def __add__(self, other: "Produced") -> "Produced":
        return Produced(
            photos=self.photos + other.photos,
            credits=self.credits + other.credits,
            microusd=self.microusd + other.microusd,
        )


class Business(BaseModel):
    """Figures of some time. A refund counts on the day on which it is given.

    `microusd` is what photos cost that were completed, by product too; `routes` has the same photos
    by the entry that made them, and `parts` those of them that have parts, by these: worth and cost
    are shared among the parts of a photo. `credits_in` are credits by the kind of entry that
    brought them.
    """

    products: dict[Product, Figures] = Field({}, validation_alias=AliasChoices("products", "tiers"))
    microusd: dict[Product, int] = {}
    routes: dict[str, Produced] = {}
    parts: dict[str, Produced] = {}
    receipts_idr: dict[Purpose, int] = {}
    credits_in: dict[EntryKind, int] = {}
    users: dict[str, Use] = {}

    def __add__(self, other: "Business") -> "Business":
        return Business(
            products=_joined(self.products, other.products, Figures()),
            microusd=_joined(self.microusd, other.microusd, 0),
            routes=_joined(self.routes, other.routes, Produced()),
            parts=_joined(self.parts, other.parts, Produced()),
            receipts_idr=_joined(self.receipts_idr, other.receipts_idr, 0),
            credits_in=_joined(self.credits_in, other.credits_in, 0),
            users=_joined(self.users, other.users, Use()),
        )

    @property
    def revenue_idr(self) -> int:
        """All rupiah that came in."""
        return sum(self.receipts_idr.values())

    @property
    def total(self) -> Figures:
        """All products."""
        return sum(self.products.values(), Figures())

    def value_idr(self, product: str) -> int:
        """What the credits that were used for a product cost without any discount on credits."""
        figures = self.products.get(product, Figures())
        return figures.credits_used * IDR_PER_CREDIT

    def top_users(self, count: int) -> list[tuple[str, Use]]:
        """Those who used most credits, then most photos."""

        def most(item: tuple[str, Use]) -> tuple[int, int, str]:
            user_id, use = item
            return use.credits, use.photos, user_id

        return nlargest(count, self.users.items(), key=most)

    def abridged(self) -> "Business":
        """The same, with at most `USERS_A_DAY` users."""
        return self.model_copy(update={"users": dict(self.top_users(USERS_A_DAY))})


def business(entries: Iterable[Entry], incomes: Iterable[Income], made: Iterable[Made]) -> Business:
    """Figures of one day from its ledger entries, payments and completed photos."""
    products: dict[str, Figures] = defaultdict(Figures)
    credits_in: dict[EntryKind, int] = defaultdict(int)
    users: dict[str, Use] = defaultdict(Use)
    for entry in entries:
        if entry.product is None:
            credits_in[entry.kind] += entry.amount
            continue
        sign = -1 if entry.kind is EntryKind.REFUND else 1
        figures = products[entry.product]
        if sign > 0:
            figures.photos += entry.photos
        else:
            figures.give_back(entry)
            figures.credits_refunded += entry.amount
        figures.credits_used -= entry.amount
        figures.quota_used += sign * entry.photos if entry.on_plan else 0
        users[entry.user_id] += Use(photos=sign * entry.photos, credits=-entry.amount)
    microusd: dict[str, int] = defaultdict(int)
    routes: dict[str, Produced] = defaultdict(Produced)
    parts: dict[str, Produced] = defaultdict(Produced)
    for photo in made:
        microusd[photo.product] += photo.microusd
        routes[photo.entry] += Produced(photos=1, credits=photo.credits, microusd=photo.microusd)
        worth = shared(photo.credits, photo.parts)
        cost = shared(photo.microusd - sum(photo.billed.values()), photo.parts)
        for name in photo.parts:
            microusd_of_part = cost[name] + photo.billed.get(name, 0)
            parts[name] += Produced(photos=1, credits=worth[name], microusd=microusd_of_part)
    receipts_idr: dict[Purpose, int] = defaultdict(int)
    for income in incomes:
        receipts_idr[income.purpose] += income.idr
    return Business(
        products=dict(products),
        microusd=dict(microusd),
        routes=dict(routes),
        parts=dict(parts),
        receipts_idr=dict(receipts_idr),
        credits_in=dict(credits_in),
        users=dict(users),
    )


def _joined[K, V: (int, Figures, Produced, Use)](
    one: Mapping[K, V], other: Mapping[K, V], nothing: V
) -> dict[K, V]:
    return {key: one.get(key, nothing) + other.get(key, nothing) for key in one | other}  # type: ignore[operator]
