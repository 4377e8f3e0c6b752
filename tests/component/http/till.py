"""A stack that takes money by an imitation of Midtrans, and what tests do with it."""

from typing import Any

from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.imitation_providers.midtrans import MidtransImitation

TOP_UPS, TOLD = "/api/credits/topups", "/api/payments/notifications"


def bought(api: Api) -> dict[str, Any]:
    """A payment for 500 credits that somebody was asked for."""
    return dict(api.post(TOP_UPS, {"package": "credits-500"}).data)


def tell(api: Api, bank: MidtransImitation, payment_id: str, **changes: str) -> Answer:
    return api.post(TOLD, bank.told(payment_id, **changes), user=None)


def balance(api: Api) -> int:
    return int(api.get("/api/credits").data["balance"])
