"""Invoices: `INVOICE#<id> / META`.

They are in gsi1 by user and time. Paid ones are in gsi2 by day, where the sort key tells what was
paid and how much; others by the time at which the gateway is asked about them.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, inserting, updating
from lumiku.domain.instant import iso
from lumiku.domain.money.business import Income
from lumiku.domain.money.invoices import FIRST_LOOK, Invoice, InvoiceStatus, Purpose
from lumiku.services.money.ports import Invoices
from lumiku.services.transactions import CloseInvoice

OPEN = "DUE#INVOICE"


def _key(invoice_id: str) -> Key:
    return f"INVOICE#{invoice_id}", "META"


def day_key(day: date) -> str:
    """Where gsi2 has the payments of a UTC day."""
    return f"PAID#{day}"


def day_place(invoice: Invoice, paid_at: datetime) -> str:
    """What gsi2 has of a payment: all that a day is added up from."""
    whose = f"{invoice.user_id}#{invoice.app or ''}"
    return f"{iso(paid_at)}#{invoice.purpose}#{invoice.amount_idr}#{whose}"


def read_day_place(keys: Mapping[str, Any]) -> Income:
    """The payment of what gsi2 has of it."""
    _, purpose, idr, *whose = keys["gsi2sk"].split("#")
    return Income(Purpose(purpose), int(idr), *whose)


def insert(table: str, invoice: Invoice) -> Write:
    """Put an invoice that is not there yet."""
    pk, sk = _key(invoice.id)
    due = {"gsi2pk": OPEN, "gsi2sk": _due(invoice, invoice.created_at + FIRST_LOOK)}
    of_user = {
        "gsi1pk": f"USER#{invoice.user_id}#INVOICES",
        "gsi1sk": f"{iso(invoice.created_at)}#{invoice.id}",
    }
    row = invoice.model_dump(mode="json", exclude_none=True)
    return inserting(table, {**row, **due, **of_user, "pk": pk, "sk": sk})


def _due(invoice: Invoice, at: datetime) -> str:
    return f"{iso(at)}#{invoice.id}"


def close(table: str, change: CloseInvoice) -> Write:
    """Set the status of an invoice that still is as it was read, and the same account's."""
    update = "SET #status = :status"
    values: Row = {
        ":status": change.status,
        ":was": change.invoice.status,
        ":of_user": change.invoice.user_id,
    }
    if change.status is InvoiceStatus.PAID:
        update += ", paid_at = :at, gsi2pk = :day, gsi2sk = :place"
        place = day_place(change.invoice, change.at)
        values |= {":at": iso(change.at), ":day": day_key(change.at.date()), ":place": place}
    elif change.status is InvoiceStatus.REFUNDED and change.invoice.paid_at is None:
        update += " REMOVE gsi2pk, gsi2sk"
    return updating(
        table,
        _key(change.invoice.id),
        update,
        values,
        when="#status = :was AND user_id = :of_user",
    )


class InvoiceTable(Table, Invoices):
    """Invoices."""

    def invoice(self, invoice_id: str) -> Invoice | None:
        row = self.rows.get(_key(invoice_id))
        return Invoice.model_validate(row) if row else None

    def keep_checkout(self, invoice: Invoice, url: str) -> Invoice:
        update = "SET #checkout_url = :url"
        return Invoice.model_validate(self.rows.update(_key(invoice.id), update, {":url": url}))

    def invoices_due(self, now: datetime, *, limit: int) -> list[str]:
        rows = self.rows.due(OPEN, iso(now), limit=limit)
        return [row["pk"].removeprefix("INVOICE#") for row in rows]

    def ask_again(self, invoice: Invoice, at: datetime | None) -> None:
        values: Row = {":open": OPEN}
        update = "REMOVE gsi2pk, gsi2sk"
        if at is not None:
            update, values[":due"] = "SET gsi2sk = :due", _due(invoice, at)
        with suppress(ConditionFailed):
            self.rows.update(_key(invoice.id), update, values, when="gsi2pk = :open")
