"""Invoices: `INVOICE#<id> / META`.

Paid ones are in gsi2 by day, where the sort key tells what was paid and how much.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from lumiku.adapters.rows import Item, from_item, insert_once, to_item
from lumiku.domain.instant import iso
from lumiku.domain.money.business import Receipt
from lumiku.domain.money.invoices import Invoice, InvoiceStatus, Purpose
from lumiku.services.transactions import CloseInvoice

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


def _key(invoice_id: str) -> Item:
    return to_item({"pk": f"INVOICE#{invoice_id}", "sk": "META"})


def day_key(day: date) -> str:
    """Where gsi2 has the payments of a UTC day."""
    return f"PAID#{day}"


def read_day_place(keys: Mapping[str, Any]) -> Receipt:
    """The payment of what gsi2 has of it."""
    _, purpose, idr = keys["gsi2sk"].split("#")
    return Receipt(Purpose(purpose), int(idr))


def insert(table: str, invoice: Invoice) -> "TransactWriteItemTypeDef":
    """Put an invoice that is not there yet."""
    row = {
        **invoice.model_dump(mode="json", exclude_none=True),
        "pk": f"INVOICE#{invoice.id}",
        "sk": "META",
    }
    return insert_once(table, row)


def close(table: str, change: CloseInvoice) -> "TransactWriteItemTypeDef":
    """Set the status of an invoice that was not paid before."""
    paid = change.status is InvoiceStatus.PAID
    values: dict[str, str] = {":status": change.status, ":paid": InvoiceStatus.PAID}
    also = ""
    if paid:
        also = ", paid_at = :at, gsi2pk = :day, gsi2sk = :place"
        place = f"{iso(change.at)}#{change.invoice.purpose}#{change.invoice.amount_idr}"
        values |= {":at": iso(change.at), ":day": day_key(change.at.date()), ":place": place}
    return {
        "Update": {
            "TableName": table,
            "Key": _key(change.invoice.id),
            "UpdateExpression": f"SET #status = :status{also}",
            "ConditionExpression": "attribute_exists(pk) AND #status <> :paid",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": to_item(values),
        }
    }


class InvoiceTable:
    """Invoices."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def invoice(self, invoice_id: str) -> Invoice | None:
        """The invoice of that id, consistently read."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(invoice_id), ConsistentRead=True
        )
        return Invoice.model_validate(from_item(answer["Item"])) if "Item" in answer else None
