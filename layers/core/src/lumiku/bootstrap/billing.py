"""Payments and plans."""

from functools import cache

from lumiku import settings
from lumiku.adapters.money.invoices import InvoiceTable
from lumiku.adapters.money.plans import PlanTable
from lumiku.adapters.money.sandbox_gateway import SandboxGateway
from lumiku.bootstrap.aws import dynamodb, table, transactions
from lumiku.services.clock import utc_now
from lumiku.services.money.payments import Payments
from lumiku.services.money.subscriptions import Subscriptions


@cache
def _plans() -> PlanTable:
    return PlanTable(dynamodb(), table())


@cache
def _gateway() -> SandboxGateway | None:
    """Nobody takes money where nothing is set up, and the sandbox never does in production."""
    stage = settings.read(settings.StageSettings)
    may_play = stage.STAGE != "prod" and stage.PAYMENT_GATEWAY == "sandbox"
    return SandboxGateway() if may_play else None


@cache
def payments() -> Payments:
    """Invoices and what paying them does."""
    invoices = InvoiceTable(dynamodb(), table())
    return Payments(invoices, _plans(), transactions(), _gateway(), utc_now)


@cache
def subscriptions() -> Subscriptions:
    """Plans of users."""
    return Subscriptions(_plans(), payments(), transactions(), utc_now)
