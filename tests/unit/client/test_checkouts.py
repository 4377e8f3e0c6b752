"""Where a payment is made: on the server's own page, or on a gateway's elsewhere."""

import pytest

from lumiku_client import Client
from tests.unit.client.wire import API, Wire, ok


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("/api/payments/p1/checkout?token=t", f"{API}/api/payments/p1/checkout?token=t"),
        (
            "https://app.midtrans.com/snap/v4/redirection/t",
            "https://app.midtrans.com/snap/v4/redirection/t",
        ),
        (None, None),
    ],
)
def test_a_checkout_is_an_address_that_can_be_opened(
    client: Client, wire: Wire, told: str | None, address: str | None
) -> None:
    payment = {"paymentId": "p1", "purpose": "topup", "amount": 50_000, "status": "pending"}
    wire.on("POST /api/credits/topups", ok(201, **payment, checkoutUrl=told))

    assert client.billing.top_up("credits-500").checkout_url == address
