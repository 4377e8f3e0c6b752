"""An imitation of Midtrans Snap: a merchant's orders, and what they are told and asked about.

What its documents say of the wire is confirmed: Basic with the server key and no password, `token`
and `redirect_url` of a transaction, amounts as text with two decimals, the signature (SHA-512 of
order id, status code, gross amount and server key), the statuses and `fraud_status`, `refund_key`.
Assumed, for nobody of us has a merchant's account: the status of HTTP around a `status_code` of
404 (200 here), 401's body, that an order that was begun can be given no second page (406 with
`error_messages`), and that a refund asked again with its key answers 412 and moves nothing.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SERVER_KEY = "SB-Mid-server-imitation-0123456789"
_CODES = {"pending": "201", "deny": "202", "expire": "202", "cancel": "200"}


@dataclass
class Order:
    """One order: what it costs, what became of it, and what was given back under which key."""

    gross_amount: int
    status: str | None = None
    fraud_status: str | None = None
    currency: str = "IDR"
    refunds: dict[str, int] = field(default_factory=dict)


@dataclass
class MidtransImitation:
    """`orders` may be changed as banks change them; `is_down` answers nothing but 503."""

    url: str = "https://app.midtrans.example"
    key: str = SERVER_KEY
    orders: dict[str, Order] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    is_down: bool = False

    def answer(self, method: str, path: str, authorization: str, body: Any) -> tuple[int, Any]:
        """Status of HTTP and JSON of what is said to a request."""
        self.calls.append((method, path))
        if self.is_down:
            return 503, {"status_code": "503"}
        if authorization != f"Basic {base64.b64encode(f'{self.key}:'.encode()).decode()}":
            return 401, {"status_code": "401", "status_message": "Unknown Merchant"}
        if (method, path) == ("POST", "/snap/v1/transactions"):
            return self._begin(body["transaction_details"])
        _, version, order_id, action = path.split("/")
        order = self.orders.get(order_id)
        if version != "v2" or order is None or order.status is None:
            return 200, {"status_code": "404", "status_message": "Transaction doesn't exist."}
        if (method, action) == ("POST", "refund"):
            return self._refund(order_id, order, body)
        return 200, self.told(order_id)

    def pay(self, order_id: str, status: str = "settlement", fraud: str | None = None) -> None:
        """Somebody did something at the page, or a bank did."""
        self.orders[order_id].status = status
        self.orders[order_id].fraud_status = fraud

    def told(self, _id: str, **changes: str) -> dict[str, str]:
        """A notification of the order as it is, signed; `changes` are signed with it."""
        order = self.orders[_id]
        told = {
            "order_id": _id,
            "status_code": _CODES.get(order.status or "", "200"),
            "gross_amount": f"{order.gross_amount}.00",
            "transaction_status": order.status or "pending",
            "currency": order.currency,
            "payment_type": "qris",
            **({"fraud_status": order.fraud_status} if order.fraud_status else {}),
            **changes,
        }
        signed = told["order_id"] + told["status_code"] + told["gross_amount"] + self.key
        return told | {"signature_key": hashlib.sha512(signed.encode()).hexdigest()}

    def _begin(self, details: Any) -> tuple[int, Any]:
        order_id, amount = details["order_id"], details["gross_amount"]
        if order_id in self.orders and self.orders[order_id].status is not None:
            return 406, {"error_messages": ["order_id has already been taken"]}
        self.orders.setdefault(order_id, Order(amount))
        token = hashlib.sha256(order_id.encode()).hexdigest()
        return 201, {"token": token, "redirect_url": f"{self.url}/snap/v4/redirection/{token}"}

    def _refund(self, order_id: str, order: Order, body: Any) -> tuple[int, Any]:
        if body["refund_key"] in order.refunds or order.status not in {"settlement", "capture"}:
            return 200, {"status_code": "412", "status_message": "cannot be modified"}
        order.refunds[body["refund_key"]] = body["amount"]
        whole = sum(order.refunds.values()) >= order.gross_amount
        order.status = "refund" if whole else "partial_refund"
        return 200, self.told(order_id)


@contextmanager
def midtrans() -> Iterator[MidtransImitation]:
    """Serve it at its `url` until the end of the block."""
    imitation = MidtransImitation()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            self._answer(json.loads(self.rfile.read(length)))

        def log_message(self, *_: object) -> None:
            return

        def _answer(self, body: Any) -> None:
            proof = self.headers.get("authorization", "")
            status, said = imitation.answer(self.command, self.path, proof, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        imitation.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield imitation
        finally:
            server.shutdown()
            thread.join()
