"""Payments with Midtrans: over its imitation, with its key in the stack's own secret store."""

from typing import Any

import pytest

from lumiku.domain.instant import iso
from lumiku.domain.money.invoices import CHECKOUT_TIME, FIRST_LOOK, Invoice, InvoiceStatus
from lumiku.services.clock import utc_now
from lumiku.services.transactions import AlreadyDone, CloseInvoice
from tests.component.http.conftest import Api
from tests.component.http.till import TOLD, balance, bought, tell
from tests.imitation_providers.midtrans import MidtransImitation

PRICE = 50_000


def invoice(api: Api, payment_id: str) -> Invoice:
    found = api.stack.app("billing_api").payments.find(payment_id)
    assert isinstance(found, Invoice)
    return found


def aged(api: Api, payment_id: str, by: Any) -> None:
    """As if the payment had been asked for so long ago."""
    then = utc_now() - by
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"INVOICE#{payment_id}"}, "sk": {"S": "META"}},
        UpdateExpression="SET created_at = :then, gsi2sk = :due",
        ExpressionAttributeValues={
            ":then": {"S": iso(then)},
            ":due": {"S": f"{iso(then + FIRST_LOOK)}#{payment_id}"},
        },
    )


def sweep(api: Api) -> dict[str, int]:
    found = api.stack.app("sweep").reconciling.reconcile()
    return dict(found)


def test_a_payment_is_paid_at_midtrans_and_credited(api: Api, bank: MidtransImitation) -> None:
    payment = bought(api)
    assert payment["checkoutUrl"].startswith(f"{bank.url}/snap/v4/redirection/")
    assert bank.orders[payment["paymentId"]].gross_amount == payment["amount"] == PRICE
    shown = api.get(f"/api/payments/{payment['paymentId']}").data
    assert shown["checkoutUrl"] == payment["checkoutUrl"]
    assert [call for call in bank.calls if call[0] == "POST"] == [("POST", "/snap/v1/transactions")]

    bank.pay(payment["paymentId"])
    answer = tell(api, bank, payment["paymentId"])

    assert (answer.status, answer.data["status"], answer.data["checkoutUrl"]) == (200, "paid", None)
    assert balance(api) == 500


def test_what_a_notification_says_is_not_believed_but_asked(
    api: Api, bank: MidtransImitation
) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id, "pending")

    answer = tell(api, bank, payment_id, transaction_status="settlement", status_code="200")

    assert (answer.status, answer.data["status"]) == (200, "pending")
    assert balance(api) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"signature_key": "0" * 128},
        {"signature_key": "é"},
        {"gross_amount": "1.00"},
        {"status_code": "202"},
    ],
)
def test_a_notification_that_midtrans_did_not_sign_changes_nothing(
    api: Api, bank: MidtransImitation, changes: dict[str, str]
) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id)
    asked = len(bank.calls)

    answer = api.post(TOLD, bank.told(payment_id) | changes, user=None)

    assert (answer.status, answer.json["code"]) == (403, "forged_notification")
    assert (balance(api), len(bank.calls)) == (0, asked)


@pytest.mark.parametrize("changes", [{"gross_amount": "1.00"}, {"currency": "USD"}])
def test_a_signed_notification_of_another_amount_changes_nothing(
    api: Api, bank: MidtransImitation, changes: dict[str, str]
) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id)

    answer = tell(api, bank, payment_id, **changes)

    assert (answer.status, answer.json["code"]) == (403, "forged_notification")
    assert balance(api) == 0


def test_an_order_that_cost_less_at_midtrans_is_not_credited(
    api: Api, bank: MidtransImitation
) -> None:
    payment_id = bought(api)["paymentId"]
    right = bank.told(payment_id)
    bank.orders[payment_id].gross_amount = 1
    bank.pay(payment_id)

    answer = api.post(TOLD, right, user=None)

    assert (answer.status, answer.json["code"]) == (503, "payment_gateway_down")
    assert balance(api) == 0


def test_a_notification_about_an_order_of_nobody_is_not_found(
    api: Api, bank: MidtransImitation
) -> None:
    payment_id = bought(api)["paymentId"]

    answer = tell(api, bank, payment_id, order_id="pay_of_nobody")

    assert answer.status == 404


@pytest.mark.parametrize(
    ("status", "fraud", "shown"),
    [
        ("capture", "accept", "paid"),
        ("capture", "challenge", "pending"),
        ("capture", "deny", "failed"),
        ("settlement", "accept", "paid"),
        ("partial_refund", None, "paid"),
        ("authorize", None, "pending"),
        ("deny", None, "failed"),
        ("cancel", None, "failed"),
        ("expire", None, "expired"),
        ("refund", None, "refunded"),
        ("chargeback", None, "refunded"),
    ],
)
def test_each_status_of_midtrans_is_one_of_ours(
    api: Api, bank: MidtransImitation, status: str, fraud: str | None, shown: str
) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id, status, fraud)

    answer = tell(api, bank, payment_id)

    assert (answer.status, answer.data["status"]) == (200, shown)
    assert balance(api) == (500 if shown == "paid" else 0)


def test_a_status_that_nobody_knows_is_told_again_later(api: Api, bank: MidtransImitation) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id, "brand_new")

    assert tell(api, bank, payment_id).json["code"] == "payment_gateway_down"


def test_money_that_comes_after_the_end_is_credited(api: Api, bank: MidtransImitation) -> None:
    payment_id = bought(api)["paymentId"]
    bank.pay(payment_id, "expire")
    assert tell(api, bank, payment_id).data["status"] == "expired"
    assert api.get(f"/api/payments/{payment_id}").data["checkoutUrl"] is None

    bank.pay(payment_id)

    assert tell(api, bank, payment_id).data["status"] == "paid"
    assert balance(api) == 500


def test_a_gateway_that_is_down_loses_no_payment(api: Api, bank: MidtransImitation) -> None:
    bank.is_down = True
    payment = bought(api)
    assert (payment["status"], payment["checkoutUrl"]) == ("pending", None)

    bank.is_down = False
    shown = api.get(f"/api/payments/{payment['paymentId']}").data
    assert shown["checkoutUrl"].startswith(bank.url)
    bank.pay(payment["paymentId"])
    bank.is_down = True
    assert tell(api, bank, payment["paymentId"]).status == 503

    bank.is_down = False
    assert tell(api, bank, payment["paymentId"]).data["status"] == "paid"


def test_the_sweep_finds_a_payment_that_nobody_told_of(api: Api, bank: MidtransImitation) -> None:
    paid, begun, left = (bought(api)["paymentId"] for _ in range(3))
    bank.pay(paid)
    bank.pay(begun, "pending")
    assert sweep(api) == {}

    for payment_id in (paid, begun, left):
        aged(api, payment_id, FIRST_LOOK * 2)
    assert sweep(api) == {"invoice_paid": 1, "invoice_pending": 2}
    assert sweep(api) == {}
    assert balance(api) == 500

    for payment_id in (begun, left):
        aged(api, payment_id, CHECKOUT_TIME + FIRST_LOOK)
    assert sweep(api) == {"invoice_pending": 1, "invoice_expired": 1}
    assert invoice(api, left).status is InvoiceStatus.EXPIRED


def test_a_wrong_server_key_is_no_answer(api: Api, bank: MidtransImitation) -> None:
    bank.key = "another"

    assert bought(api)["checkoutUrl"] is None


def test_an_old_word_about_a_payment_is_overtaken(api: Api, bank: MidtransImitation) -> None:
    payment_id = bought(api)["paymentId"]
    as_read = invoice(api, payment_id)
    bank.pay(payment_id)
    tell(api, bank, payment_id)

    payments = api.stack.app("billing_api").payments
    after = payments.settle(as_read, InvoiceStatus.EXPIRED)

    assert after.status is InvoiceStatus.PAID
    with pytest.raises(AlreadyDone):
        api.stack.transactions.commit(CloseInvoice(as_read, InvoiceStatus.EXPIRED, utc_now()))
