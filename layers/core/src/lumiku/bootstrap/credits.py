"""Prices, balances, ledgers and statistics."""

from functools import cache

from lumiku.adapters.accounts import AccountTable
from lumiku.adapters.desk import DeskTable
from lumiku.adapters.ledger import LedgerTable
from lumiku.bootstrap.aws import dynamodb, table, transactions
from lumiku.services.auditing import Auditing
from lumiku.services.clock import utc_now
from lumiku.services.overview import Overviews
from lumiku.services.pricing import Pricing
from lumiku.services.statements import Statements
from lumiku.services.statistics import StatisticsDesk


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
