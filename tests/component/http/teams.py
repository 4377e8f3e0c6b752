"""Members of a workspace, as tests need them."""

import uuid
from typing import Any

from lumiku.adapters.people.keys import KeyTable
from lumiku.adapters.people.teams import TeamTable
from lumiku.adapters.rows import Rows
from lumiku.domain.people.teams import Invitation, Member, Role
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.component.stack import Stack

INVITEE = "member@example.com"


def teams(stack: Stack) -> TeamTable:
    """The rows of teams."""
    return TeamTable(Rows(stack.dynamodb, stack.table))


def keys(stack: Stack) -> KeyTable:
    """The rows of keys."""
    return KeyTable(Rows(stack.dynamodb, stack.table))


def address(stack: Stack, user: str, email: str) -> None:
    """The user has logged in with that address."""
    stack.dynamodb.update_item(
        TableName=stack.table,
        Key={"pk": {"S": f"USER#{user}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET email = :email",
        ExpressionAttributeValues={":email": {"S": email}},
    )


def join(stack: Stack, role: Role, user: str = STRANGER, workspace: str = SELLER) -> Member:
    """Make the user a member, as by an invitation; another membership if they are one."""
    store = teams(stack)
    if known := store.member(workspace, user):
        store.remove(known)
    now = utc_now()
    asked: dict[str, Any] = {"workspace": workspace, "email": INVITEE, "role": role}
    asked |= {"id": uuid.uuid4().hex, "invited_by": workspace}
    store.invite(Invitation(**asked, language="en", created_at=now))
    member = Member(**asked, user_id=user, since=now)
    assert store.join(member)
    return member


def acting(api: Api, method: str, path: str, body: object = None, **sent: Any) -> Answer:
    """A request of the member for the seller's workspace."""
    headers = {"X-Workspace": SELLER} | sent.pop("headers", {})
    return api(method, path, **{"body": body, "user": STRANGER, "headers": headers, **sent})
