"""Credits, payments, plans and what they add up to."""

from functools import cache

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import rows
from lumiku.services.clock import utc_now
from lumiku.services.money.auditing import Auditing
from lumiku.services.money.business import BusinessFigures
from lumiku.services.money.engagement import AccountFigures
from lumiku.services.money.payments import Payments
from lumiku.services.money.statements import Statements


@cache
def statements() -> Statements:
    """Ledgers as their owners read them."""
    return Statements(stores.accounts(), stores.ledger())


@cache
def auditing() -> Auditing:
    """Whether ledgers and balances agree."""
    return Auditing(stores.accounts(), stores.ledger(), utc_now)


@cache
def account_figures() -> AccountFigures:
    """What accounts do."""
    from lumiku.adapters.money.business import BusinessTable

    return AccountFigures(BusinessTable(rows()), utc_now)


@cache
def business() -> BusinessFigures:
    """How the service does as a business."""
    from lumiku.adapters.money.business import BusinessTable

    return BusinessFigures(BusinessTable(rows()), utc_now)


@cache
def payments() -> Payments:
    """Invoices and what paying them does.

    Nobody takes money where nothing is set up, and the sandbox never does in production.
    """
    from lumiku.adapters.money.invoices import InvoiceTable
    from lumiku.adapters.money.sandbox_gateway import SandboxGateway
    from lumiku.bootstrap.apps import CATALOGUE

    stage = settings.read(settings.StageSettings)
    may_play = stage.STAGE != "prod" and stage.PAYMENT_GATEWAY == "sandbox"
    return Payments(
        InvoiceTable(rows()),
        stores.plans(),
        CATALOGUE,
        stores.transactions(),
        SandboxGateway() if may_play else None,
        utc_now,
    )
