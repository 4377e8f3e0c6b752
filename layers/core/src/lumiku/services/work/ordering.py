"""Taking an order in, whatever it is for: read, price, admit, charge.

An order's id follows from the customer's idempotency key, so a repetition finds what the first one
made, whichever of them came first: it is charged once and counts once against the limit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumiku.domain import errors
from lumiku.domain.connected.grants import CapReached, Grant, Spending
from lumiku.domain.money.ledger import month
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.pockets import taken
from lumiku.domain.money.quotas import Payment, covering_plan, quota_day, quota_exceeded
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import REFUSED, Limit, Pace
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.ordered import Integration
from lumiku.domain.work.trials import as_trial
from lumiku.domain.work.workflows import check
from lumiku.services.clock import Clock
from lumiku.services.money.credits import current
from lumiku.services.money.ports import Wallets
from lumiku.services.people.admission import admit, admit_order, give_back_order
from lumiku.services.people.ports import Paces
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    Insert,
    ItemChanged,
    PocketsMoved,
    Post,
    QuotaTaken,
    ReserveQuota,
    Spend,
    Transactions,
)

TRIES = 20
"""Each that fails is another order of the account that went through."""


@dataclass(frozen=True, slots=True)
class Order[T: (Job, Group)]:
    """What is asked for: `photos` of one product of `app`, as one job or one group.

    `draft` makes it, at its price in credits, for whoever has that wallet. `prepare` is called
    before the charge, with what is about to be paid for; it may be repeated. `changes` are what
    happens in the transaction of the charge as well.
    """

    kind: type[T]
    id: str
    app: str
    request_hash: str
    limit: Limit
    photos: int
    payment: Payment
    draft: Callable[[Wallet, datetime], T]
    expected_credits: int | None = None
    prepare: Callable[[T], None] = lambda _: None
    changes: Callable[[T], Sequence[Change]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class Placed[T: (Job, Group)]:
    """An order that is paid for; `balance` is what the account has left.

    `pace` is None for a replay, which counts against no limit.
    """

    order: T
    balance: int
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Ordering:
    """The one way in which orders are taken in."""

    wallets: Wallets
    paces: Paces
    transactions: Transactions
    clock: Clock

    def place[T: (Job, Group)](self, caller: Caller, order: Order[T]) -> Placed[T]:
        """Charge for the order, or find what an earlier request with its id made.

        A twin of a request that is not through yet may get `TooManyRequests`, as a new one would.
        Refused with `TooManyRequests`, `PriceChanged`, `InsufficientCredits`,
        `IdempotencyKeyReused` (also when what the key made is long gone) or, when a plan shall
        pay, with `NoSubscription`, `ProductNotInPlan` or `QuotaExceeded`. `ItemChanged` as the
        order's own changes say. What an app orders is paid in credits, which its grant bounds:
        `CapReached`, or `NotConnected` if the grant was revoked meanwhile.

        Only what is accepted counts against the order's limit. What is refused counts against
        `REFUSED`, and gets `TooManyRequests` in place of its own refusal once that is used up.
        """
        now = self.clock()
        try:
            return self._place(caller, order, now)
        except (errors.TooManyRequests, errors.Busy):
            raise
        except errors.Refusal:
            admit(self.paces, caller.account, REFUSED, now)
            raise

    def _place[T: (Job, Group)](self, caller: Caller, order: Order[T], now: datetime) -> Placed[T]:
        found, wallet = self._standing(caller, order, now)
        if found is None:
            try:
                return self._take_in(caller, order, wallet, now)
            except (AlreadyDone, errors.TooManyRequests) as refused:
                found, wallet = self._standing(caller, order, now)
                if found is None and isinstance(refused, errors.TooManyRequests):
                    raise
        if found is None or found.request_hash != order.request_hash:
            raise errors.IdempotencyKeyReused
        return Placed(found, wallet.account.spendable(now), None)

    def _standing[T: (Job, Group)](
        self, caller: Caller, order: Order[T], now: datetime
    ) -> tuple[T | None, Wallet]:
        return self.wallets.standing(
            caller.account, app=order.app, day=quota_day(now), kind=order.kind, order_id=order.id
        )

    def _take_in[T: (Job, Group)](
        self, caller: Caller, order: Order[T], wallet: Wallet, now: datetime
    ) -> Placed[T]:
        account = current(self.transactions, caller.account, wallet.account, now)
        wallet = replace(wallet, account=account)
        draft = order.draft(wallet, now).model_copy(update={"actor": caller.deputy})
        if caller.grant is not None:
            order, draft = _granted(order, draft, caller.grant)
        if caller.is_test:
            draft = as_trial(draft)
        check(draft.workflow)
        _priced(order, draft, wallet)  # what is refused here has written nothing
        limit = account.limit(order.limit)
        pace = admit_order(self.paces, caller, limit, now, photos=order.photos)
        try:
            paid, left = self._charge(order, draft, wallet)
        except (AlreadyDone, ItemChanged, errors.Refusal):
            give_back_order(self.paces, caller, limit, photos=order.photos)
            raise
        return Placed(paid, left, pace)

    def _charge[T: (Job, Group)](
        self, order: Order[T], draft: T, wallet: Wallet, tries: int = TRIES
    ) -> tuple[T, int]:
        """Insert the order and take its price in one transaction.

        Answers it as it was paid for, and the credits that are left. Quota that somebody takes
        meanwhile counts as none left; pockets that moved are split anew.
        """
        paid, plan = _priced(order, draft, wallet)
        order.prepare(paid)
        also: Sequence[Change] = order.changes(paid)
        charge: list[Change] = [] if paid.is_free else [Post(paid.charge())]
        changes: list[Change] = [Insert(paid), *charge, *also]
        if plan is not None and paid.reservation is not None:
            changes.append(ReserveQuota(paid.reservation, plan))
        try:
            self.transactions.commit(*changes)
        except QuotaTaken:
            if order.payment is Payment.SUBSCRIPTION:
                raise quota_exceeded(0, order.photos, draft.created_at) from None
            return self._charge(replace(order, payment=Payment.CREDITS), draft, wallet)
        except PocketsMoved as moved:
            if tries == 1:
                raise errors.Busy from None
            return self._charge(order, draft, replace(wallet, account=moved.account), tries - 1)
        return paid, wallet.account.spendable(draft.created_at) - paid.price


def _granted[T: (Job, Group)](order: Order[T], draft: T, grant: Grant) -> tuple[Order[T], T]:
    """The order as an app places it by a grant."""
    now = month(draft.created_at)
    if grant.left(now) < draft.price:
        raise CapReached(grant, needed=draft.price, month=now)
    about = draft.integration or Integration(app=grant.app)
    granted = draft.model_copy(
        update={"integration": about.model_copy(update={"is_granted": True})}
    )

    def changes(paid: T) -> list[Change]:
        also: list[Change] = list(order.changes(paid))
        counted: Spending | None = paid.spending(paid.price)
        return also if counted is None else [*also, Spend(counted, grant)]

    return replace(order, payment=Payment.CREDITS, changes=changes), granted


def _priced[T: (Job, Group)](order: Order[T], draft: T, wallet: Wallet) -> tuple[T, Plan | None]:
    """The order at what it takes from the wallet now, or the refusal that it meets.

    On a plan it costs 0 credits and its photos of the day's quota.
    """
    if draft.is_free:
        return draft, None
    now, account = draft.created_at, wallet.account
    plan = covering_plan(
        wallet.subscription,
        wallet.usage,
        payment=order.payment,
        product=draft.product,
        photos=order.photos,
        now=now,
    )
    on_plan = {"price": 0, "pricing_type": "subscription", "quota_day": quota_day(now)}
    split = {"granted": taken(account.granted, draft.price, now) or None}
    paid = draft.model_copy(update=on_plan if plan is not None else split)
    if order.expected_credits not in {None, paid.price}:
        raise errors.PriceChanged(expected=order.expected_credits or 0, price=paid.price)
    if account.spendable(now) < paid.price:
        raise errors.InsufficientCredits(needed=paid.price, available=account.spendable(now))
    return paid, plan
