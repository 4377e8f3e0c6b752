"""What is kept of a user, beside the login."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import free_credits_due
from lumiku.domain.money.pockets import Lots, live
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Language

AUDIT_EVERY = timedelta(hours=6)
"""How long after its balance moved an account's ledger is added up."""


class Account(BaseModel, frozen=True, defer_build=True):
    """A user's credits and settings; somebody who never had any has these defaults.

    Credits are `bought`, or `granted` until they expire. `limits` replaces the usual limits of the
    same name. `free_month` is the last month (`2026-01`) whose free credits were given; `topped_up`
    says that credits were bought. `last_entry` is the place of the entry that moved the balance
    last; up to `audited_until` the ledger was added up, to `audited_balance`.
    """

    bought: int = 0
    granted: Lots = {}
    email: str | None = None
    language: Language = "en"
    monthly_report: bool = True
    limits: dict[str, Limit] = {}
    free_month: str | None = None
    topped_up: bool = False
    last_entry: str | None = None
    audited_until: Instant | None = None
    audited_balance: int = 0

    @property
    def balance(self) -> int:
        """The sum of the ledger: all credits, also those that expired and were not yet taken."""
        return self.bought + sum(self.granted.values())

    def available(self, now: datetime) -> int:
        """Credits that can be used at `now`, the month's free ones among them."""
        return self.spendable(now) + free_credits_due(self.free_month, now)

    def spendable(self, now: datetime) -> int:
        """Credits that can be used at `now`."""
        return self.bought + sum(live(self.granted, now).values())

    def limit(self, usual: Limit) -> Limit:
        """The limit that holds for this account."""
        return self.limits.get(usual.name, usual)
