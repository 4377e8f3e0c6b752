"""The way into another's account: membership is read on each request, and what is done is noted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from lumiku.domain.people.callers import Caller
from lumiku.domain.people.leaving import AccountLeft
from lumiku.domain.people.teams import RIGHTS, Act, Member, is_id, unknown
from lumiku.services.clock import Clock
from lumiku.services.people.ports import Doorbook


@dataclass(frozen=True, slots=True)
class Door:
    """Who may act for which workspace, now.

    Nobody does for an account that `is_leaving`, nor do its person and their keys for others.
    """

    book: Doorbook
    is_leaving: Callable[[str], bool]
    clock: Clock

    def let_in(self, who: Caller, workspace: str | None) -> Caller:
        """Whom a request is by and about, with the rights of their role there.

        `NotFound` for every workspace that is not theirs, which is every one but its own for a
        key, its own too once its maker's membership is over, and to members one that is closed.
        `AccountLeft` for whose own account is.
        """
        if self.is_leaving(who.person):
            raise AccountLeft
        entered = self._enter(who, workspace)
        if entered.account != who.person and self.is_leaving(entered.account):
            raise unknown(entered.account)
        return entered

    def begin(self, who: Caller, request_id: str, what: str) -> Act:
        """Write down what a member asks for, before any of it is done."""
        act = Act(
            id=request_id,
            workspace=who.account,
            actor=who.actor,
            member=who.person,
            what=what,
            at=self.clock(),
        )
        self.book.note(act)
        return act

    def end(self, act: Act, status: int) -> None:
        """Write down how it was answered."""
        self.book.note(act.model_copy(update={"status": status}))

    def _enter(self, who: Caller, workspace: str | None) -> Caller:
        if who.is_key:
            if workspace not in (None, who.account):
                raise unknown(workspace or "")
            return self._by_key(who)
        if workspace in (None, who.account):
            return who
        member = self._member(workspace or "", who.actor)
        return replace(
            who, account=member.workspace, scopes=RIGHTS[member.role], membership=member.id
        )

    def _by_key(self, who: Caller) -> Caller:
        if who.membership is None:
            return who
        member = self._member(who.account, who.maker or "")
        if member.id != who.membership:
            raise unknown(who.account)
        return replace(who, scopes=who.scopes & RIGHTS[member.role])

    def _member(self, workspace: str, user_id: str) -> Member:
        member = self.book.member(workspace, user_id) if is_id(workspace) else None
        if member is None:
            raise unknown(workspace)
        return member
