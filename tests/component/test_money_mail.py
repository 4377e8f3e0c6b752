"""Mails about renewals and payments: each once, in the customer's language, if still needed."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from lumiku.apps.remover.plans import PlanName
from lumiku.domain.instant import iso
from lumiku.domain.money.invoices import Invoice
from lumiku.domain.people.brands import Brand
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http.test_prices import subscribe
from tests.component.http_events import SELLER
from tests.component.stack import Stack
from tests.component.test_batch_mail import SENDER, describe_owner
from tests.dynamodb import REGION


@pytest.fixture
def api(stack: Stack) -> Api:
    """The API of a stack that may send mail, to a seller who is known."""
    boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
    stack.app("sweep", MailSender=SENDER)
    describe_owner(stack, "en")
    return Api(stack)


def mails() -> list[Any]:
    return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)


def subjects() -> list[str]:
    return [mail.subject for mail in mails()]


def sweep(api: Api) -> dict[str, int]:
    return dict(api.stack.app("sweep").writing.write_due())


def renewal(api: Api, ends_in: timedelta = timedelta(days=2)) -> Invoice:
    """The invoice of the month after one that ends so soon."""
    subscribe(api, PlanName.PRO, period_end=utc_now() + ends_in)
    app = api.stack.app("sweep")
    app.subscriptions.renew_due()
    found = app.subscriptions.store.subscription(SELLER, "background-remover")
    invoice = app.subscriptions.payments.find(found.invoice_id)
    assert isinstance(invoice, Invoice)
    return invoice


def pay(api: Api, invoice: Invoice) -> None:
    word = {"status": "paid", "token": invoice.secret}
    assert api.post(f"/api/payments/{invoice.id}/notifications", word, user=None).status == 200


def over(api: Api, invoice: Invoice) -> None:
    """As if the paid month were over."""
    then = utc_now() - timedelta(minutes=1)
    client, table = api.stack.dynamodb, api.stack.table
    client.update_item(
        TableName=table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "SUBSCRIPTION#background-remover"}},
        UpdateExpression="SET period_end = :then",
        ExpressionAttributeValues={":then": {"S": iso(then)}},
    )
    client.update_item(
        TableName=table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": f"LETTER#unpaid#{invoice.id}"}},
        UpdateExpression="SET due = :then, gsi2sk = :then",
        ExpressionAttributeValues={":then": {"S": iso(then)}},
    )


def test_a_brand_signs_what_is_written_about_money(api: Api) -> None:
    colours = {"accent_color": "#000000", "header_color": "#ffffff"}
    brand = Brand(account=SELLER, slug="kios", name="Kios", **colours, sender_name="Kios")
    api.stack.app("sweep").writing.brands.save(None, brand)
    renewal(api)

    assert sweep(api) == {"mail_written": 1}

    [mail] = mails()
    assert mail.source == f"=?utf-8?q?Kios?= <{SENDER}>"


def test_the_renewal_is_told_before_and_its_payment_after(api: Api) -> None:
    invoice = renewal(api)
    assert sweep(api) == {"mail_written": 1}
    assert sweep(api) == {}

    pay(api, invoice)
    assert sweep(api) == {"mail_written": 1}

    told, paid = mails()
    assert told.subject.startswith("Your plan Pro ends on ")
    assert "costs Rp 299.000" in told.body
    assert paid.subject == "Payment received: Rp 299.000"
    assert "paid until" in paid.body
    assert told.destinations["ToAddresses"] == ["seller@example.com"]


def test_who_does_not_pay_is_told_once_the_month_is_over(api: Api) -> None:
    invoice = renewal(api)
    sweep(api)
    over(api, invoice)

    assert sweep(api) == {"mail_written": 1}
    assert sweep(api) == {}
    assert subjects()[1:] == ["Your plan Pro was not paid"]


@pytest.mark.parametrize("by", ["paying", "cancelling"])
def test_nobody_is_asked_for_what_is_paid_or_given_up(api: Api, by: str) -> None:
    invoice = renewal(api)
    if by == "paying":
        pay(api, invoice)
    else:
        api("DELETE", "/api/apps/background-remover/subscription")
    over(api, invoice)

    found = sweep(api)

    assert found["mail_not_needed"] == 2
    assert subjects() == (["Payment received: Rp 299.000"] if by == "paying" else [])


def test_a_plan_that_became_credits_is_told_so_in_indonesian(api: Api) -> None:
    describe_owner(api.stack, "id")
    asked = [
        api.post("/api/apps/background-remover/subscription", {"plan": plan}).data["payment"]
        for plan in ("starter", "pro")
    ]
    for payment in asked:
        found = api.stack.app("billing_api").payments.find(payment["paymentId"])
        assert found is not None
        pay(api, found)

    assert sweep(api) == {"mail_written": 2}
    bodies = [mail.body for mail in mails()]
    assert any("sudah dibayar sampai" in body for body in bodies)
    assert any("2990 kredit ada di akun Anda" in body for body in bodies)


def test_a_top_up_that_is_paid_in_time_is_not_written_about(api: Api) -> None:
    asked = api.post("/api/credits/topups", {"package": "credits-100"}).data
    invoice = api.stack.app("billing_api").payments.find(asked["paymentId"])
    assert invoice is not None
    pay(api, invoice)

    assert sweep(api) == {}


def test_a_mail_that_was_refused_is_written_later(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal(api)
    mailer = api.stack.app("sweep").writing.mailer
    taken = mailer._client.send_email

    def refuse(**_: Any) -> Any:
        said = {"Error": {"Code": "Throttling"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(said, "SendEmail")  # type: ignore[arg-type]

    monkeypatch.setattr(mailer._client, "send_email", refuse)
    with pytest.raises(ExceptionGroup):
        sweep(api)
    monkeypatch.setattr(mailer._client, "send_email", taken)

    assert sweep(api) == {"mail_written": 1}
    assert len(mails()) == 1


def test_a_mail_of_which_nobody_knows_whether_it_went_out_is_not_repeated(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal(api)
    mailer = api.stack.app("sweep").writing.mailer

    def hang_up(**_: Any) -> Any:
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(mailer._client, "send_email", hang_up)
        with pytest.raises(ExceptionGroup):
            sweep(api)

    assert sweep(api) == {}
    assert mails() == []


def order(api: Api) -> None:
    """One photo, which the month's free credits pay for."""
    photo = {"fileName": "a.png", "fileSize": 9, "tier": "basic"}
    assert api.post("/api/apps/background-remover/remove", photo).status == 202


def month_over(api: Api) -> str:
    """As if this month were the last one; answers its name."""
    name = f"{utc_now():%Y-%m}"
    then = iso(utc_now() - timedelta(minutes=1))
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": f"LETTER#report#{name}"}},
        UpdateExpression="SET due = :then, gsi2sk = :then",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":then": {"S": then}},
    )
    return name


def test_a_month_in_which_something_was_used_is_reported_once(api: Api) -> None:
    order(api)
    assert sweep(api) == {}
    name = month_over(api)

    assert sweep(api) == {"mail_written": 1}
    assert sweep(api) == {}

    [mail] = mails()
    assert mail.subject == f"Your {name} with Lumiku"
    assert f"Ordered in {name} (UTC): 1 photos." in mail.body
    assert "Credits used: 3." in mail.body
    assert "Credits now: 47." in mail.body


def test_a_month_without_anything_is_not_reported(api: Api) -> None:
    api.get("/api/credits")
    month_over(api)

    assert sweep(api) == {"mail_not_needed": 1}


def test_the_report_can_be_switched_off_and_on(api: Api) -> None:
    off = api("PATCH", "/api/account", body={"monthlyReport": False})
    assert (off.data["monthlyReport"], off.data["language"]) == (False, "en")
    order(api)
    month_over(api)

    assert sweep(api) == {"mail_not_needed": 1}
    assert api("PATCH", "/api/account", body={"monthlyReport": True}).data["monthlyReport"]
