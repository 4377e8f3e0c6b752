"""Midtrans Snap: people pay on its page, and it tells and is asked what became of that.

An order of Midtrans has the id of the invoice. A notification is only ever a reason to ask: what it
says itself is not believed, however well it is signed. Nothing of the payer is sent.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import httpx
from aws_lambda_powertools import Logger
from pydantic import BaseModel, ValidationError

from lumiku.adapters.keys import NoKey, Unreadable
from lumiku.adapters.outbound import calling, trusted_roots, within
from lumiku.domain.money.invoices import CHECKOUT_TIME, Invoice, InvoiceStatus
from lumiku.domain.money.refusals import ForgedNotification, GatewayDown
from lumiku.domain.reach import Reach
from lumiku.services.money.ports import PaymentGateway

TIMEOUT_S = 8
MAX_ANSWER_BYTES = 100_000
CURRENCY = "IDR"
_MEANINGS = {
    "pending": InvoiceStatus.PENDING,
    "authorize": InvoiceStatus.PENDING,
    "settlement": InvoiceStatus.PAID,
    # Part of the money is back; the rest still pays for all of it, which a person decided.
    "partial_refund": InvoiceStatus.PAID,
    "partial_chargeback": InvoiceStatus.PAID,
    "deny": InvoiceStatus.FAILED,
    "failure": InvoiceStatus.FAILED,
    "cancel": InvoiceStatus.FAILED,
    "expire": InvoiceStatus.EXPIRED,
    "refund": InvoiceStatus.REFUNDED,
    "chargeback": InvoiceStatus.REFUNDED,
}
_CAPTURED = {"accept": InvoiceStatus.PAID, "deny": InvoiceStatus.FAILED}

logger = Logger()


class Hosts(NamedTuple):
    """Where people pay, and where we ask."""

    snap: str
    api: str


def hosts(where: str) -> Hosts:
    """Those of `sandbox` or `production`; anything else is one address of both."""
    if where == "production":
        return Hosts("https://app.midtrans.com", "https://api.midtrans.com")
    if where == "sandbox":
        return Hosts("https://app.sandbox.midtrans.com", "https://api.sandbox.midtrans.com")
    return Hosts(where, where)


class _Status(BaseModel):
    """What is read of an order; amounts are text, like `50000.00`."""

    order_id: str
    gross_amount: str
    transaction_status: str
    currency: str = CURRENCY
    fraud_status: str | None = None


class Midtrans(PaymentGateway):
    """Orders of one merchant, whose server key `key` gives; it raises as `Keys` does."""

    def __init__(self, key: Callable[[], str], where: Hosts, reach: Reach) -> None:
        self._key = key
        self._where = Hosts(*map(reach.check_url, where))
        self._reach = reach
        self._tls = trusted_roots()

    def checkout(self, invoice: Invoice) -> str:
        lasts = {"duration": CHECKOUT_TIME.days, "unit": "days"}
        answer = self._call(
            "POST",
            f"{self._where.snap}/snap/v1/transactions",
            {
                "transaction_details": {"order_id": invoice.id, "gross_amount": invoice.amount_idr},
                "credit_card": {"secure": True},
                "expiry": lasts,
                "page_expiry": lasts,
            },
        )
        url = answer.get("redirect_url")
        if not isinstance(url, str) or not url.startswith(f"{self._where.snap}/"):
            raise _unclear("no page of ours to pay on", answer)
        return url

    def read(self, notification: Mapping[str, Any], invoice: Invoice) -> InvoiceStatus:
        told = [notification.get(name) for name in ("order_id", "status_code", "gross_amount")]
        if not all(isinstance(one, str) for one in told):
            raise ForgedNotification
        signed = "".join(map(str, told)) + self._server_key()
        expected = hashlib.sha512(signed.encode()).hexdigest().encode()
        if not hmac.compare_digest(str(notification.get("signature_key")).encode(), expected):
            raise ForgedNotification
        if told[0] != invoice.id or not _is_amount_of(invoice, told[2], notification):
            raise ForgedNotification
        status = self.ask(invoice)
        if status is None:
            raise ForgedNotification
        return status

    def ask(self, invoice: Invoice) -> InvoiceStatus | None:
        answer = self._call("GET", f"{self._where.api}/v2/{invoice.id}/status")
        if str(answer.get("status_code")) == "404":
            return None
        try:
            status = _Status.model_validate(answer)
        except ValidationError:
            raise _unclear("an unknown answer", answer) from None
        is_ours = status.order_id == invoice.id
        if not is_ours or not _is_amount_of(invoice, status.gross_amount, answer):
            # Not what was asked for, so nothing that could be believed of this invoice.
            raise _unclear("another order or amount", answer)
        if status.transaction_status == "capture":
            return _CAPTURED.get(status.fraud_status or "", InvoiceStatus.PENDING)
        if status.transaction_status not in _MEANINGS:
            raise _unclear("an unknown status", answer)
        return _MEANINGS[status.transaction_status]

    def refund(self, invoice: Invoice) -> InvoiceStatus | None:
        asked = {
            "refund_key": f"refund-{invoice.id}",
            "amount": invoice.amount_idr,
            "reason": invoice.id,
        }
        answer = self._call("POST", f"{self._where.api}/v2/{invoice.id}/refund", asked)
        logger.info("refund", invoice_id=invoice.id, said=answer.get("status_code"))
        return self.ask(invoice)

    def _server_key(self) -> str:
        try:
            return self._key()
        except (Unreadable, NoKey) as error:
            logger.error("no server key", reason=str(error))
            raise GatewayDown from None

    def _proof(self) -> str:
        return f"Basic {base64.b64encode(f'{self._server_key()}:'.encode()).decode()}"

    def _call(
        self, method: str, url: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """The JSON of an answer that is no fault; Midtrans says in it what it thinks."""
        headers = {"accept": "application/json", "authorization": self._proof()}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["content-type"] = "application/json"
        try:
            status, answer = within(TIMEOUT_S, self._answer(method, url, headers, content))
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            logger.warning("the gateway does not answer", reason=type(error).__name__)
            raise GatewayDown from None
        if status >= 500 or status in {401, 403, 429} or not isinstance(answer, Mapping):
            logger.error("the gateway refuses", status=status)
            raise GatewayDown
        return answer

    async def _answer(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[int, Any]:
        data = bytearray()
        async with calling(
            method,
            httpx.URL(url),
            headers=headers,
            content=content,
            reach=self._reach,
            tls=self._tls,
            timeout_s=TIMEOUT_S,
        ) as answer:
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > MAX_ANSWER_BYTES:
                    raise ValueError("the answer is too large")
        return answer.status_code, json.loads(data)


def _is_amount_of(invoice: Invoice, amount: object, told: Mapping[str, Any]) -> bool:
    try:
        same = Decimal(str(amount)) == invoice.amount_idr
    except InvalidOperation:
        return False
    return same and told.get("currency", CURRENCY) == CURRENCY


def _unclear(what: str, answer: Mapping[str, Any]) -> GatewayDown:
    said = {name: answer.get(name) for name in ("status_code", "transaction_status", "order_id")}
    logger.error("the gateway is unclear", what=what, said=said)
    return GatewayDown()
