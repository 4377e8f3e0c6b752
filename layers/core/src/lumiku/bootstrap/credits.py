"""Prices, balances, ledgers and statistics."""

from functools import cache

from lumiku.adapters.money.accounts import AccountTable
from lumiku.adapters.money.ledger import LedgerTable
from lumiku.adapters.money.wallets import DeskTable
from lumiku.apps.remover.pricing import Pricing
from lumiku.bootstrap.aws import dynamodb, table, transactions
from lumiku.services.clock import utc_now
from lumiku.services.money.auditing import Auditing
from lumiku.services.money.overview import Overviews
from lumiku.services.money.statements import Statements
from lumiku.services.money.statistics import StatisticsDesk


@cache
def ledger() -> LedgerTable:
    """Entries of ledgers."""
    return LedgerTable(dynamodb(), table())


@cache
def pricing() -> Pricing:
    """Prices before anything is ordered."""
    return Pricing(DeskTable(dynamodb(), table()), utc_now)


@cache
def statements() -> Statements:
    """Ledgers as their owners read them."""
    return Statements(AccountTable(dynamodb(), table()), ledger())


@cache
def statistics() -> StatisticsDesk:
    """What was ordered, and what it cost."""
    return StatisticsDesk(ledger(), utc_now)


@cache
def overviews() -> Overviews:
    """Accounts at a glance."""
    desk = DeskTable(dynamodb(), table())
    return Overviews(desk, statistics(), transactions(), utc_now)


@cache
def auditing() -> Auditing:
    """Whether ledgers and balances agree."""
    return Auditing(AccountTable(dynamodb(), table()), ledger(), utc_now)
