"""Asking the gateway about invoices that nobody told us the end of."""

from collections import Counter
from dataclasses import dataclass

from lumiku.domain.money.invoices import CHECKOUT_TIME, InvoiceStatus
from lumiku.services.clock import Clock
from lumiku.services.money.payments import Payments
from lumiku.services.work.sweeping import look_at_each


@dataclass(frozen=True, slots=True)
class Reconciling:
    """The use case of sweep; running it twice at once is harmless."""

    payments: Payments
    clock: Clock

    def reconcile(self, *, limit: int = 20) -> Counter[str]:
        """Ask about up to `limit` due invoices; answers how many had which outcome.

        None without a gateway: nobody could be asked.
        """
        if self.payments.gateway is None:
            return Counter()
        due = self.payments.invoices.invoices_due(self.clock(), limit=limit)
        return look_at_each(due, self._look)

    def _look(self, invoice_id: str) -> str:
        invoice, now = self.payments.existing(invoice_id), self.clock()
        # First of all: what fails for ever must not stay ahead of the others.
        self.payments.invoices.ask_again(invoice, invoice.next_look(now))
        status = self.payments.gateway_or_refuse().ask(invoice)
        if status is None and now > invoice.created_at + CHECKOUT_TIME:
            status = InvoiceStatus.EXPIRED
        if status is not None:
            invoice = self.payments.settle(invoice, status)
        return f"invoice_{invoice.status}"
