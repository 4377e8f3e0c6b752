"""A payment gateway for trying things out: whoever has the checkout link may approve."""

import hmac
from collections.abc import Mapping
from typing import Any

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.invoices import Invoice, InvoiceStatus
from lumiku.domain.money.refusals import ForgedNotification
from lumiku.domain.texts import Text
from lumiku.services.money.ports import PaymentGateway


class SandboxGateway(PaymentGateway):
    """Takes no money. Never set up in production."""

    def checkout(self, invoice: Invoice) -> str:
        """A page of this API; its link proves that it is about the invoice."""
        return f"/api/payments/{invoice.id}/checkout?token={invoice.secret}"

    def read(self, notification: Mapping[str, Any], invoice: Invoice) -> InvoiceStatus:
        """Status of a notification that carries the invoice's secret, and its amount if any."""
        token = str(notification.get("token", ""))
        if not hmac.compare_digest(token.encode(), invoice.secret.encode()):
            raise ForgedNotification
        if notification.get("amount", invoice.amount_idr) != invoice.amount_idr:
            raise ForgedNotification
        try:
            return InvoiceStatus(notification.get("status", ""))
        except ValueError:
            raise InvalidRequest(
                Text(
                    "The notification has no known status.",
                    "Notifikasi tidak memuat status yang dikenal.",
                ),
                allowed=list(InvoiceStatus),
            ) from None

    def ask(self, invoice: Invoice) -> InvoiceStatus | None:
        """Nobody tells it anything but by notifications."""
        return None if invoice.status is InvoiceStatus.PENDING else invoice.status

    def refund(self, invoice: Invoice) -> InvoiceStatus | None:
        """There is nothing to give back."""
        return InvoiceStatus.REFUNDED
