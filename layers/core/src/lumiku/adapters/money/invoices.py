"""Invoices: `INVOICE#<id> / META`.

Paid ones are in gsi2 by day, where the sort key tells what was paid and how much.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lumiku.adapters.rows import Key, Row, Table, Write, inserting, updating
from lumiku.domain.instant import iso
from lumiku.domain.money.business import Income
from lumiku.domain.money.invoices import Invoice, InvoiceStatus, Purpose
from lumiku.services.money.ports import Invoices
from lumiku.services.transactions import CloseInvoice


def _key(invoice_id: str) -> Key:
    return f"INVOICE#{invoice_id}", "META"


def day_key(day: date) -> str:
    """Where gsi2 has the payments of a UTC day."""
    return f"PAID#{day}"


def read_day_place(keys: Mapping[str, Any]) -> Income:
    """The payment of what gsi2 has of it."""
    _, purpose, idr, *whose = keys["gsi2sk"].split("#")
    return Income(Purpose(purpose), int(idr), *whose)


def insert(table: str, invoice: Invoice) -> Write:
    """Put an invoice that is not there yet."""
    pk, sk = _key(invoice.id)
    return inserting(
        table, {**invoice.model_dump(mode="json", exclude_none=True), "pk": pk, "sk": sk}
    )


def close(table: str, change: CloseInvoice) -> Write:
    """Set the status of an invoice that was not paid before."""
    update = "SET #status = :status"
    values: Row = {":status": change.status, ":paid": InvoiceStatus.PAID}
    if change.status is InvoiceStatus.PAID:
        update += ", paid_at = :at, gsi2pk = :day, gsi2sk = :place"
        invoice = change.invoice
        whose = f"{invoice.user_id}#{invoice.app or ''}"
        place = f"{iso(change.at)}#{invoice.purpose}#{invoice.amount_idr}#{whose}"
        values |= {":at": iso(change.at), ":day": day_key(change.at.date()), ":place": place}
    return updating(
        table,
        _key(change.invoice.id),
        update,
        values,
        when="attribute_exists(pk) AND #status <> :paid",
    )


class InvoiceTable(Table, Invoices):
    """Invoices."""

    def invoice(self, invoice_id: str) -> Invoice | None:
        row = self.rows.get(_key(invoice_id))
        return Invoice.model_validate(row) if row else None
