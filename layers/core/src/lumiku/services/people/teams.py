"""Teams: who may act for an account, by invitation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from lumiku.domain.errors import InvalidRequest, NotFound
from lumiku.domain.money.accounts import Account
from lumiku.domain.people.callers import Caller, require_right
from lumiku.domain.people.identity import NotAllowed, normal_email
from lumiku.domain.people.limits import INVITED
from lumiku.domain.people.teams import (
    MAX_TEAM,
    Act,
    Invitation,
    LastOwner,
    Member,
    Role,
    TeamFull,
)
from lumiku.domain.texts import Language, Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts
from lumiku.services.people.admission import admit
from lumiku.services.people.ports import KeyStore, Paces, TeamStore
from lumiku.services.work.listing import Page, page, place_of

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Teams:
    """Use cases of /api/workspaces, /api/team and /api/invitations.

    What a role may do at all is asked at the door; here is who may have to do with owners.
    """

    store: TeamStore
    accounts: Accounts
    keys: KeyStore
    paces: Paces
    clock: Clock

    def workspaces(self, caller: Caller) -> list[tuple[Member, Account]]:
        """Other accounts that the actor is a member of, and these accounts."""
        found = self.store.of_person(caller.actor)
        return [(one, self.accounts.account(one.workspace)) for one in found]

    def team(self, caller: Caller) -> tuple[Account, list[Member], list[Invitation]]:
        """The workspace's own account, its members and its open invitations, the oldest first."""
        members, invitations = self.store.team(caller.account)
        now = self.clock()
        waiting = [one for one in invitations if now < one.expires_at]
        return (
            self.accounts.account(caller.account),
            sorted(members, key=lambda one: one.since),
            sorted(waiting, key=lambda one: one.created_at),
        )

    def invite(
        self, caller: Caller, email: str, role: Role, language: Language | None
    ) -> Invitation:
        """Have whoever owns the address asked in; an open invitation of theirs is replaced.

        `InvalidRequest` for an address that is in already, `TeamFull`, `TooManyRequests`.
        """
        _may_give(caller, role)
        email = normal_email(email)
        account, members, waiting = self.team(caller)
        if email in {account.email, *(one.email for one in members)}:
            told = Text("Is a member already", "Sudah menjadi anggota")
            raise InvalidRequest.at("body.email", told)
        before = [one for one in waiting if one.email == email]
        for one in before:
            _may_give(caller, one.role)
        if len(members) + len(waiting) - len(before) >= MAX_TEAM:
            raise TeamFull
        now = self.clock()
        admit(self.paces, caller.account, INVITED, now)
        invitation = Invitation(
            id=secrets.token_hex(ID_BYTES),
            workspace=caller.account,
            email=email,
            role=role,
            language=language or account.language,
            invited_by=caller.actor,
            created_at=now,
        )
        for one in before:
            self.store.withdraw(one.workspace, one.id)
        self.store.invite(invitation)
        return invitation

    def withdraw(self, caller: Caller, invitation_id: str) -> Invitation:
        """Nobody can accept it any more; `NotFound` if it is not open."""
        found = self.store.invitation(caller.account, invitation_id)
        if found is None:
            raise NotFound(
                Text(
                    f"There is no open invitation {invitation_id}.",
                    f"Tidak ada undangan terbuka {invitation_id}.",
                )
            )
        _may_give(caller, found.role)
        self.store.withdraw(caller.account, invitation_id)
        return found

    def accept(self, caller: Caller, workspace: str, invitation_id: str) -> Member:
        """The actor is in: again the same member, if it was this invitation that let them in.

        `NotFound` once it is used, withdrawn or too old; `NotAllowed` for another address than
        the one that was invited.
        """
        found = self.store.invitation(workspace, invitation_id)
        known = self.store.member(workspace, caller.actor)
        if known is not None and known.id == invitation_id:
            return known
        now = self.clock()
        if found is None or now >= found.expires_at:
            raise _over()
        if self.accounts.account(caller.actor).email != found.email:
            raise NotAllowed(
                Text(
                    "This invitation is for another address: log in with the one that it was"
                    " sent to.",
                    "Undangan ini untuk alamat lain: masuklah dengan alamat yang menerimanya.",
                )
            )
        member = Member(
            id=found.id,
            workspace=workspace,
            user_id=caller.actor,
            email=found.email,
            role=found.role,
            invited_by=found.invited_by,
            since=now,
        )
        if not self.store.join(member):
            raise _over()
        return member

    def change_role(self, caller: Caller, user_id: str, role: Role) -> Member:
        """Another role from now on. With owners only owners have to do; `LastOwner`."""
        member = self._member(caller, user_id)
        _may_give(caller, member.role)
        _may_give(caller, role)
        return self.store.change_role(member, role)

    def remove(self, caller: Caller, user_id: str) -> Member:
        """No member any more; their keys and open invitations are good for nothing. `LastOwner`."""
        member = self._member(caller, user_id)
        _may_give(caller, member.role)
        for one in self.store.team(caller.account)[1]:
            if one.invited_by == user_id:  # perhaps an address of their own
                self.store.withdraw(one.workspace, one.id)
        return self._end(member)

    def leave(self, caller: Caller) -> Member:
        """The actor is no member any more. `LastOwner` in one's own account."""
        return self._end(self._member(caller, caller.actor))

    def activity(
        self, caller: Caller, month: str | None, *, cursor: str | None, limit: int
    ) -> tuple[Page[Act], dict[str, str | None]]:
        """What members and their keys did in a UTC month, else this one; members' addresses."""
        found = self.store.acts(
            caller.account,
            month or f"{self.clock():%Y-%m}",
            before=place_of(cursor),
            at_once=limit + 1,
        )
        shown = page(((one.place, one) for one in found), lambda _: True, limit=limit)
        return shown, self._addresses([one.member for one in shown.shown])

    def _addresses(self, user_ids: Sequence[str]) -> dict[str, str | None]:
        return {one: self.accounts.account(one).email for one in dict.fromkeys(user_ids)}

    def _end(self, member: Member) -> Member:
        self.store.remove(member)
        for key in self.keys.keys(member.workspace):
            if key.membership == member.id:
                self.keys.revoke(key.id, self.clock())
        return member

    def _member(self, caller: Caller, user_id: str) -> Member:
        if user_id == caller.account:
            raise LastOwner
        found = self.store.member(caller.account, user_id)
        if found is None:
            raise NotFound(Text(f"There is no member {user_id}.", f"Tidak ada anggota {user_id}."))
        return found


def _may_give(caller: Caller, role: Role) -> None:
    """Only owners have to do with owners."""
    if role == "owner":
        require_right(caller, "owners")


def _over() -> NotFound:
    return NotFound(
        Text(
            "This invitation is not open: it was used or withdrawn, or it is older than 7 days."
            " Ask for another one.",
            "Undangan ini tidak terbuka: sudah dipakai, ditarik, atau lebih dari 7 hari."
            " Mintalah undangan baru.",
        )
    )
