"""Adding ledgers up: the sum of the entries must be the balance, always.

An account is audited some hours after its balance moved, from where the last audit ended. The
index by time may be a moment behind and the balance may move between two reads, so a difference is
only believed after a consistent read of all entries during which the balance stood still.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lumiku.domain.instant import iso
from lumiku.domain.money.accounts import AUDIT_EVERY, Account
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts, Ledger

SETTLED = timedelta(minutes=10)
"""No function runs that long: an entry of that age is in the table and in the index, or never."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance that is not the sum of its entries, but `amount` more."""

    user_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audits of one sweep found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    drifts: list[Drift] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Auditing:
    """The audit of the books; running it twice at once is harmless."""

    accounts: Accounts
    books: Ledger
    clock: Clock

    def audit(self, *, limit: int = 200) -> Audit:
        """Audit up to `limit` accounts that are due."""
        found = Audit()
        for user_id in self.books.audits_due(self.clock(), limit=limit):
            drift = self._audit_account(user_id)
            if drift is None:
                found.outcomes["moving"] += 1
            elif drift:
                found.outcomes["drift"] += 1
                found.drifts.append(Drift(user_id, drift))
            else:
                found.outcomes["balanced"] += 1
        return found

    def _audit_account(self, user_id: str) -> int | None:
        """How far the balance is off; None when it moved too fast to tell."""
        now = self.clock()
        account = self.accounts.account(user_id)
        until = now - SETTLED
        settled, recent = self._add_up(user_id, account, until)
        if settled + recent == account.balance:
            self.books.file_audit(user_id, until=until, balance=settled, due=now + AUDIT_EVERY)
            if account.last_entry is not None and account.last_entry < iso(until):
                self.books.rest_audits(user_id, last_entry=account.last_entry)
            return 0
        return self._look_again(user_id, now)

    def _add_up(self, user_id: str, account: Account, until: datetime) -> tuple[int, int]:
        """From the last audit: the balance at `until`, and what came after."""
        settled, recent = account.audited_balance, 0
        after = None if account.audited_until is None else _end(account.audited_until)
        for entry in self.books.read_entries(user_id, after=after):
            if entry.at <= until:
                settled += entry.amount
            else:
                recent += entry.amount
        return settled, recent

    def _look_again(self, user_id: str, now: datetime) -> int | None:
        until = now - SETTLED
        for _ in range(TRIES):
            before = self.accounts.account(user_id)
            settled, recent = self.books.totals(user_id, until)
            after = self.accounts.account(user_id)
            if before.last_entry != after.last_entry:
                continue
            drift = after.balance - settled - recent
            is_right = drift == 0
            self.books.file_audit(
                user_id,
                until=until if is_right else None,
                balance=settled,
                due=now + AUDIT_EVERY,
            )
            return drift
        return None


def _end(moment: datetime) -> str:
    """A place behind every entry of that moment and before every later one."""
    return f"{iso(moment)}~"
