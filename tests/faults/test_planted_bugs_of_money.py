"""The state machine of money must catch these bugs, or it is worth nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP
from lumiku.domain.money import pockets
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.pockets import Lots, given_back
from lumiku.domain.money.quotas import Reservation, quota_day
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.work import ordered
from lumiku.domain.work.jobs import GAVE_UP, Status
from lumiku.services.money.payments import Payments
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    EndJob,
    Post,
    ReleaseQuota,
    SaveSubscription,
)
from lumiku.services.work.settlement import Settled, Settlement, Wait
from tests.fakes import FakeStore
from tests.faults.machine import assert_caught, run_briefly
from tests.faults.stores import fake_world
from tests.faults.test_money import Money
from tests.faults.world import USER, World


class RefundsTwice(Settlement):
    """Planted bug: the refund's id does not follow from the job."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is not None and job.status is Status.FAILED:
            refund = job.refund(GAVE_UP, self.clock())
            again = refund.model_copy(update={"reference": f"{job.id}-again"})
            with suppress(AlreadyDone):
                self.transactions.commit(Post(again))
        return super().settle(job_id)


class ChargesWithoutAnEntry(FakeStore):
    """Planted bug: the balance moves and the ledger does not know."""

    def _apply(self, change: Change) -> None:
        super()._apply(change)
        if isinstance(change, Post) and change.entry.kind is EntryKind.CHARGE:
            del self.entries[change.entry.user_id, change.entry.id]


class ReleasesToToday(Settlement):
    """Planted bug: quota goes back to the day of the failure, not of the order."""

    def settle(self, job_id: str) -> Settled | Wait:
        job, now = self.jobs.get(job_id), self.clock()
        if job is None or job.status.is_over or job.reservation is None:
            return super().settle(job_id)
        today = Reservation(USER, APP, quota_day(now), job.product, 1)
        ending = EndJob(job, Status.FAILED, GAVE_UP, now), Post(job.refund(GAVE_UP, now))
        try:
            self.transactions.commit(*ending, ReleaseQuota(today))
        except AlreadyDone:  # nothing was taken today
            self.transactions.commit(*ending)
        return Settled(Status.FAILED)


class TakesForPro(FakeStore):
    """Planted bug: every plan is taken for the best one."""

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        wallet = super().wallet(user_id, app=app, day=day)
        if wallet.subscription is None:
            return wallet
        pro = wallet.subscription.model_copy(update={"plan": PLANS[PlanName.PRO]})
        return replace(wallet, subscription=pro)


class UpgradesForEver(Payments):
    """Planted bug: an upgrade is had whenever it is paid for."""

    def _effect(self, invoice: Invoice, now: datetime) -> list[Change]:
        subscription = self.subscriptions.subscription(USER, APP)
        is_ours = invoice.app == APP and invoice.purpose is Purpose.UPGRADE
        if is_ours and subscription and invoice.plan_name:
            return [SaveSubscription(subscription.upgraded(PLANS[invoice.plan_name]))]
        return super()._effect(invoice, now)


class GivesNothing(Payments):
    """Planted bug: a plan that was paid for when another one runs is money for nothing."""

    def _effect(self, invoice: Invoice, now: datetime) -> list[Change]:
        match super()._effect(invoice, now):
            case [Post(entry)] if invoice.plan_name:
                return [Post(entry.model_copy(update={"amount": 0}))]
            case effect:
                return effect


@contextmanager
def expired_credits_are_spent() -> Iterator[World]:
    """Planted bug: granted credits never expire."""
    with patch.object(pockets, "iso", lambda _: ""), fake_world() as world:
        yield world


@contextmanager
def refunds_are_bought_credits() -> Iterator[World]:
    """Planted bug: what comes back stays, whichever pocket paid."""
    with patch.object(ordered, "given_back", lambda *_, **__: {}), fake_world() as world:
        yield world


@contextmanager
def all_is_granted_anew() -> Iterator[World]:
    """Planted bug: what the customer gave up is granted anew, as if the service had failed."""

    def generous(paid: Lots, price: int, *, refund: int, ours: int, now: datetime) -> Lots:
        return given_back(paid, price, refund=refund, ours=refund, now=now)

    with patch.object(ordered, "given_back", generous), fake_world() as world:
        yield world


@pytest.mark.parametrize(
    ("bug", "known"),
    [
        (expired_credits_are_spent, 1),
        (refunds_are_bought_credits, 0),
        (all_is_granted_anew, 30),
        (lambda: fake_world(settlement_class=RefundsTwice), 0),
        (lambda: fake_world(rows=ChargesWithoutAnEntry()), 0),
        (lambda: fake_world(settlement_class=ReleasesToToday), 1),
        (lambda: fake_world(rows=TakesForPro()), 0),
        (lambda: fake_world(payments_class=UpgradesForEver), 22),
        (lambda: fake_world(payments_class=GivesNothing), 22),
    ],
    ids=[
        "expired credits spent",
        "refund into the wrong pocket",
        "all granted anew",
        "refund twice",
        "charge without entry",
        "release to today",
        "quota of another plan",
        "upgrade for ever",
        "money for nothing",
    ],
)
def test_bugs_of_money_are_caught(bug: Callable[..., Any], known: int) -> None:
    assert_caught(partial(run_briefly, Money, bug), known)
