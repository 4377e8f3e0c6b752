"""What administrators do: find an account, give credits, set limits. Changes are written down."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from lumiku.domain.errors import IdempotencyKeyReused, NotFound
from lumiku.domain.money import ledger
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import Entry
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.actions import Action
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.domain.people.identity import normal_email
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Ledger, Wallets
from lumiku.services.people.ports import Directory, Person
from lumiku.services.transactions import AlreadyDone, Post, Record, SetLimits, Transactions
from lumiku.services.work.idempotency import row_id

LAST_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A person, what they can pay with today, and their newest ledger entries."""

    person: Person
    wallet: Wallet
    now: datetime
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Administration:
    """Use cases of /admin/accounts; of plans, those of `app` are shown.

    Every one raises `NotAllowed` for a caller who is no administrator.
    """

    app: str
    directory: Directory
    wallets: Wallets
    ledger: Ledger
    transactions: Transactions
    clock: Clock

    def find(self, caller: Caller, email: str) -> Finding:
        """The account of an address, else `NotFound`."""
        require_admin(caller)
        person = self.directory.by_email(normal_email(email))
        if person is None:
            raise NotFound(
                Text(f"Nobody has the address {email}.", f"Tidak ada akun dengan alamat {email}.")
            )
        now = self.clock()
        return Finding(
            person,
            self.wallets.wallet(person.user_id, app=self.app, day=quota_day(now)),
            now,
            self.ledger.read_entries(person.user_id, limit=LAST_ENTRIES),
        )

    def grant(
        self, caller: Caller, user_id: str, amount: int, reason: str, *, key: str | None
    ) -> tuple[Entry, int]:
        """Give `amount` > 0 credits: the entry and the balance after.

        The same key with the same grant gives once; `IdempotencyKeyReused` with another one.
        """
        require_admin(caller)
        self._person(user_id)
        now = self.clock()
        grant_id = row_id("grant", caller.actor, f"POST /admin/accounts/{user_id}/credits", key)
        entry = ledger.grant(user_id, amount, grant_id, now, reason)
        action = Action(
            id=grant_id,
            admin_id=caller.actor,
            user_id=user_id,
            kind="grant",
            what=f"{amount} credits",
            reason=reason,
            at=now,
        )
        try:
            self.transactions.commit(Post(entry), Record(action))
        except AlreadyDone:
            earlier = self.ledger.entry(user_id, entry.id)
            if earlier is None or (earlier.amount, earlier.note) != (amount, reason):
                raise IdempotencyKeyReused from None
            entry = earlier
        return entry, self._account(user_id, now).spendable(now)

    def set_limits(
        self, caller: Caller, user_id: str, limits: list[Limit], reason: str | None
    ) -> Account:
        """Replace the limits of the account's own; for others the usual ones hold."""
        require_admin(caller)
        self._person(user_id)
        now = self.clock()
        by_name = {limit.name: limit for limit in limits}
        action = Action(
            id=row_id("limits", caller.actor, "", None),
            admin_id=caller.actor,
            user_id=user_id,
            kind="limits",
            what=json.dumps({name: limit.model_dump() for name, limit in by_name.items()}),
            reason=reason,
            at=now,
        )
        self.transactions.commit(SetLimits(user_id, by_name), Record(action))
        return self._account(user_id, now)

    def _person(self, user_id: str) -> Person:
        person = self.directory.by_id(user_id)
        if person is None:
            raise NotFound(Text(f"There is no account {user_id}.", f"Tidak ada akun {user_id}."))
        return person

    def _account(self, user_id: str, now: datetime) -> Account:
        return self.wallets.wallet(user_id, app=self.app, day=quota_day(now)).account
