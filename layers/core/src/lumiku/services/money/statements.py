"""The ledger as its owner reads it: newest first, each entry with the balance after it.

That balance is never stored. It is counted back from the balance of now, page by page; the cursor
carries it on, so that entries which arrive between two pages change nothing in the older ones.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from lumiku.domain.errors import UNKNOWN_CURSOR, InvalidRequest
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import Entry
from lumiku.domain.people.callers import Caller
from lumiku.services.money.ports import Accounts, Ledger

LAG_S = 0.1
LOOKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and the balance once it was posted."""

    entry: Entry
    balance_after: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines, newest first; `cursor` is None on the last page."""

    lines: list[Line]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Statements:
    """The use case of GET /credits/ledger."""

    accounts: Accounts
    ledger: Ledger
    sleep: Callable[[float], None] = time.sleep

    def page(self, caller: Caller, *, limit: int, cursor: str | None) -> Statement:
        """Up to `limit` lines. `InvalidRequest` for a cursor that was not given to this account."""
        user_id = caller.account
        if cursor is None:
            balance, entries = self._newest(user_id, limit + 1)
        else:
            before, balance = _read_cursor(user_id, cursor)
            entries = self.ledger.read_entries(user_id, before=before, limit=limit + 1)
        lines = []
        for entry in entries[:limit]:
            lines.append(Line(entry, balance))
            balance -= entry.amount
        if len(entries) <= limit:
            return Statement(lines, None)
        return Statement(lines, _write_cursor(user_id, lines[-1].entry.place, balance))

    def _newest(self, user_id: str, limit: int) -> tuple[int, list[Entry]]:
        """The balance and the newest entries, once the index by time shows the last posted one.

        The balance must stand still while they are read. The last posted entry need not be the
        newest: clocks differ, and a transaction may be late.
        """
        for look in range(LOOKS):
            if look:
                self.sleep(LAG_S)
            before = self.accounts.account(user_id)
            entries = self.ledger.read_entries(user_id, limit=limit)
            account = self.accounts.account(user_id)
            if account.last_entry == before.last_entry and _shows(entries, account, limit):
                break
        return account.balance, entries


def _shows(entries: list[Entry], account: Account, limit: int) -> bool:
    """The entry that moved the balance last is among `entries`, or older than all of them."""
    places = [entry.place for entry in entries]
    last = account.last_entry
    return last is None or last in places or (len(places) == limit and last < places[-1])


def _check(user_id: str, place: str, balance: int) -> str:
    return hashlib.sha256(json.dumps([user_id, place, balance]).encode()).hexdigest()[:12]


def _write_cursor(user_id: str, place: str, balance: int) -> str:
    written = json.dumps([place, balance, _check(user_id, place, balance)])
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _read_cursor(user_id: str, cursor: str) -> tuple[str, int]:
    """Place and balance. The check keeps cursors of others out; it guards no secret, because a
    place is only ever looked for in the caller's own ledger.
    """
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        given = json.loads(written.decode())
        match given:
            case [str(place), int(balance), check] if check == _check(user_id, place, balance):
                place.encode()  # half a surrogate pair cannot be looked for
                return place, balance
    except (ValueError, RecursionError):
        pass
    raise InvalidRequest(UNKNOWN_CURSOR)
