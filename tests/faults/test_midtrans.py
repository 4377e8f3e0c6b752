"""The machine of money with a real gateway's imitation, and the bugs that it must catch there."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from lumiku.domain.instant import iso
from lumiku.domain.money.invoices import Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.refusals import ForgedNotification, GatewayDown
from lumiku.services.money.payments import Payments
from lumiku.services.money.reconciling import Reconciling
from lumiku.services.transactions import AlreadyDone, Post
from tests.faults.bank import WiredMidtrans, at_midtrans
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.stores import dynamodb_world
from tests.faults.test_money import Money
from tests.imitation_providers.midtrans import MidtransImitation

FINAL = {"settlement", "refund", "chargeback"}


class MoneyAtMidtrans(Money):
    """Whatever the bank does, in whatever order its words come, each of them perhaps again."""

    def __init__(self) -> None:
        super().__init__()
        assert isinstance(self.world.gateway, WiredMidtrans)
        self.bank: MidtransImitation = self.world.gateway.bank
        self.words: list[tuple[str, dict[str, str]]] = []

    def _word(self, number: int, status: str) -> tuple[str, dict[str, str]]:
        """The bank may have gone on; then it tells of that."""
        payment = self._begun(number)
        if self.bank.orders[payment].status not in FINAL:
            self.bank.pay(payment, "settlement" if status == "paid" else "deny")
        self.words.append((payment, self.bank.told(payment)))
        return self.words[-1]

    def _begun(self, number: int) -> str:
        payment, _ = self.payments[number]
        if payment not in self.bank.orders:
            self.world.gateway.checkout(self.world.rows.invoice(payment))
        return payment

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), to=st.sampled_from(["pending", "expire", "settlement", "deny"]))
    def bank_does(self, data: st.DataObject, to: str) -> None:
        """It does not tell anybody."""
        payment = self._begun(data.draw(st.integers(0, len(self.payments) - 1)))
        if self.bank.orders[payment].status not in FINAL:
            self.bank.pay(payment, to)

    @precondition(lambda self: self.words)
    @rule(data=st.data(), twice=st.booleans())
    def old_word(self, data: st.DataObject, twice: bool) -> None:
        told = data.draw(st.sampled_from(self.words))
        if twice:
            self.world.interrupt(1, lambda: self.world.payments.notify(*told))
        self.world.payments.notify(*told)
        self.world.plan = {}

    @precondition(lambda self: self.words)
    @rule(data=st.data(), by=st.sampled_from(["refund", "chargeback"]), told=st.booleans())
    def money_goes_back(self, data: st.DataObject, by: str, told: bool) -> None:
        payment, _ = data.draw(st.sampled_from(self.words))
        if self.bank.orders[payment].status == "settlement":
            self.bank.pay(payment, by)
            if told:
                after = self.world.payments.notify(payment, self.bank.told(payment))
                assert after.status is InvoiceStatus.REFUNDED

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def pay_too_little(self, data: st.DataObject) -> None:
        """Signed by Midtrans, of an order of that id; only the amount is wrong."""
        payment = self._begun(data.draw(st.integers(0, len(self.payments) - 1)))
        order, before = self.bank.orders[payment], self.world.rows.invoice(payment)
        right = order.gross_amount, order.status
        order.gross_amount, order.status = 1, "settlement"
        with suppress(ForgedNotification, GatewayDown):
            self.world.payments.notify(payment, self.bank.told(payment))
        assert self.world.rows.invoice(payment) == before
        order.gross_amount, order.status = right

    @rule()
    def reconcile(self) -> None:
        Reconciling(self.world.payments, self.world.clock).reconcile()

    @invariant()
    def nothing_is_paid_that_the_bank_has_no_money_for(self) -> None:
        for payment, _ in self.payments:
            invoice = self.world.rows.invoice(payment)
            if invoice.paid_at is not None:
                assert self.bank.orders[payment].status in FINAL

    @invariant()
    def what_goes_back_is_taken_once_and_never_more_than_was_given(self) -> None:
        entries = {entry.id: entry for entry in self.world.entries()}
        for entry in entries.values():
            if entry.kind is EntryKind.REVERSAL:
                given = entries[entry.reference.replace("/", "#", 1)]
                assert 0 <= -entry.amount <= given.amount
                invoice = self.world.rows.invoice(given.reference)
                assert invoice.status is InvoiceStatus.REFUNDED


class TrustsTheAmount(WiredMidtrans):
    """Planted bug: whatever was paid, it is signed, so it is enough."""

    def read(self, notification: Mapping[str, Any], invoice: Invoice) -> InvoiceStatus:
        paid = notification["transaction_status"] == "settlement"
        return InvoiceStatus.PAID if paid else super().read(notification, invoice)


class CreditsEachWord(Payments):
    """Planted bug: a second notification is a second payment."""

    def settle(self, invoice: Invoice, status: InvoiceStatus) -> Invoice:
        is_again = status is invoice.status is InvoiceStatus.PAID
        if is_again and invoice.purpose is Purpose.TOPUP:
            now = self.clock()
            entry = invoice.credit_entry(now)
            again = entry.model_copy(update={"reference": f"{invoice.id}/{iso(now)}"})
            with suppress(AlreadyDone):
                self.transactions.commit(Post(again))
        return super().settle(invoice, status)


def test_on_the_fakes() -> None:
    run(MoneyAtMidtrans, at_midtrans, examples=600, steps=30)


def test_on_dynamodb() -> None:
    run(MoneyAtMidtrans, partial(at_midtrans, dynamodb_world), examples=5, steps=20)


@pytest.mark.parametrize(
    ("bug", "known"),
    [
        (partial(at_midtrans, gateway_class=TrustsTheAmount), 0),
        (partial(at_midtrans, payments_class=CreditsEachWord), 3),
    ],
    ids=["trusted without amount", "credited twice"],
)
def test_bugs_of_payments_are_caught(bug: Callable[..., Any], known: int) -> None:
    assert_caught(partial(run_briefly, MoneyAtMidtrans, bug), known)
