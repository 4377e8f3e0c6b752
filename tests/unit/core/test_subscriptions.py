"""Plans: what is to be paid, and what each payment brings, whenever it comes."""

from datetime import timedelta

import pytest

from lumiku.adapters.money.sandbox_gateway import SandboxGateway
from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP
from lumiku.bootstrap.apps import CATALOGUE
from lumiku.domain.errors import IdempotencyKeyReused
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.subscriptions import GRACE, Subscription, SubscriptionStatus, month_later
from lumiku.domain.people.callers import person
from lumiku.services.money.payments import Payments
from lumiku.services.money.subscriptions import Subscriptions
from lumiku.services.transactions import Change
from tests.fakes import FakeStore, Watch

HOUR = timedelta(hours=1)
USER = person("u1")
STARTER, PRO = PlanName.STARTER, PlanName.PRO


class House:
    """One user, the fakes, and a gateway that takes whatever is shown to it."""

    def __init__(self, store: FakeStore | None = None) -> None:
        self.store = store or FakeStore()
        self.clock = Watch()
        rows = self.store
        self.payments = Payments(
            rows, rows, rows, rows, CATALOGUE, rows, SandboxGateway(), self.clock
        )
        self.subscriptions = Subscriptions(
            APP, PLANS, self.store, self.payments, self.store, self.clock
        )

    @property
    def plan(self) -> Subscription:
        found = self.store.subscription("u1", APP)
        assert found is not None
        return found

    @property
    def credits(self) -> list[int]:
        entries = self.store.read_entries("u1")
        return [entry.amount for entry in entries if entry.kind is EntryKind.TOPUP]

    def ask(self, plan: PlanName, key: str | None = None) -> Invoice:
        invoice = self.subscriptions.subscribe(USER, plan, idempotency_key=key).invoice
        assert invoice is not None
        return invoice

    def pay(self, invoice: Invoice) -> None:
        self.payments.notify(invoice.id, {"status": "paid", "token": invoice.secret})

    def buy(self, plan: PlanName) -> None:
        self.pay(self.ask(plan))

    def shown(self) -> Invoice | None:
        return self.subscriptions.show(USER).invoice

    def wait_until_before_the_end(self, before: timedelta) -> None:
        assert self.plan.period_end is not None
        self.clock.now = self.plan.period_end - before


def test_an_upgrade_is_for_the_period_that_it_was_priced_for() -> None:
    house = House()
    house.buy(STARTER)
    house.wait_until_before_the_end(HOUR)
    upgrade = house.ask(PRO)
    assert upgrade.amount_idr == 6667
    house.clock.now += 2 * HOUR
    house.buy(STARTER)

    house.pay(upgrade)

    assert house.plan.plan_name == STARTER
    assert house.credits == [66]


def test_an_upgrade_in_time_is_had_for_the_rest_of_the_period() -> None:
    house = House()
    house.buy(STARTER)
    end = house.plan.period_end

    house.buy(PRO)

    assert (house.plan.plan_name, house.plan.period_end) == (PRO, end)
    assert house.credits == []


def test_an_upgrade_that_is_paid_for_twice_is_credits_the_second_time() -> None:
    house = House()
    house.buy(STARTER)
    twice = [house.ask(PRO), house.ask(PRO)]
    assert [invoice.amount_idr for invoice in twice] == [200_000] * 2

    for invoice in twice:
        house.pay(invoice)

    assert house.plan.plan_name == PRO
    assert house.credits == [2_000]


def test_a_month_of_another_plan_than_the_one_that_runs_is_credits() -> None:
    house = House()
    months = [house.ask(STARTER), house.ask(PRO)]
    for invoice in months:
        house.pay(invoice)

    assert house.plan.plan_name == STARTER
    assert house.credits == [2_990]


def test_a_cancelled_plan_that_ended_has_no_grace_to_be_continued_from() -> None:
    house = House()
    house.buy(STARTER)
    house.subscriptions.cancel(USER)
    house.wait_until_before_the_end(-GRACE + HOUR)
    assert house.plan.status(house.clock()) is SubscriptionStatus.EXPIRED

    house.buy(STARTER)

    assert house.plan.period_start == house.clock()
    assert house.plan.period_end == month_later(house.clock(), house.clock().day)


@pytest.mark.parametrize("before", [HOUR, -GRACE + HOUR], ids=["in time", "in grace"])
def test_a_payment_while_the_plan_is_usable_continues_its_period(before: timedelta) -> None:
    house = House()
    house.buy(STARTER)
    end = house.plan.period_end
    house.wait_until_before_the_end(timedelta(days=2))
    house.subscriptions.renew_due()
    renewal = house.shown()
    assert renewal is not None
    house.wait_until_before_the_end(before)

    house.pay(renewal)

    assert house.plan.period_start == end


def test_what_is_to_be_paid_is_shown_until_it_is_paid() -> None:
    house = House()
    assert house.shown() is None
    first = house.ask(STARTER)
    assert house.shown() == first
    house.payments.notify(first.id, {"status": "failed", "token": first.secret})
    assert house.shown() is not None
    house.pay(first)
    assert house.shown() is None

    house.wait_until_before_the_end(timedelta(days=2))
    assert house.subscriptions.renew_due() == 1
    assert house.subscriptions.renew_due() == 0
    renewal = house.shown()
    assert renewal is not None
    assert (renewal.purpose, renewal.amount_idr) == (Purpose.SUBSCRIPTION, 99_000)
    house.pay(renewal)
    assert house.shown() is None
    assert house.credits == []


def test_an_upgrade_whose_period_is_over_is_not_shown() -> None:
    house = House()
    house.buy(STARTER)
    upgrade = house.ask(PRO)
    assert house.shown() == upgrade

    house.wait_until_before_the_end(-HOUR)

    assert house.shown() is None


def test_a_cancelled_renewal_is_shown_only_if_the_plan_is_resumed() -> None:
    house = House()
    house.buy(STARTER)
    house.wait_until_before_the_end(timedelta(days=2))
    house.subscriptions.renew_due()
    renewal = house.shown()
    assert renewal is not None

    assert house.subscriptions.cancel(USER).invoice is None
    resumed = house.subscriptions.subscribe(USER, STARTER, idempotency_key=None)

    assert resumed.invoice == renewal
    house.subscriptions.cancel(USER)
    house.wait_until_before_the_end(-HOUR)
    assert house.shown() is None
    assert house.ask(PRO) == house.shown()


def test_nothing_can_be_paid_without_a_gateway() -> None:
    house = House()
    house.ask(STARTER)
    rows = house.store
    payments = Payments(rows, rows, rows, rows, CATALOGUE, rows, None, house.clock)
    subscriptions = Subscriptions(APP, PLANS, house.store, payments, house.store, house.clock)

    assert subscriptions.show(USER).invoice is None


def test_after_an_upgrade_the_better_plan_is_renewed() -> None:
    house = House()
    house.buy(STARTER)
    house.wait_until_before_the_end(timedelta(days=2))
    house.subscriptions.renew_due()
    house.buy(PRO)

    assert house.subscriptions.renew_due() == 1

    renewal = house.shown()
    assert renewal is not None
    assert (renewal.plan_name, renewal.amount_idr) == (PRO, 299_000)
    house.pay(renewal)
    assert house.plan.plan_name == PRO
    assert house.credits == []


class Raced(FakeStore):
    """Somebody else commits first, once."""

    rival: House | None = None

    def commit(self, *changes: Change) -> None:
        if self.rival is not None:
            rival, self.rival = self.rival, None
            rival.ask(STARTER, "k")
        super().commit(*changes)


@pytest.mark.parametrize(("plan", "is_the_same"), [(STARTER, True), (PRO, False)])
def test_of_two_requests_with_one_key_the_later_one_must_be_the_same(
    plan: PlanName, is_the_same: bool
) -> None:
    store = Raced()
    house = House(store)
    store.rival = house

    if is_the_same:
        assert house.ask(plan, "k") == house.shown()
        return
    with pytest.raises(IdempotencyKeyReused):
        house.ask(plan, "k")
