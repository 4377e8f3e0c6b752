"""JSON of workspaces and their teams."""

from collections.abc import Iterable, Mapping

from pydantic import Field

from lumiku.domain.instant import Instant
from lumiku.domain.money.accounts import Account
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.teams import Act, Invitation, Member, Role
from lumiku.domain.texts import Language, Text
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.http.people.people import EMAIL
from lumiku.services.work.listing import Page


class NewInvitation(RequestBody):
    """Who is asked in, and as what."""

    email: str = EMAIL
    role: Role = Field(description="`owner` by owners only")
    language: Language | None = Field(
        default=None, description="Of the mail; absent: the workspace's"
    )


class Acceptance(RequestBody):
    """What the link in the mail ends in."""

    token: str = Field(
        max_length=256,
        pattern=worded(
            r"^[0-9A-Za-z_-]{1,128}\.[0-9a-f]{32}$",
            Text("Not what a link of an invitation ends in", "Bukan akhir tautan undangan"),
        ),
        examples=["8f1e7f6a-0c1d-4c55-9a0e-5b1f3d2c4a10.0123456789abcdef0123456789abcdef"],
    )


class NewRole(RequestBody):
    """Another role."""

    role: Role = Field(description="`owner` by owners only")


class WorkspaceBody(Body):
    """An account that the caller may act for: name it in the header `X-Workspace`."""

    workspace_id: str
    owner: str | None = Field(description="Address of the person whose account it is")
    role: Role


class WorkspaceList(Body):
    """The caller's own account first."""

    workspaces: list[WorkspaceBody]


class MemberBody(Body):
    """Somebody of a team; whose account it is has neither `since` nor `invitedBy`."""

    user_id: str
    email: str | None
    role: Role
    since: Instant | None = None
    invited_by: str | None = None


class InvitationBody(Body):
    """An invitation that is open. Its `token` is good for whoever owns the address alone."""

    invitation_id: str
    email: str
    role: Role
    invited_by: str
    created_at: Instant
    expires_at: Instant
    token: str


class TeamBody(Body):
    """Members of a workspace and who is asked in."""

    workspace_id: str
    members: list[MemberBody]
    invitations: list[InvitationBody]


class ActBody(Body):
    """What a member or a member's key asked to have changed.

    `status` is that of the answer; null: it is not known whether anything was done.
    """

    at: Instant
    actor: str = Field(description="A user's id or a key's")
    member: str
    email: str | None
    what: str = Field(examples=["DELETE /api/apps/product-photo-studio/items/item_1f2e"])
    request_id: str
    status: int | None


class ActList(Body):
    """Newest first."""

    activity: list[ActBody]
    next_cursor: str | None


def workspace_list(
    caller: Caller, own: Account, others: Iterable[tuple[Member, Account]]
) -> WorkspaceList:
    """All that the actor may act for."""
    first = WorkspaceBody(workspace_id=caller.actor, owner=own.email, role="owner")
    rest = (
        WorkspaceBody(workspace_id=one.workspace, owner=account.email, role=one.role)
        for one, account in others
    )
    return WorkspaceList(workspaces=[first, *rest])


def member_body(member: Member) -> MemberBody:
    """A member as others of the team see them."""
    return MemberBody.model_validate(member)


def invitation_body(invitation: Invitation) -> InvitationBody:
    """An invitation as the team sees it."""
    return InvitationBody(
        invitation_id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        token=f"{invitation.workspace}.{invitation.id}",
    )


def team_body(
    workspace: str, account: Account, members: Iterable[Member], waiting: Iterable[Invitation]
) -> TeamBody:
    """A team, its own person first."""
    own = MemberBody(user_id=workspace, email=account.email, role="owner")
    return TeamBody(
        workspace_id=workspace,
        members=[own, *map(member_body, members)],
        invitations=list(map(invitation_body, waiting)),
    )


def act_list(page: Page[Act], emails: Mapping[str, str | None]) -> ActList:
    """What was done, with the addresses of who did it."""
    shown = [
        ActBody(
            at=act.at,
            actor=act.actor,
            member=act.member,
            email=emails[act.member],
            what=act.what,
            request_id=act.id,
            status=act.status,
        )
        for act in page.shown
    ]
    return ActList(activity=shown, next_cursor=page.cursor)
