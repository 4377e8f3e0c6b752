"""What the use cases of people need from the outside: one port for each kind of thing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.people.actions import Action
from lumiku.domain.people.brands import Brand
from lumiku.domain.people.keys import ApiKey
from lumiku.domain.people.leaving import Leaver, Takeout
from lumiku.domain.people.limits import Limit
from lumiku.domain.people.teams import Act, Invitation, Member, Role
from lumiku.domain.telling.mails import Letter


class Paces(Protocol):
    """The theoretical arrival time of each user and limit."""

    def take(self, user_id: str, limit: Limit, now: datetime, count: int = 1) -> datetime:
        """Move it on by so many: where it is then. `TooManyRequests` if that is too soon.

        However many ask at once, each moves it once.
        """

    def give_back(self, user_id: str, limit: Limit, count: int = 1) -> None:
        """Move it back by so many, which turned out not to count."""


class KeyStore(Protocol):
    """API keys, without their secrets."""

    def key(self, key_id: str) -> ApiKey | None:
        """The key of that id, revoked or not."""

    def keys(self, account: str) -> list[ApiKey]:
        """Those of an account, the oldest first; one that was just made may not be there yet."""

    def add(self, key: ApiKey) -> None:
        """Put one that is not there yet."""

    def replace_secrets(self, was: ApiKey, now: ApiKey) -> None:
        """Have other secrets prove it. `Busy` if it changed since it was read."""

    def revoke(self, key_id: str, at: datetime) -> None:
        """It is good for nothing any more. Repeating it is fine."""

    def note_use(self, key_id: str, at: datetime) -> None:
        """It was used then."""


class Doorbook(Protocol):
    """Who may come into a workspace, and what they did there."""

    def member(self, workspace: str, user_id: str) -> Member | None:
        """The membership as it is now."""

    def note(self, act: Act) -> None:
        """Keep it for a while, in place of what was known of it."""


class TeamStore(Doorbook, Protocol):
    """Members of workspaces and invitations to them."""

    def team(self, workspace: str) -> tuple[list[Member], list[Invitation]]:
        """All members, and all invitations also where they are too old."""

    def of_person(self, user_id: str) -> list[Member]:
        """Memberships of a person; one that has just begun or ended may be missed."""

    def invitation(self, workspace: str, invitation_id: str) -> Invitation | None:
        """One that was neither accepted nor withdrawn."""

    def invite(self, invitation: Invitation) -> None:
        """Keep it, and have a mail written about it."""

    def withdraw(self, workspace: str, invitation_id: str) -> None:
        """Nobody can accept it any more. Repeating it is fine."""

    def join(self, member: Member) -> bool:
        """The member is in and their invitation is gone; False if it was gone before."""

    def change_role(self, member: Member, role: Role) -> Member:
        """Another role. `Busy` if the membership is not as it was read."""

    def remove(self, member: Member) -> None:
        """The membership is over. Repeating it is fine; `Busy` if it is not as it was read."""

    def acts(
        self, workspace: str, month: str, *, before: str | None, at_once: int
    ) -> Iterator[Act]:
        """What was done in a UTC month (`2026-11`), newest first, from before a place there."""


class Brands(Protocol):
    """How accounts present themselves."""

    def brand(self, account: str) -> Brand | None:
        """The account's, if it has one."""


class BrandStore(Brands, Protocol):
    """Brands: at most one of an account, at most one of a slug."""

    def named(self, slug: str) -> Brand | None:
        """The one of that slug."""

    def save(self, was: Brand | None, brand: Brand) -> None:
        """Put it in place of what `was` there; its logo stays. `SlugTaken`, or `Busy` if it changed
        since it was read.
        """

    def set_logo(self, was: Brand, logo: str | None) -> None:
        """Have another logo or none. `Busy` if it has not the one that it had."""

    def remove(self, was: Brand) -> None:
        """There is none, and its slug is free. `Busy` if it has a logo, or changed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the user pool knows."""

    user_id: str
    email: str | None
    status: str
    is_enabled: bool
    since: datetime


class Directory(Protocol):
    """The people of the user pool."""

    def by_email(self, email: str) -> Person | None:
        """Whoever has the address."""

    def by_id(self, user_id: str) -> Person | None:
        """Whoever has the id."""

    def remove(self, user_id: str) -> None:
        """Remove whoever has the id from the pool; nobody is fine."""


@dataclass(frozen=True, slots=True)
class Session:
    """Proof of a login: `token` goes into the Authorization header for `expires_in_s` seconds."""

    user_id: str
    token: str
    refresh_token: str
    expires_in_s: int


class IdentityProvider(Protocol):
    """Addresses, passwords and codes. `TooManyTries` and `Busy` may come from every call."""

    def sign_up(self, email: str, password: str) -> str | None:
        """Make an account and send it a code; its id, or None if the address has one already."""

    def confirm(self, email: str, code: str) -> None:
        """Confirm an address with the code that it got, else `WrongCode`."""

    def send_code(self, email: str) -> None:
        """Send an unconfirmed account another code; for any other address nothing happens."""

    def log_in(self, email: str, password: str) -> Session:
        """Open a session; `WrongCredentials` if the two do not belong together.

        `NotConfirmed` or `PasswordResetRequired` if they do and that is not enough.
        """

    def refresh(self, refresh_token: str) -> Session:
        """Go on with a session; `SessionOver` if it cannot be."""

    def send_reset_code(self, email: str) -> None:
        """Send a code for a new password; for an address without an account nothing happens."""

    def reset_password(self, email: str, code: str, password: str) -> None:
        """Replace the password and end all sessions, else `WrongCode` or `WeakPassword`."""


class Leavers(Protocol):
    """Accounts whose deletion was asked for, and for a while those that are gone."""

    def knows(self, user_id: str) -> bool:
        """The deletion of the account was asked for, also if it is done; consistently read."""

    def claim(self, user_id: str, now: datetime, *, until: datetime) -> Leaver | None:
        """Take the one that is due, if nobody else did; it is due again at `until`."""

    def ask(self, leaver: Leaver, action: Action, *, address: str, month: str) -> Leaver:
        """Note that the account is to be deleted, and who did so; answers what was noted first.

        The address, as a keyed hash, had the free credits of that month.
        """

    def free_month(self, address: str) -> str | None:
        """The last month whose free credits an account of that address had that is deleted."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` accounts to go on with, the longest due first."""

    def look_again(self, user_id: str, at: datetime, *, settles_at: datetime | None = None) -> None:
        """Go on with it at that time, and not erase its rows before `settles_at`."""

    def gone(self, user_id: str, at: datetime) -> None:
        """Nothing is left of it; it is known for as long as its tokens may be good."""


class Takeouts(Protocol):
    """The newest copy of all data of each account."""

    def takeout(self, user_id: str) -> Takeout | None:
        """The newest, consistently read."""

    def begin(self, takeout: Takeout, action: Action) -> None:
        """Have one made in place of an earlier one, and note who asked."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of accounts of up to `limit` copies that are to be made, the longest due first."""

    def claim(self, user_id: str, now: datetime, *, until: datetime) -> Takeout | None:
        """Take the one that is due, if nobody else did; it is due again `until` it is ready."""

    def ready(self, takeout: Takeout, letter: Letter) -> None:
        """Keep how it ended, and have a mail written; once for each copy."""


class Belongings(Protocol):
    """All rows of an account, wherever they are."""

    def lines(self, user_id: str, since: datetime, now: datetime) -> Iterator[tuple[str, str]]:
        """Every row as a line of JSON, by its kind; without secrets and keys of indexes."""

    def own_templates(self, user_id: str) -> list[str]:
        """Ids of the templates that the account made."""

    def erase(self, leaver: Leaver, now: datetime) -> int:
        """Remove all rows, or keep them under the alias; answers how many there were.

        Repeating it, also after half of it, ends the same.
        """


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object of an account."""

    key: str
    size_bytes: int
    at: datetime


class AccountFiles(Protocol):
    """Objects in the bucket of photos."""

    def listed(self, prefix: str) -> Iterator[StoredFile]:
        """All objects under a prefix."""

    def erase(self, prefix: str) -> int:
        """Remove all objects under a prefix, in all versions; answers how many there were."""
