"""Subscription plans: what a month of one costs and what it takes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lumiku.domain.money.ledger import IDR_PER_CREDIT


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly plan of one app: so many photos a UTC day, of these products, and so many credits.

    `product_quotas` holds the products of which only a part of the daily quota may be used.
    `monthly_credits` come with each period that is paid for and expire with it; what further ones
    cost is `idr_per_credit`.
    """

    name: str
    monthly_idr: int
    daily_quota: int = 0
    products: tuple[str, ...] = ()
    product_quotas: Mapping[str, int] = field(default_factory=dict)
    has_priority: bool = False
    monthly_credits: int = 0
    idr_per_credit: int = IDR_PER_CREDIT

    def quota(self, product: str) -> int:
        """Photos of `product` that may be used a day; 0 if the plan does not have it."""
        if product not in self.products:
            return 0
        return self.product_quotas.get(product, self.daily_quota)


type Plans = Mapping[str, Plan]
"""All plans of an app by their names, the cheapest first."""
type Catalogue = Mapping[str, Plans]
"""The plans of every app."""
