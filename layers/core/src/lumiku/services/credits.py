"""An account's credits."""

from dataclasses import dataclass
from typing import Protocol

from lumiku.domain import ledger
from lumiku.domain.accounts import Account
from lumiku.services.clock import Clock
from lumiku.services.free_credits import give_free_credits
from lumiku.services.transactions import AlreadyDone, Post, Transactions


class Accounts(Protocol):
    """Accounts by user."""

    def account(self, user_id: str) -> Account:
        """The user's account, consistently read."""


@dataclass(frozen=True, slots=True)
class Credits:
    """Use cases around the balance."""

    accounts: Accounts
    transactions: Transactions
    clock: Clock

    def balance(self, user_id: str) -> int:
        """Credits that the user has now, the month's free ones among them."""
        now = self.clock()
        account = self.accounts.account(user_id)
        return account.balance + give_free_credits(self.transactions, user_id, account, now)

    def grant(self, user_id: str, amount: int, grant_id: str, *, note: str | None = None) -> bool:
        """Give `amount` > 0 credits, once for each `grant_id`; False if that was done before."""
        if amount < 1:
            raise ValueError(amount)
        entry = ledger.grant(user_id, amount, grant_id, self.clock(), note)
        try:
            self.transactions.commit(Post(entry))
        except AlreadyDone:
            return False
        return True
