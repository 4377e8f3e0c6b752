"""Invoices that the gateway is asked about, in the fakes and in DynamoDB."""

from collections.abc import Iterator

import pytest

from lumiku.domain.money.invoices import FIRST_LOOK, InvoiceStatus
from lumiku.services.transactions import CloseInvoice, InsertInvoice
from tests.component.stores import Store, open_store
from tests.component.test_stores import invoice
from tests.fakes import START


@pytest.fixture(params=["fakes", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    with open_store(request.param) as opened:
        yield opened


def test_an_unpaid_invoice_is_due_until_it_is_paid_or_too_old(store: Store) -> None:
    store.commit(InsertInvoice(invoice()))
    later = START + FIRST_LOOK * 3
    assert store.invoices_due(START + FIRST_LOOK, limit=9) == []
    assert store.invoices_due(later, limit=9) == ["i1"]
    assert store.keep_checkout(invoice(), "https://pay").checkout_url == "https://pay"

    store.ask_again(invoice(), later)
    assert store.invoices_due(later, limit=9) == []
    assert store.invoices_due(later + FIRST_LOOK, limit=9) == ["i1"]

    store.commit(CloseInvoice(invoice(), InvoiceStatus.PAID, START))
    store.ask_again(invoice(), START)
    assert store.invoices_due(later + FIRST_LOOK, limit=9) == []


def test_an_invoice_that_is_too_old_is_asked_about_no_more(store: Store) -> None:
    store.commit(InsertInvoice(invoice()))

    store.ask_again(invoice(), None)
    store.ask_again(invoice(), START)

    assert store.invoices_due(START + FIRST_LOOK * 3, limit=9) == []
