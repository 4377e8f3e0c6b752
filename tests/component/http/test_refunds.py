"""Payments that go back: by an administrator, in the gateway's dashboard, by a bank."""

from typing import Any

from tests.component.http.conftest import Api
from tests.component.http.till import balance, bought, tell
from tests.component.http_events import SELLER, Answer
from tests.imitation_providers.midtrans import MidtransImitation

ADMIN = {"user": "0b5e", "groups": "[admin]"}
PRICE = 50_000


def refund(api: Api, payment_id: str, **sent: Any) -> Answer:
    return api.post(f"/api/admin/payments/{payment_id}/refund", {"reason": "asked"}, **sent)


def paid(api: Api, bank: MidtransImitation) -> str:
    payment_id = str(bought(api)["paymentId"])
    bank.pay(payment_id)
    tell(api, bank, payment_id)
    return payment_id


def test_a_payment_is_given_back_once_with_its_credits(api: Api, bank: MidtransImitation) -> None:
    payment_id = paid(api, bank)
    assert refund(api, payment_id).json["code"] == "not_allowed"

    for _ in range(2):
        assert refund(api, payment_id, **ADMIN).data["status"] == "refunded"

    assert sum(bank.orders[payment_id].refunds.values()) == PRICE
    assert balance(api) == 0
    kinds = [entry["kind"] for entry in api.get("/api/credits/ledger").data["entries"]]
    assert kinds == ["reversal", "topup"]


def test_credits_that_are_spent_are_not_given_back(api: Api, bank: MidtransImitation) -> None:
    payment_id = paid(api, bank)
    spent = {"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "ACCOUNT"}}
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key=spent,
        UpdateExpression="SET balance = :left",
        ExpressionAttributeValues={":left": {"N": "400"}},
    )

    answer = refund(api, payment_id, **ADMIN)

    assert (answer.status, answer.json["needed"], answer.json["available"]) == (402, 500, 400)
    assert bank.orders[payment_id].refunds == {}


def test_a_refund_whose_answer_was_lost_is_finished(api: Api, bank: MidtransImitation) -> None:
    payment_id = paid(api, bank)
    bank.pay(payment_id, "refund")

    assert refund(api, payment_id, **ADMIN).data["status"] == "refunded"
    assert balance(api) == 0


def test_what_was_not_paid_is_not_given_back(api: Api, bank: MidtransImitation) -> None:
    answer = refund(api, bought(api)["paymentId"], **ADMIN)

    assert (answer.status, answer.json["paymentStatus"]) == (409, "pending")


def test_a_chargeback_takes_what_is_left_and_no_more(api: Api, bank: MidtransImitation) -> None:
    payment_id = paid(api, bank)
    bank.pay(payment_id, "chargeback")

    assert tell(api, bank, payment_id).data["status"] == "refunded"
    assert tell(api, bank, payment_id).data["status"] == "refunded"
    assert balance(api) == 0
