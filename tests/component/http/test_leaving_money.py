"""Payments of who left, or is just being erased."""

import pytest

from lumiku.adapters.people.belongings import BelongingTable
from lumiku.adapters.rows import Row
from lumiku.domain.money.invoices import InvoiceStatus
from lumiku.domain.people.leaving import Leaver
from tests.component.erasing import erase_all, leave
from tests.component.http.conftest import Api
from tests.component.http.test_billing import pay
from tests.component.http_events import SELLER
from tests.component.leaving import live, with_login
from tests.component.left_over import alias, drift, found_of
from tests.dynamodb import all_rows


@pytest.fixture
def seller(api: Api) -> Api:
    """The API, with a seller who can log in."""
    return with_login(api)


def test_money_that_comes_late_is_written_down_and_nobodys(seller: Api) -> None:
    live(seller, ())
    top_up = seller.post("/api/credits/topups", {"package": "credits-500"}).data
    plan = seller.post("/api/apps/background-remover/subscription", {"plan": "starter"}).data
    leave(seller)
    erase_all(seller)
    before = sum(int(row.get("balance", 0)) for row in all_rows() if row["sk"] == "ACCOUNT")

    pay(seller, top_up["checkoutUrl"])
    pay(seller, plan["payment"]["checkoutUrl"])

    accounts = [row for row in all_rows() if row["sk"] == "ACCOUNT"]
    assert [row["pk"] for row in accounts] == [f"USER#{alias()}"]
    assert int(accounts[0]["balance"]) == before + 500 + 990
    assert [place for place in found_of(seller, SELLER) if "LEAVING" not in place] == []


def test_money_that_was_read_before_the_end_is_nobodys_either(seller: Api) -> None:
    """The gateway is asked for seconds, and meanwhile the account goes."""
    live(seller, ())
    top_up = seller.post("/api/credits/topups", {"package": "credits-500"}).data
    payments = seller.stack.app("billing_api").payments
    as_read = payments.find(top_up["paymentId"])
    leave(seller)
    erase_all(seller)

    payments.settle(as_read, InvoiceStatus.PAID)

    accounts = [row["pk"] for row in all_rows() if row["sk"] == "ACCOUNT"]
    assert accounts == [f"USER#{alias()}"]
    assert [place for place in found_of(seller, SELLER) if "LEAVING" not in place] == []


def test_money_that_comes_while_its_invoice_is_taken_over_is_too(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(seller, ())
    top_up = seller.post("/api/credits/topups", {"package": "credits-500"}).data
    leave(seller)
    usual = BelongingTable._keep_invoice

    def late(self: BelongingTable, row: Row, leaver: Leaver) -> int:
        if row["pk"].endswith(top_up["paymentId"]):
            pay(seller, top_up["checkoutUrl"])
        return usual(self, row, leaver)

    monkeypatch.setattr(BelongingTable, "_keep_invoice", late)
    erase_all(seller)

    assert drift(alias()) == 0
    assert [place for place in found_of(seller, SELLER) if "LEAVING" not in place] == []
