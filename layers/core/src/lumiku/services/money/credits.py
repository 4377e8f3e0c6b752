"""An account's credits, the month's free ones given when they are first looked for."""

from contextlib import suppress
from datetime import datetime

from lumiku.domain.money import ledger
from lumiku.domain.money.accounts import Account
from lumiku.services.transactions import AlreadyDone, Post, Transactions


def give_free_credits(
    transactions: Transactions, user_id: str, account: Account, now: datetime
) -> int:
    """Give the month's credits unless `account` has them; answers how many it has beside `account`.

    Somebody else may have given them since `account` was read: they are there all the same.
    """
    if not ledger.free_credits_due(account.free_month, now):
        return 0
    entry = ledger.monthly_grant(user_id, now)
    with suppress(AlreadyDone):
        transactions.commit(Post(entry))
    return entry.amount
