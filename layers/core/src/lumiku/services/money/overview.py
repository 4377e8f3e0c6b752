"""A user's money at a glance: credits, today's quota, the plan, the month so far."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import month
from lumiku.domain.money.quotas import Usage, quota_day, resets_at
from lumiku.domain.money.statistics import Figures
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.credits import current
from lumiku.services.money.ports import Wallets
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.transactions import Transactions

MAX_ENTRIES = 999
"""With the one that tells whether there are more, a page of the ledger: one query."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What an account has at `now`, and its figures of the month: of the newest entries only, if
    there are too many to be `is_complete`.
    """

    now: datetime
    account: Account
    subscription: Subscription | None
    usage: Usage
    month: str
    figures: Figures
    is_complete: bool

    @property
    def resets_at(self) -> datetime:
        """When today's quota is whole again."""
        return resets_at(self.now)


@dataclass(frozen=True, slots=True)
class Overviews:
    """The use case of GET /credits; of plans and use, those of `app` are shown."""

    app: str
    wallets: Wallets
    statistics: UsageStatistics
    transactions: Transactions
    clock: Clock

    def show(self, caller: Caller) -> Overview:
        """The account as of now, the month's free credits among the balance."""
        now, user_id = self.clock(), caller.account
        wallet = self.wallets.wallet(user_id, app=self.app, day=quota_day(now))
        account = current(self.transactions, user_id, wallet.account, now)
        this_month = month(now)
        statistics = self.statistics.month(caller, this_month, max_entries=MAX_ENTRIES)
        return Overview(
            now=now,
            account=account,
            subscription=wallet.subscription,
            usage=wallet.usage,
            month=this_month,
            figures=statistics.of_month(this_month),
            is_complete=statistics.is_complete,
        )
