"""Paying for an order: by the plan if it covers the order whole, else with credits."""

from collections.abc import Callable

from lumiku.domain.errors import InsufficientCredits, PriceChanged
from lumiku.domain.money.quotas import Payment, covering_plan, quota_day, quota_exceeded
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.services.money.wallets import Wallet
from lumiku.services.transactions import Change, Post, QuotaTaken, ReserveQuota, Transactions


def place[T: (Job, Group)](
    transactions: Transactions,
    wallet: Wallet,
    draft: T,
    insert: Callable[[T], Change],
    *,
    photos: int,
    payment: Payment,
    balance: int,
    expected_credits: int | None = None,
) -> T:
    """Insert `draft` and take its price, in one transaction; answers it as it was paid for.

    The price of a draft is what it costs in credits; on a plan it costs 0 and `photos` of the
    day's quota. Quota that somebody takes meanwhile counts as none left. Refused with
    `PriceChanged`, `InsufficientCredits` or what `covering_plan` says; `AlreadyDone` if the order
    is there.
    """
    now = draft.created_at
    plan = covering_plan(
        wallet.subscription,
        wallet.usage,
        payment=payment,
        tier=draft.tier,
        photos=photos,
        now=now,
    )
    on_plan = {"price": 0, "pricing_type": "subscription", "quota_day": quota_day(now)}
    order = draft.model_copy(update=on_plan if plan is not None else {})
    if expected_credits not in {None, order.price}:
        raise PriceChanged(expected=expected_credits or 0, price=order.price)
    if balance < order.price:
        raise InsufficientCredits(needed=order.price, available=balance)
    changes: list[Change] = [insert(order), Post(order.charge())]
    if plan is not None and order.reservation is not None:
        changes.append(ReserveQuota(order.reservation, plan))
    try:
        transactions.commit(*changes)
    except QuotaTaken:
        if payment is Payment.SUBSCRIPTION:
            raise quota_exceeded(0, photos, now) from None
        return place(
            transactions,
            wallet,
            draft,
            insert,
            photos=photos,
            payment=Payment.CREDITS,
            balance=balance,
            expected_credits=expected_credits,
        )
    return order
