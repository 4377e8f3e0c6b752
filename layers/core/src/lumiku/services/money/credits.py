"""An account as of now: the month's free credits come, and expired ones go, when somebody looks."""

from contextlib import suppress
from datetime import datetime, timedelta

from lumiku.domain.money import ledger
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.pockets import expired, live
from lumiku.domain.money.statistics import month_start
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.services.transactions import AlreadyDone, Change, Post, Tell, Transactions

REPORT_AFTER = timedelta(hours=6)
"""The morning in Indonesia."""


def current(transactions: Transactions, user_id: str, account: Account, now: datetime) -> Account:
    """The account as it is at `now`, once the month gave its credits and what expired was taken.

    Somebody else may have seen to either since `account` was read: it is done all the same.
    """
    if ledger.free_credits_due(account.free_month, now):
        entry = ledger.monthly_grant(user_id, now)
        _commit(transactions, Post(entry), Tell(month_report(user_id, now)))
        given = {"bought": account.bought + entry.amount, "free_month": entry.reference}
        account = account.model_copy(update=given)
    if over := expired(account.granted, now):
        _commit(transactions, Post(ledger.expiry(user_id, over, now)))
        account = account.model_copy(update={"granted": live(account.granted, now)})
    return account


def month_report(user_id: str, now: datetime) -> Letter:
    """The mail about this month, once it is over."""
    over = (month_start(ledger.month(now)) + timedelta(days=32)).replace(day=1)
    return Letter(
        user_id=user_id,
        occasion=Occasion.REPORT,
        about=ledger.month(now),
        due=over + REPORT_AFTER,
    )


def _commit(transactions: Transactions, *changes: Change) -> None:
    with suppress(AlreadyDone):
        transactions.commit(*changes)
