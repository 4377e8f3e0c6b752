"""What a background removal costs. Whole credits and whole rupiah only; nothing is rounded twice.

The price table and the volume bands are those of the product's price list.
"""

from dataclasses import dataclass
from enum import StrEnum

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.ledger import IDR_PER_CREDIT
from lumiku.domain.money.products import own_name
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group

APP = "background-remover"
MIN_BATCH, MAX_BATCH = 2, 5000


class Tier(StrEnum):
    """Quality of a background removal, from the cheapest to the best."""

    BASIC = "basic"
    STANDARD = "standard"
    PROFESSIONAL = "professional"
    INDUSTRY = "industry"

    @property
    def product(self) -> str:
        """What the platform knows it by."""
        return f"remover/{self}"

    @classmethod
    def of(cls, product: str) -> "Tier":
        """The tier of a product of the remover; `ValueError` for any other."""
        return cls(own_name(product))


CREDITS_PER_PHOTO = {Tier.BASIC: 3, Tier.STANDARD: 8, Tier.PROFESSIONAL: 15, Tier.INDUSTRY: 25}

# (photos from, percent off), the largest first.
VOLUME_DISCOUNTS = ((201, 20), (101, 15), (51, 10), (20, 5), (1, 0))


@dataclass(frozen=True, slots=True)
class Price:
    """What `photos` photos of one tier cost together."""

    tier: Tier
    photos: int
    base_per_photo: int
    base_total: int
    discount_percent: int
    discount: int
    total: int

    @property
    def idr(self) -> int:
        """The total in rupiah, at the price of a credit without any plan."""
        return self.total * IDR_PER_CREDIT

    @property
    def hundredths_per_photo(self) -> int:
        """Hundredths of a credit that one photo costs, half a hundredth rounded up; for display."""
        return (self.total * 200 + self.photos) // (2 * self.photos)


def price(tier: Tier, photos: int) -> Price:
    """Price of 1 to 5,000 photos; `InvalidRequest` for any other number."""
    if not 1 <= photos <= MAX_BATCH:
        raise InvalidRequest(
            Text(
                f"{photos} photos cannot be ordered at once; 1 to {MAX_BATCH} can.",
                f"{photos} foto tidak dapat dipesan sekaligus; 1 sampai {MAX_BATCH} dapat.",
            ),
            photos=photos,
            allowed={"min": 1, "max": MAX_BATCH},
        )
    base = CREDITS_PER_PHOTO[tier]
    percent = next(percent for least, percent in VOLUME_DISCOUNTS if photos >= least)
    discount = base * photos * percent // 100
    return Price(
        tier=tier,
        photos=photos,
        base_per_photo=base,
        base_total=base * photos,
        discount_percent=percent,
        discount=discount,
        total=base * photos - discount,
    )


def worth(group: Group, received: int) -> int:
    """What so many received photos of a batch cost."""
    return price(Tier.of(group.product), received).total
