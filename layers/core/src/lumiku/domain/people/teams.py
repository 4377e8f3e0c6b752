"""Teams: an account is a workspace, and a membership is what lets others act for it.

The person whose account it is owns it for good, without a membership.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.instant import Instant, iso
from lumiku.domain.people.callers import Right
from lumiku.domain.texts import Language, Text

MAX_TEAM = 50
"""Members and open invitations of a workspace."""
OPEN = timedelta(days=7)
"""So long an invitation can be accepted."""
ACTS_KEPT = timedelta(days=400)
_IS_ID = re.compile(r"[0-9A-Za-z_-]{1,128}", re.ASCII)

type Role = Literal["owner", "admin", "editor", "viewer"]

RIGHTS: Mapping[Role, frozenset[Right]] = {
    "viewer": frozenset({"read"}),
    "editor": frozenset({"read", "remover", "studio"}),
    "admin": frozenset({"read", "remover", "studio", "webhooks", "keys", "brand", "team"}),
    "owner": frozenset(
        {"read", "remover", "studio", "webhooks", "keys", "brand", "team", "owners", "billing"}
    ),
}
"""What each may do. `account` is the person's whose account it is, and `admin` nobody's here."""


class TeamFull(Refusal):
    """The workspace has as many members and open invitations as it may have."""

    code = "team_full"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"A team has at most {MAX_TEAM} members and open invitations. Remove one first.",
                f"Satu tim paling banyak {MAX_TEAM} anggota dan undangan terbuka. Hapus satu dulu.",
            ),
            allowed=MAX_TEAM,
        )


class LastOwner(Refusal):
    """It is the account of that person, who stays its owner."""

    code = "last_owner"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "This workspace is this person's own account: its owner cannot leave, be removed"
                " or have another role.",
                "Ruang kerja ini adalah akun orang ini sendiri: pemiliknya tidak dapat keluar,"
                " dihapus, atau diberi peran lain.",
            )
        )


class Invitation(BaseModel, frozen=True, defer_build=True):
    """Whoever has the address may become a member, once. `invited_by` is who acted."""

    id: str
    workspace: str
    email: str
    role: Role
    language: Language
    invited_by: str
    created_at: Instant

    @property
    def expires_at(self) -> datetime:
        """From then on nobody can accept it."""
        return self.created_at + OPEN


class Member(BaseModel, frozen=True, defer_build=True):
    """Somebody who may act for a workspace. `id` is the membership's: whoever comes back has
    another one.
    """

    id: str
    workspace: str
    user_id: str
    email: str
    role: Role
    invited_by: str
    since: Instant


class Act(BaseModel, frozen=True, defer_build=True):
    """What was asked of a workspace by a member, or by a key that the member made.

    `status` is how it was answered, None if that is not known.
    """

    id: str
    workspace: str
    actor: str
    member: str
    what: str
    at: Instant
    status: int | None = None

    @property
    def place(self) -> str:
        """Its place among those of its workspace, by time."""
        return f"{iso(self.at)}#{self.id}"


def is_id(text: str) -> bool:
    """It has the form of an id of a workspace."""
    return _IS_ID.fullmatch(text) is not None


def unknown(workspace: str) -> NotFound:
    """There is no such workspace, or none that the caller is a member of."""
    shown = workspace[:128]
    return NotFound(
        Text(
            f"You are not a member of a workspace {shown}.",
            f"Anda bukan anggota ruang kerja {shown}.",
        ),
        workspace=shown,
    )
