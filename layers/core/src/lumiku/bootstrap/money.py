"""Credits, payments, plans and what they add up to."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import rows
from lumiku.domain.reach import Reach
from lumiku.services.clock import utc_now
from lumiku.services.money.auditing import Auditing
from lumiku.services.money.business import BusinessFigures
from lumiku.services.money.engagement import AccountFigures
from lumiku.services.money.payments import Payments
from lumiku.services.money.reconciling import Reconciling
from lumiku.services.money.refunding import Refunding
from lumiku.services.money.statements import Statements

if TYPE_CHECKING:
    from lumiku.services.money.ports import PaymentGateway


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
    """Invoices and what paying them does."""
    from lumiku.adapters.money.invoices import InvoiceTable
    from lumiku.bootstrap.apps import CATALOGUE

    return Payments(
        InvoiceTable(rows()),
        stores.accounts(),
        stores.ledger(),
        stores.plans(),
        CATALOGUE,
        stores.transactions(),
        _gateway(),
        utc_now,
    )


@cache
def refunding() -> Refunding:
    """Payments that are given back."""
    return Refunding(payments(), stores.transactions(), utc_now)


@cache
def reconciling() -> Reconciling:
    """What became of invoices, from who knows it."""
    return Reconciling(payments(), utc_now)


def _gateway() -> "PaymentGateway | None":
    """Nobody takes money where nothing is set up, and the sandbox never does in production."""
    found = settings.read(settings.GatewaySettings)
    if found.PAYMENT_GATEWAY == "midtrans":
        return _midtrans(found)
    if found.PAYMENT_GATEWAY == "none" or found.STAGE == "prod":
        return None
    from lumiku.adapters.money.sandbox_gateway import SandboxGateway

    return SandboxGateway()


def _midtrans(found: settings.GatewaySettings) -> "PaymentGateway":
    if not found.PAYMENT_SECRET_ARN:
        raise ValueError("PaymentGateway is midtrans, but there is no PaymentSecretArn.")
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    from lumiku.adapters.keys import Keys
    from lumiku.adapters.money.midtrans import Midtrans, hosts

    keys = Keys(SecretsProvider(), found.PAYMENT_SECRET_ARN)
    reach = Reach(loopback=found.STAGE == "local")
    return Midtrans(lambda: keys.key("midtrans"), hosts(found.MIDTRANS), reach)
