"""/api/workspaces, /api/team and /api/invitations: whom somebody may act for, and who for them."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.bootstrap import people, stores
from lumiku.domain import errors
from lumiku.domain.people.teams import LastOwner, TeamFull
from lumiku.http.api import (
    Cursor,
    Envelope,
    Id,
    PageSize,
    answer,
    answering,
    caller,
    done,
    make_api,
    refusals,
)
from lumiku.http.field_errors import MONTH
from lumiku.http.people.teams import (
    Acceptance,
    ActList,
    InvitationBody,
    MemberBody,
    NewInvitation,
    NewRole,
    TeamBody,
    WorkspaceList,
    act_list,
    invitation_body,
    member_body,
    team_body,
    workspace_list,
)

TAGS = ["teams"]

api = make_api(door=people.door())
teams = people.teams()


@api.get(
    "/api/workspaces",
    summary="List workspaces",
    tags=TAGS,
    responses=refusals() | done("All accounts that the caller may act for"),
)
def list_workspaces() -> Envelope[WorkspaceList]:
    """The caller's own account, and those that others let them into."""
    who = caller(api)
    own = stores.accounts().account(who.actor)
    return Envelope(data=workspace_list(who, own, teams.workspaces(who)))


@api.get(
    "/api/team",
    summary="Show the team",
    tags=TAGS,
    responses=refusals() | done("Members and open invitations"),
)
def show_team() -> Envelope[TeamBody]:
    """Who may act for the workspace, and who is asked in."""
    who = caller(api)
    return Envelope(data=team_body(who.account, *teams.team(who)))


@api.post(
    "/api/team/invitations",
    summary="Invite somebody",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, TeamFull, errors.TooManyRequests, errors.Busy)
    | done("A mail is on its way", status=HTTPStatus.CREATED),
)
def invite(invitation: NewInvitation) -> Response[Envelope[InvitationBody]]:
    """Ask somebody into the team by mail, which is sent within a few minutes. It can be accepted
    once, for 7 days, by whoever owns the address; an earlier one for the address is void.
    """
    made = teams.invite(caller(api), invitation.email, invitation.role, invitation.language)
    return answer(invitation_body(made), HTTPStatus.CREATED)


@api.delete(
    "/api/team/invitations/<invitation_id>",
    summary="Withdraw an invitation",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("What was withdrawn"),
)
def withdraw_invitation(invitation_id: Id) -> Envelope[InvitationBody]:
    """Nobody can accept it any more."""
    return Envelope(data=invitation_body(teams.withdraw(caller(api), invitation_id)))


@api.post(
    "/api/invitations/accept",
    summary="Accept an invitation",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("The membership"),
)
def accept_invitation(acceptance: Acceptance) -> Envelope[MemberBody]:
    """Join the team that the caller's address was asked into. Repeating it is fine."""
    workspace, invitation_id = acceptance.token.rsplit(".", 1)
    return Envelope(data=member_body(teams.accept(caller(api), workspace, invitation_id)))


@api.patch(
    "/api/team/members/<user_id>",
    summary="Change a role",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, LastOwner, errors.Busy)
    | done("The member as it is now"),
)
def change_role(user_id: Id, change: NewRole) -> Envelope[MemberBody]:
    """Another role, from the next request on; with owners only owners have to do."""
    return Envelope(data=member_body(teams.change_role(caller(api), user_id, change.role)))


@api.delete(
    "/api/team/members/<user_id>",
    summary="Remove a member",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, LastOwner, errors.Busy)
    | done("Who was removed"),
)
def remove_member(user_id: Id) -> Envelope[MemberBody]:
    """They may do nothing here any more, at once, nor may the keys that they made here, and whom
    they asked in cannot accept. What they ordered goes on.
    """
    return Envelope(data=member_body(teams.remove(caller(api), user_id)))


@api.post(
    "/api/team/leave",
    summary="Leave the team",
    tags=TAGS,
    responses=refusals(LastOwner, errors.Busy) | done("The membership that is over"),
)
def leave() -> Envelope[MemberBody]:
    """Be no member of the workspace any more; nobody can leave their own account."""
    return Envelope(data=member_body(teams.leave(caller(api))))


@api.get(
    "/api/team/activity",
    summary="Show who did what",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest) | done("What members and their keys did"),
)
def show_activity(
    month: Annotated[
        str | None, Query(pattern=MONTH, description="UTC, `2026-11`; else this one")
    ] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Envelope[ActList]:
    """Everything that members and their keys asked to have changed; what the account's own person
    does is not listed. Kept for 400 days.
    """
    return Envelope(data=act_list(*teams.activity(caller(api), month, cursor=cursor, limit=limit)))


handler = answering(api)
