"""The user pool and its directory in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from lumiku.domain.errors import WrongCredentials
from lumiku.domain.people.identity import NotConfirmed, SessionOver, WrongCode
from lumiku.domain.people.teams import Act, Member
from lumiku.services.people.ports import Person, Session


@dataclass
class FakeIdentity:
    """Ids and passwords by address; every code is `CODE`. `mails` are the addresses written to."""

    CODE = "123456"

    ids: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    mails: list[str] = field(default_factory=list)

    def sign_up(self, email: str, password: str) -> str | None:
        if email in self.ids:
            return None
        self.ids[email] = f"u{len(self.ids)}"
        self.passwords[email] = password
        self.mails.append(email)
        return self.ids[email]

    def confirm(self, email: str, code: str) -> None:
        if code != self.CODE or email not in self.ids or email in self.confirmed:
            raise WrongCode
        self.confirmed.add(email)

    def send_code(self, email: str) -> None:
        if email in self.ids and email not in self.confirmed:
            self.mails.append(email)

    def log_in(self, email: str, password: str) -> Session:
        if self.passwords.get(email) != password:
            raise WrongCredentials
        if email not in self.confirmed:
            raise NotConfirmed
        return Session(self.ids[email], "token", f"refresh-{email}", 3600)

    def refresh(self, refresh_token: str) -> Session:
        email = refresh_token.removeprefix("refresh-")
        if email not in self.confirmed:
            raise SessionOver
        return Session(self.ids[email], "another token", refresh_token, 3600)

    def send_reset_code(self, email: str) -> None:
        if email in self.confirmed:
            self.mails.append(email)

    def reset_password(self, email: str, code: str, password: str) -> None:
        if code != self.CODE or email not in self.confirmed:
            raise WrongCode
        self.passwords[email] = password


@dataclass
class FakeDirectory:
    """People by id."""

    people: dict[str, str] = field(default_factory=dict)

    def by_email(self, email: str) -> Person | None:
        ids = (user_id for user_id, known in self.people.items() if known == email)
        return self.by_id(next(ids, ""))

    def by_id(self, user_id: str) -> Person | None:
        if user_id not in self.people:
            return None
        since = datetime(2026, 1, 2, tzinfo=UTC)
        return Person(user_id, self.people[user_id], "CONFIRMED", True, since)

    def remove(self, user_id: str) -> None:
        self.people.pop(user_id, None)


@dataclass
class FakeDoorbook:
    """Members by workspace and user."""

    members: dict[tuple[str, str], Member] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)

    def member(self, workspace: str, user_id: str) -> Member | None:
        return self.members.get((workspace, user_id))

    def note(self, act: Act) -> None:
        self.acts[act.id] = act
