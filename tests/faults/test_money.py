"""Any order of submits, failures, payments, notifications, renewals, cancellations and days."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP, Tier
from lumiku.apps.studio.plans import PLANS as STUDIO_PLANS
from lumiku.apps.studio.plans import StudioPlanName as StudioPlan
from lumiku.domain.errors import Refusal
from lumiku.domain.instant import iso
from lumiku.domain.money.invoices import Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.ledger import IDR_PER_CREDIT, Entry, EntryKind
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.pockets import ANEW
from lumiku.domain.money.quotas import Payment, quota_day
from lumiku.domain.money.refusals import ForgedNotification
from lumiku.domain.money.subscriptions import Subscription, SubscriptionStatus, month_later
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.jobs import Cause, Job, Status
from tests.faults.machine import run
from tests.faults.small_plans import NO_PLAN, SMALL, SMALL_STUDIO
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import CALLER, USER, World

DAY_S = 86_400


class Money(RuleBasedStateMachine):
    """The rules; `open_world` says over which stores and which use cases."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._plans = patch.dict(PLANS, SMALL)
        self._plans.start()
        self._studio_plans = patch.dict(STUDIO_PLANS, SMALL_STUDIO)
        self._studio_plans.start()
        self._open = type(self).open_world()
        self.world: World = self._open.__enter__()
        self.payments: list[tuple[str, str]] = []
        self.periods: dict[str, datetime | None] = {}
        self.plan_of_day: dict[str, Plan] = {}

    @initialize(plan=st.sampled_from([None, *PlanName]))
    def start_with(self, plan: PlanName | None) -> None:
        if plan is None:
            return
        self.subscribe(plan, None)
        self.world.payments.notify(*self._word(0, "paid"))

    def _order(
        self, tier: Tier, payment: Payment, key: str | None, caller: Caller = CALLER
    ) -> None:
        """The best plan of a day is its last one: it is only ever upgraded within a period."""
        day, subscription = quota_day(self.world.clock()), self._subscription()
        usable = subscription is not None and subscription.is_usable(self.world.clock())
        plans = [self.plan_of_day.get(day, NO_PLAN)]
        if subscription is not None and usable:
            plans.append(subscription.plan)
        self.plan_of_day[day] = max(plans, key=lambda plan: plan.daily_quota)
        with suppress(Refusal):
            self.world.submit(tier, key=key, payment=payment, caller=caller)

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
            self._ask(self.world.payments.top_up(CALLER, package, idempotency_key=key))

    @rule(plan=st.sampled_from(PlanName), key=st.sampled_from([None, "s1"]))
    def subscribe(self, plan: PlanName, key: str | None) -> None:
        with suppress(Refusal):
            shown = self.world.subscriptions.subscribe(CALLER, plan, idempotency_key=key)
            if shown.invoice:
                self._ask(shown.invoice)

    @rule(plan=st.sampled_from([*SMALL_STUDIO]), is_paid=st.booleans())
    def subscribe_to_the_studio(self, plan: StudioPlan, is_paid: bool) -> None:
        with suppress(Refusal):
            shown = self.world.studio_subscriptions.subscribe(CALLER, plan, idempotency_key=None)
            if shown.invoice:
                self._ask(shown.invoice)
                if is_paid:
                    self.world.payments.notify(*self._word(-1, "paid"))

    @rule()
    def cancel_the_studio(self) -> None:
        with suppress(Refusal):
            self.world.studio_subscriptions.cancel(CALLER)

    @rule()
    def look(self) -> None:
        now = self.world.clock()
        assert self.world.balance(USER) == self.world.rows.account(USER).spendable(now)

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), status=st.sampled_from(["paid", "paid", "failed"]), twice=st.booleans())
    def notify(self, data: st.DataObject, status: str, twice: bool) -> None:
        told = self._word(data.draw(st.integers(0, len(self.payments) - 1)), status)
        before = self.world.rows.invoice(told[0])
        app = before.app or APP
        plan_before = self._subscription(app)
        if twice:
            self.world.interrupt(1, lambda: self.world.payments.notify(*told))
        after = self.world.payments.notify(*told)
        self.world.plan = {}
        if InvoiceStatus.PAID not in {before.status, status}:
            return
        if after.status is InvoiceStatus.REFUNDED:
            return  # what that may take is an invariant
        if not before.becomes(InvoiceStatus.PAID):
            assert (after, self._subscription(app)) == (before, plan_before)
        else:
            self._check_what_was_bought(after, plan_before, self._subscription(app))

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def forge(self, data: st.DataObject) -> None:
        payment, _ = data.draw(st.sampled_from(self.payments))
        with pytest.raises(ForgedNotification):
            self.world.payments.notify(payment, {"status": "paid", "token": "guess"})

    @rule()
    def cancel(self) -> None:
        with suppress(Refusal):
            self.world.subscriptions.cancel(CALLER)

    @rule()
    def renew(self) -> None:
        self.world.subscriptions.renew_due()
        subscription = self._subscription()
        if subscription and subscription.invoice_id:
            self._ask(self.world.rows.invoice(subscription.invoice_id))

    @rule(seconds=st.sampled_from([0.001, 60, DAY_S, 4 * DAY_S, 28 * DAY_S]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    def _subscription(self, app: str = APP) -> Subscription | None:
        found: Subscription | None = self.world.rows.subscription(USER, app)
        return found

    def _ask(self, invoice: Invoice) -> None:
        """An invoice was written; of an upgrade, the period that it was priced for is kept."""
        if invoice.id not in self.periods:
            subscription = self._subscription(invoice.app or APP)
            self.periods[invoice.id] = subscription.period_end if subscription else None
            self.payments.append((invoice.id, invoice.secret))

    def _word(self, number: int, status: str) -> tuple[str, dict[str, str]]:
        payment, secret = self.payments[number]
        return payment, {"status": status, "token": secret}

    def _check_what_was_bought(
        self, invoice: Invoice, before: Subscription | None, after: Subscription | None
    ) -> None:
        """A payment is credits, or a month, or the rest of the period that it was priced for."""
        bought = [e.amount for e in self.world.entries() if e.reference == invoice.id]
        if before == after:
            assert bought == [invoice.credits or invoice.amount_idr // IDR_PER_CREDIT]
            return
        assert bought == ([invoice.granted] if invoice.granted else [])
        assert before is not None
        assert after is not None
        assert after.plan_name == invoice.plan_name
        if invoice.purpose is Purpose.UPGRADE:
            assert before.plan_name != after.plan_name
            assert before.period_end == after.period_end == self.periods[invoice.id]
            assert before.status(self.world.clock()) in {
                SubscriptionStatus.ACTIVE,
                SubscriptionStatus.CANCELLED,
            }
        else:
            assert after.period_start is not None
            assert after.period_end == month_later(after.period_start, after.anchor_day)
            usable = before.is_usable(self.world.clock())
            assert after.period_start == (before.period_end if usable else self.world.clock())

    def _open_jobs(self) -> list[Job]:
        return [job for job in self.world.all_jobs() if not job.status.is_over]

    @invariant()
    def ledger_is_right(self) -> None:
        self.world.check()

    @invariant()
    def pockets_are_right(self) -> None:
        """Each is the sum of its entries; charges took granted credits only while they lived."""
        account, entries = self.world.rows.account(USER), self.world.entries()
        lots: Counter[str] = Counter()
        for entry in entries:
            lots.update(entry.granted or {})
        held = {until: credits for until, credits in account.granted.items() if credits}
        assert held == {until: credits for until, credits in lots.items() if credits}
        assert min(account.bought, *lots.values(), 0) == 0
        assert account.bought == sum(entry.bought for entry in entries)
        jobs = {job.id: job for job in self.world.all_jobs()}
        charges = {e.reference: e for e in entries if e.kind is EntryKind.CHARGE}
        for charge in charges.values():
            assert all(until > iso(charge.at) for until in charge.granted or {})
        for refund in entries:
            if refund.kind is EntryKind.REFUND:
                self._check_refund(charges[refund.reference], refund, jobs[refund.reference])

    def _check_refund(self, charge: Entry, refund: Entry, job: Job) -> None:
        """To its pocket; anew only what expired and what the service failed to do."""
        assert refund.bought == -charge.bought
        expected: Counter[str] = Counter()
        for until, credits in (charge.granted or {}).items():
            is_anew = until <= iso(refund.at) and job.cause is Cause.SERVICE
            expected[iso(refund.at + ANEW) if is_anew else until] -= credits
        assert (refund.granted or {}) == expected

    @invariant()
    def quota_is_what_unrefunded_jobs_took(self) -> None:
        kept = Counter(
            job.quota_day
            for job in self.world.all_jobs()
            if job.quota_day and job.status not in {Status.FAILED, Status.EXPIRED}
        )
        for day, plan in self.plan_of_day.items():
            usage = self.world.rows.usage(USER, APP, day)
            assert usage.total == kept[day]
            assert 0 <= usage.total <= plan.daily_quota
            assert 0 <= usage.of(Tier.PROFESSIONAL.product) <= plan.quota(Tier.PROFESSIONAL.product)

    @invariant()
    def paid_once_and_only_then(self) -> None:
        credited = Counter(
            entry.reference.partition("/")[0]
            for entry in self.world.entries()
            if entry.kind is EntryKind.TOPUP
        )
        assert max(credited.values(), default=0) <= 1
        for payment, _ in self.payments:
            invoice = self.world.rows.invoice(payment)
            is_paid = invoice.paid_at is not None
            assert credited[payment] <= is_paid
            if invoice.purpose is Purpose.TOPUP:
                assert credited[payment] == is_paid

    def teardown(self) -> None:
        self._open.__exit__(None, None, None)
        self._plans.stop()
        self._studio_plans.stop()


def test_on_the_fakes() -> None:
    run(Money, fake_world, examples=1000, steps=30)


def test_on_dynamodb() -> None:
    run(Money, dynamodb_world, examples=10, steps=20)
