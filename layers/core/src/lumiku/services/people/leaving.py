"""Asking for the deletion of an account: typed out, and with the password."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from lumiku.domain.errors import InvalidRequest, WrongCredentials
from lumiku.domain.money.ledger import month
from lumiku.domain.people.actions import Action
from lumiku.domain.people.callers import ADMIN, Caller
from lumiku.domain.people.identity import NotAllowed, normal_email
from lumiku.domain.people.leaving import SETTLED, Leaver, WrongPassword
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.people.ports import Directory, IdentityProvider, Leavers
from lumiku.services.work.idempotency import row_id

type AddressHash = Callable[[str], str]
"""A keyed hash of an address, from which nobody finds the address."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The use case of POST /account/delete. From then on the account's tokens open nothing."""

    identity: IdentityProvider
    directory: Directory
    leavers: Leavers
    address_hash: AddressHash
    clock: Clock

    def leave(self, caller: Caller, email: str, password: str) -> Leaver:
        """Have the account deleted. Repeating it changes nothing.

        `InvalidRequest` if the address is not the account's, `WrongPassword`, and `NotAllowed` for
        administrators, whom whoever runs the service lets go.
        """
        if ADMIN in caller.scopes:
            raise NotAllowed(
                Text(
                    "An administrator's account is not deleted here. Have the group taken away"
                    " first.",
                    "Akun administrator tidak dapat dihapus di sini. Mintalah grupnya dicabut"
                    " dulu.",
                )
            )
        person, email = self.directory.by_id(caller.account), normal_email(email)
        if person is None or person.email is None or normal_email(person.email) != email:
            raise InvalidRequest.at(
                "body.email",
                Text("Not this account's address", "Bukan alamat email akun ini"),
            )
        try:
            self.identity.log_in(email, password)
        except WrongCredentials:
            raise WrongPassword from None
        now = self.clock()
        leaver = Leaver(
            user_id=caller.account,
            alias=f"former_{secrets.token_hex(16)}",
            since=person.since,
            asked_at=now,
            settles_at=now + SETTLED,
        )
        action = Action(
            id=row_id("leave", caller.account, "", None),
            admin_id=caller.actor,
            user_id=caller.account,
            kind="leave",
            what="account",
            reason=None,
            at=now,
        )
        return self.leavers.ask(leaver, action, address=self.address_hash(email), month=month(now))
