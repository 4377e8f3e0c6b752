"""Who asks, and whose account it is about."""

from dataclasses import dataclass

from lumiku.domain.connected.grants import Grant
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.texts import Text

ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` acts for `account`, within `scopes`.

    Whatever is ordered, charged or looked at is the account's. For somebody who is logged in both
    are the same person; a connected app acts by the account's `grant`.
    """

    actor: str
    account: str
    scopes: frozenset[str] = frozenset()
    grant: Grant | None = None


def require_admin(caller: Caller) -> None:
    """`NotAllowed` unless the actor is an administrator."""
    if ADMIN not in caller.scopes:
        raise NotAllowed(
            Text("Only administrators may do this.", "Hanya administrator yang boleh melakukannya.")
        )


def person(user_id: str, *scopes: str) -> Caller:
    """Somebody who acts for themselves."""
    return Caller(user_id, user_id, frozenset(scopes))
