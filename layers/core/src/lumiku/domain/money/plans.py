"""Subscription plans: what a month of one costs and what it takes in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly plan of one app: so many photos a UTC day, of these products.

    `product_quotas` holds the products of which only a part of the daily quota may be used.
    """

    name: str
    monthly_idr: int
    daily_quota: int
    products: tuple[str, ...]
    product_quotas: Mapping[str, int]
    has_priority: bool

    def quota(self, product: str) -> int:
        """Photos of `product` that may be used a day; 0 if the plan does not have it."""
        if product not in self.products:
            return 0
        return self.product_quotas.get(product, self.daily_quota)


type Plans = Mapping[str, Plan]
"""All plans of an app by their names, the cheapest first."""
type Catalogue = Mapping[str, Plans]
"""The plans of every app."""
