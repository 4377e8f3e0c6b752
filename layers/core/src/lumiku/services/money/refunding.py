"""Giving a payment back, which an administrator decides; it is written down before money moves."""

from contextlib import suppress
from dataclasses import dataclass

from lumiku.domain.errors import InsufficientCredits
from lumiku.domain.money.invoices import Invoice, InvoiceStatus
from lumiku.domain.money.refusals import NotRefunded
from lumiku.domain.people.actions import Action
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.services.clock import Clock
from lumiku.services.money.payments import Payments
from lumiku.services.transactions import AlreadyDone, Record, Transactions


@dataclass(frozen=True, slots=True)
class Refunding:
    """The use case of an administrator."""

    payments: Payments
    transactions: Transactions
    clock: Clock

    def refund(self, caller: Caller, invoice_id: str, reason: str) -> Invoice:
        """Give all of a payment back, once however often this is asked; the invoice after.

        `InsufficientCredits` if some of what was bought is spent, `NotRefunded` if nothing was paid
        or the gateway gives nothing back. `GatewayDown` leaves open whether it did: ask again.
        """
        require_admin(caller)
        invoice = self.payments.existing(invoice_id)
        if invoice.status is InvoiceStatus.REFUNDED:
            return invoice
        if invoice.status is not InvoiceStatus.PAID:
            raise NotRefunded(payment_status=invoice.status)
        now = self.clock()
        for given, back in self.payments.reversals(invoice, now):
            if -back.amount < given.amount:
                raise InsufficientCredits(needed=given.amount, available=-back.amount)
        action = Action(
            id=f"refund_{invoice.id}",
            admin_id=caller.actor,
            user_id=invoice.user_id,
            kind="refund",
            what=f"payment {invoice.id}: {invoice.amount_idr} IDR",
            reason=reason,
            at=now,
        )
        with suppress(AlreadyDone):  # by an earlier try, which this one finishes
            self.transactions.commit(Record(action))
        status = self.payments.gateway_or_refuse().refund(invoice)
        if status is not None:
            invoice = self.payments.settle(invoice, status)
        if invoice.status is not InvoiceStatus.REFUNDED:
            raise NotRefunded(payment_status=invoice.status)
        return invoice
