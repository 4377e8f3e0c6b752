"""Who asks, and whose account it is about."""

from dataclasses import dataclass
from typing import Literal

from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Text

ADMIN = "admin"

type Scope = Literal["read", "remover", "studio", "webhooks", "billing"]
"""What a key may do: look at everything, or change what belongs to that."""
type Right = Scope | Literal["keys", "brand", "team", "owners", "account", "admin"]
"""What a request needs: a scope, or what keys never have. `team` is to let people in and out,
`owners` to do that with owners, `account` to change what is a person's own."""
OF_TESTS: tuple[Scope, ...] = ("read", "remover")


@dataclass(frozen=True, slots=True)
class Caller:
    """`actor` acts for `account`, within `scopes`.

    Whatever is ordered, charged or looked at is the account's. For somebody who is logged in both
    are the same person; a program that `is_key` acts by its key, whose own `limit` of orders holds
    beside the account's. Whoever `is_test` orders without charge, and sees no other orders.

    Another account is a workspace: `membership` is by which its member acts there, None in one's
    own. Behind a key that a member made is its `maker`.
    """

    actor: str
    account: str
    scopes: frozenset[str] = frozenset()
    limit: Limit | None = None
    is_key: bool = False
    is_test: bool = False
    maker: str | None = None
    membership: str | None = None

    @property
    def person(self) -> str:
        """Who is behind it: of a key its maker, who is the account's own person unless a member."""
        return self.maker or self.account if self.is_key else self.actor

    @property
    def deputy(self) -> str | None:
        """The actor, where that is not the account's own person: a member, or a key."""
        return None if self.actor == self.account else self.actor


def require_admin(caller: Caller) -> None:
    """`NotAllowed` unless the actor is an administrator."""
    if ADMIN not in caller.scopes:
        raise NotAllowed(
            Text("Only administrators may do this.", "Hanya administrator yang boleh melakukannya.")
        )


def require_right(caller: Caller, right: Right) -> None:
    """`NotAllowed` if the caller is a key or a member that may not do this, or one for tests."""
    if not caller.is_key and caller.membership is None:
        return
    if right not in caller.scopes:
        raise NotAllowed(_lacking(right, by_key=caller.is_key), scope=right)
    if caller.is_test and right not in OF_TESTS:
        raise NotAllowed(
            Text(
                "A test key removes backgrounds and reads; it changes nothing else.",
                "Kunci uji hanya menghapus latar belakang dan membaca; selain itu tidak mengubah"
                " apa pun.",
            ),
            scope=right,
        )


def _lacking(right: Right, *, by_key: bool) -> Text:
    if by_key:
        return Text(
            f"This key may not do this: it lacks the scope '{right}'.",
            f"Kunci ini tidak boleh melakukannya: cakupan '{right}' tidak ada.",
        )
    return Text(
        f"Your role in this workspace may not do this: it lacks '{right}'.",
        f"Peran Anda di ruang kerja ini tidak boleh melakukannya: tidak ada '{right}'.",
    )


def person(user_id: str, *scopes: str) -> Caller:
    """Somebody who acts for themselves."""
    return Caller(user_id, user_id, frozenset(scopes))
