"""Any order of submits, failures, payments, notifications, renewals, cancellations and days."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lumiku.domain.errors import ForgedNotification, Refusal
from lumiku.domain.invoices import InvoiceStatus, Purpose
from lumiku.domain.jobs import GAVE_UP, Job, Status
from lumiku.domain.ledger import EntryKind
from lumiku.domain.plans import PLANS, REMOVER, Plan, PlanName
from lumiku.domain.pricing import Tier
from lumiku.domain.quotas import Payment, Reservation, quota_day
from lumiku.services.settlement import Settled, Settlement, Wait
from lumiku.services.transactions import AlreadyDone, Change, CloseJob, Post, ReleaseQuota
from tests.fakes import FakeStore
from tests.faults.machine import run
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import USER, World

DAY_S = 86_400


def small(name: PlanName, quota: int, tiers: tuple[Tier, ...], of_professional: int) -> Plan:
    """A plan whose quota a short test can use up."""
    return Plan(
        name, PLANS[name].monthly_idr, quota, tiers, {Tier.PROFESSIONAL: of_professional}, False
    )


SMALL = {
    PlanName.STARTER: small(PlanName.STARTER, 2, (Tier.BASIC, Tier.STANDARD), 0),
    PlanName.PRO: small(PlanName.PRO, 4, (Tier.BASIC, Tier.STANDARD, Tier.PROFESSIONAL), 1),
}


class Money(RuleBasedStateMachine):
    """The rules; `open_world` says over which stores and which use cases."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._plans = patch.dict(PLANS, SMALL)
        self._plans.start()
        self._open = type(self).open_world()
        self.world: World = self._open.__enter__()
        self.payments: list[tuple[str, str]] = []
        self.days: set[str] = set()

    @initialize(plan=st.sampled_from([None, *PlanName]))
    def start_with(self, plan: PlanName | None) -> None:
        if plan is None:
            return
        invoice = self.world.subscriptions.subscribe(USER, plan, idempotency_key=None).invoice
        assert invoice is not None
        self.world.payments.notify(invoice.id, {"status": "paid", "token": invoice.secret})

    def _order(self, tier: Tier, payment: Payment, key: str | None) -> None:
        self.days.add(quota_day(self.world.clock()))
        with suppress(Refusal):
            self.world.submit(tier, key=key, payment=payment)

    @rule(
        tier=st.sampled_from(Tier),
        payment=st.sampled_from(Payment),
        key=st.sampled_from([None, "k1", "k2"]),
        raced=st.booleans(),
    )
    def submit(self, tier: Tier, payment: Payment, key: str | None, raced: bool) -> None:
        if raced:
            self.world.interrupt(1, lambda: self._order(tier, payment, key))
        self._order(tier, payment, key)
        self.world.plan = {}

    @precondition(lambda self: self._open_jobs())
    @rule(
        data=st.data(),
        photo=st.sampled_from([b"good", b"bad"]),
        after_s=st.sampled_from([0, 60, DAY_S]),
    )
    def develop(self, data: st.DataObject, photo: bytes, after_s: float) -> None:
        self.world.clock.advance(after_s)
        job = data.draw(st.sampled_from(self._open_jobs()))
        self.world.work(self.world.upload(job, photo))
        self.world.settle_all()
        self.world.settlement.settle(job.id)

    @rule(package=st.sampled_from(["credits-100", "credits-500"]), key=st.sampled_from("ab"))
    def top_up(self, package: str, key: str) -> None:
        with suppress(Refusal):
            invoice = self.world.payments.top_up(USER, package, idempotency_key=key)
            self.payments.append((invoice.id, invoice.secret))

    @rule(plan=st.sampled_from(PlanName), key=st.sampled_from([None, "s1"]))
    def subscribe(self, plan: PlanName, key: str | None) -> None:
        with suppress(Refusal):
            shown = self.world.subscriptions.subscribe(USER, plan, idempotency_key=key)
            if shown.invoice:
                self.payments.append((shown.invoice.id, shown.invoice.secret))

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), status=st.sampled_from(["paid", "paid", "failed"]), twice=st.booleans())
    def notify(self, data: st.DataObject, status: str, twice: bool) -> None:
        payment, secret = data.draw(st.sampled_from(self.payments))
        word = {"status": status, "token": secret}
        if twice:
            self.world.interrupt(1, lambda: self.world.payments.notify(payment, word))
        self.world.payments.notify(payment, word)
        self.world.plan = {}

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def forge(self, data: st.DataObject) -> None:
        payment, _ = data.draw(st.sampled_from(self.payments))
        with pytest.raises(ForgedNotification):
            self.world.payments.notify(payment, {"status": "paid", "token": "guess"})

    @rule()
    def cancel(self) -> None:
        with suppress(Refusal):
            self.world.subscriptions.cancel(USER)

    @rule()
    def renew(self) -> None:
        self.world.subscriptions.renew_due()
        subscription = self.world.rows.subscription(USER, REMOVER)
        if subscription and subscription.invoice_id:
            invoice = self.world.rows.invoice(subscription.invoice_id)
            self.payments.append((invoice.id, invoice.secret))

    @rule(seconds=st.sampled_from([0.001, 60, DAY_S, 4 * DAY_S, 28 * DAY_S]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    def _open_jobs(self) -> list[Job]:
        return [job for job in self.world.all_jobs() if not job.status.is_over]

    @invariant()
    def ledger_is_right(self) -> None:
        self.world.check()

    @invariant()
    def quota_is_what_unrefunded_jobs_took(self) -> None:
        kept = Counter(
            job.quota_day
            for job in self.world.all_jobs()
            if job.quota_day and job.status not in {Status.FAILED, Status.EXPIRED}
        )
        for day in self.days:
            usage = self.world.rows.usage(USER, REMOVER, day)
            assert usage.total == kept[day]
            assert 0 <= usage.total <= SMALL[PlanName.PRO].daily_quota
            assert 0 <= usage.by_tier.get(Tier.PROFESSIONAL, 0) <= 1

    @invariant()
    def paid_once_and_only_then(self) -> None:
        credited = Counter(
            entry.reference for entry in self.world.entries() if entry.kind is EntryKind.TOPUP
        )
        assert max(credited.values(), default=0) <= 1
        for payment, _ in self.payments:
            invoice = self.world.rows.invoice(payment)
            if invoice.purpose is Purpose.TOPUP:
                assert credited[payment] == (invoice.status is InvoiceStatus.PAID)

    def teardown(self) -> None:
        self._open.__exit__(None, None, None)
        self._plans.stop()


def test_on_the_fakes() -> None:
    run(Money, fake_world, examples=300, steps=30)


def test_on_dynamodb() -> None:
    run(Money, dynamodb_world, examples=10, steps=20)


class RefundsTwice(Settlement):
    """Planted bug: the refund's id does not follow from the job."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is not None and job.status is Status.FAILED:
            again = job.refund(self.clock()).model_copy(update={"reference": f"{job.id}-again"})
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
        today = Reservation(USER, REMOVER, quota_day(now), job.tier, 1)
        self.transactions.commit(
            CloseJob(job, Status.FAILED, GAVE_UP, now), Post(job.refund(now)), ReleaseQuota(today)
        )
        return Settled(Status.FAILED)


@pytest.mark.parametrize(
    "bug",
    [
        lambda: fake_world(settlement_class=RefundsTwice),
        lambda: fake_world(rows=ChargesWithoutAnEntry()),
        lambda: fake_world(settlement_class=ReleasesToToday),
    ],
    ids=["refund twice", "charge without entry", "release to today"],
)
def test_planted_bugs_are_caught(bug: Callable[..., Any]) -> None:
    with pytest.raises((AssertionError, AlreadyDone)):
        run(Money, bug, examples=500, steps=30)
