"""An account as of now: the month's free credits come, and expired ones go, when somebody looks."""

from contextlib import suppress
from datetime import datetime

from lumiku.domain.money import ledger
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import Entry
from lumiku.domain.money.pockets import expired, live
from lumiku.services.transactions import AlreadyDone, Post, Transactions


def current(transactions: Transactions, user_id: str, account: Account, now: datetime) -> Account:
    """The account as it is at `now`, once the month gave its credits and what expired was taken.

    Somebody else may have seen to either since `account` was read: it is done all the same.
    """
    if ledger.free_credits_due(account.free_month, now):
        entry = ledger.monthly_grant(user_id, now)
        _post(transactions, entry)
        given = {"bought": account.bought + entry.amount, "free_month": entry.reference}
        account = account.model_copy(update=given)
    if over := expired(account.granted, now):
        _post(transactions, ledger.expiry(user_id, over, now))
        account = account.model_copy(update={"granted": live(account.granted, now)})
    return account


def _post(transactions: Transactions, entry: Entry) -> None:
    with suppress(AlreadyDone):
        transactions.commit(Post(entry))
