"""Telling a price before anything is ordered."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.remover import prices as pricing
from lumiku.apps.remover.prices import APP, Price, Tier
from lumiku.apps.remover.quotes import Cover, PlanValue, cover, credits_due, plan_values
from lumiku.domain.money.ledger import free_credits_due
from lumiku.domain.money.quotas import Payment, quota_day, resets_at
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets


@dataclass(frozen=True, slots=True)
class Intent:
    """Photos of one tier that somebody thinks of sending at once, so many a month."""

    tier: Tier
    photos: int
    payment: Payment = Payment.AUTO
    photos_a_month: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order costs. `credits` is what it would take now, None if it would be refused."""

    price: Price
    cover: Cover
    credits: int | None
    balance: int
    resets_at: datetime
    plans: list[PlanValue]


@dataclass(frozen=True, slots=True)
class Pricing:
    """The use case of POST /pricing/calculate; it changes nothing."""

    wallets: Wallets
    clock: Clock

    def quote(self, caller: Caller, order: Intent) -> Quote:
        """Price the order as a submission of this moment would; `InvalidRequest` beyond 1-500."""
        price = pricing.price(order.tier, order.photos)
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        covered = cover(
            wallet.subscription, wallet.usage, tier=order.tier, photos=order.photos, now=now
        )
        return Quote(
            price=price,
            cover=covered,
            credits=credits_due(price, covered, order.payment),
            balance=wallet.account.balance + free_credits_due(wallet.account.free_month, now),
            resets_at=resets_at(now),
            plans=plan_values(price, order.photos_a_month),
        )
