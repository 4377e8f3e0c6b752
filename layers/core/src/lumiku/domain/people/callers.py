"""Who asks, and whose account it is about."""

from dataclasses import dataclass
from typing import Literal

from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Text

ADMIN = "admin"

type Scope = Literal["read", "remover", "studio", "webhooks", "billing"]
"""What a key may do: look at everything, or change what belongs to that."""
OF_TESTS: tuple[Scope, ...] = ("read", "remover")


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` acts for `account`, within `scopes`.

    Whatever is ordered, charged or looked at is the account's. For somebody who is logged in both
    are the same person; a program that `is_key` acts by its key, whose own `limit` of orders holds
    beside the account's. Whoever `is_test` orders without charge, and sees no other orders.
    """

    actor: str
    account: str
    scopes: frozenset[str] = frozenset()
    limit: Limit | None = None
    is_key: bool = False
    is_test: bool = False


def require_admin(caller: Caller) -> None:
    """`NotAllowed` unless the actor is an administrator."""
    if ADMIN not in caller.scopes:
        raise NotAllowed(
            Text("Only administrators may do this.", "Hanya administrator yang boleh melakukannya.")
        )


def require_scope(caller: Caller, scope: Scope) -> None:
    """`NotAllowed` if the caller is a key that may not do this, or one for tests that never may."""
    if not caller.is_key:
        return
    if scope not in caller.scopes:
        raise NotAllowed(
            Text(
                f"This key may not do this: it lacks the scope '{scope}'.",
                f"Kunci ini tidak boleh melakukannya: cakupan '{scope}' tidak ada.",
            ),
            scope=scope,
        )
    if caller.is_test and scope not in OF_TESTS:
        raise NotAllowed(
            Text(
                "A test key removes backgrounds and reads; it changes nothing else.",
                "Kunci uji hanya menghapus latar belakang dan membaca; selain itu tidak mengubah"
                " apa pun.",
            ),
            scope=scope,
        )


def person(user_id: str, *scopes: str) -> Caller:
    """Somebody who acts for themselves."""
    return Caller(user_id, user_id, frozenset(scopes))
