"""/subscription and /payments: what is to be paid, where, and who may look at it."""

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import httpx
import pytest
from pydantic import ValidationError

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import APP
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.services.clock import utc_now
from lumiku.services.transactions import InsertInvoice
from tests.component.http.conftest import Api
from tests.component.http.test_prices import subscribe
from tests.component.http_events import SELLER
from tests.component.stack import Stack

SUBSCRIPTION = f"{REMOVER_PREFIX}/subscription"
TOP_UPS = "/api/credits/topups"


def pay(api: Api, checkout_url: str) -> None:
    url = httpx.URL(checkout_url)
    word = {"status": "paid", "token": url.params["token"]}
    answer = api.post(url.path.replace("checkout", "notifications"), word, user=None)
    assert (answer.status, answer.data["status"]) == (200, "paid")


def test_a_plan_that_was_asked_for_shows_its_payment_until_it_is_paid(api: Api) -> None:
    asked = api.post(SUBSCRIPTION, {"plan": "starter"}).data

    shown = api.get(SUBSCRIPTION).data
    assert shown["status"] == "pending_payment"
    assert shown["payment"] == asked["payment"]
    pay(api, shown["payment"]["checkoutUrl"])

    shown = api.get(SUBSCRIPTION).data
    assert (shown["status"], shown["payment"]) == ("active", None)


def test_the_next_month_can_be_paid_once_its_invoice_is_written(api: Api) -> None:
    end = subscribe(api, PlanName.PRO, period_end=utc_now()).period_end
    assert api.get(SUBSCRIPTION).data["payment"] is None

    api.stack.app("sweep").subscriptions.renew_due()

    shown = api.get(SUBSCRIPTION).data
    assert shown["status"] == "grace_period"
    assert (shown["payment"]["amount"], shown["payment"]["plan"]) == (299_000, "pro")
    pay(api, shown["payment"]["checkoutUrl"])
    renewed = api.get(SUBSCRIPTION).data
    assert (renewed["status"], renewed["payment"]) == ("active", None)
    assert end is not None
    assert renewed["billing"]["periodEnd"] > f"{end:%Y-%m-%d}"


def test_a_plan_without_a_gateway_is_shown_without_its_payment(api: Api) -> None:
    api.stack.app("billing_api", PaymentGateway="none")
    invoice = Invoice(
        id="pay_1",
        user_id=SELLER,
        purpose=Purpose.SUBSCRIPTION,
        amount_idr=99_000,
        app=APP,
        plan_name=PlanName.STARTER,
        created_at=utc_now(),
        secret="hush",
    )
    api.stack.transactions.commit(InsertInvoice(invoice))
    subscribe(api, PlanName.STARTER, period_end=None, invoice_id=invoice.id)

    shown = api.get(SUBSCRIPTION)

    assert (shown.status, shown.data["payment"]) == (200, None)


class Inline(HTMLParser):
    """Styles and scripts of a page, and where an event handler or a style is an attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks: dict[str, list[str]] = {"style": [], "script": []}
        self.attributes: list[str] = []
        self._open: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        self.attributes += [name for name, _ in attrs if name.startswith(("on", "style"))]

    def handle_data(self, data: str) -> None:
        if self._open in self.blocks:
            self.blocks[self._open].append(data)
        self._open = None


def test_the_checkout_page_keeps_its_secret_and_runs_nothing_else(api: Api) -> None:
    payment = api.post(TOP_UPS, {"package": "credits-500"}).data
    url = httpx.URL(payment["checkoutUrl"])

    page = api.get(url.path, query=dict(url.params), user=None)

    assert page.status == 200
    assert "Rp 50,000 for 500 credits" in page.text
    assert url.params["token"] not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in page.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    inline = Inline(page.text)
    assert inline.attributes == []
    for kind, blocks in inline.blocks.items():
        [block] = blocks
        digest = b64encode(sha256(block.encode()).digest()).decode()
        assert policy[f"{kind}-src"] == f"'sha256-{digest}'"


@pytest.mark.parametrize(
    ("stage", "gateway", "status"),
    [("dev", "sandbox", 201), ("dev", "none", 503), ("prod", "sandbox", 503)],
)
def test_the_sandbox_plays_only_where_it_was_asked_to_and_never_in_production(
    api: Api, stage: str, gateway: str, status: int
) -> None:
    api.stack.app("billing_api", Stage=stage, PaymentGateway=gateway)

    assert api.post(TOP_UPS, {"package": "credits-100"}).status == status


@pytest.mark.parametrize("stage", ["production", "live", "Prod"])
def test_a_stage_that_is_none_does_not_start(stack: Stack, stage: str) -> None:
    with pytest.raises(ValidationError, match="STAGE"):
        stack.app("billing_api", Stage=stage)
