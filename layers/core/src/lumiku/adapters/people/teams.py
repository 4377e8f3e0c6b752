"""Teams: `TEAM#<workspace> / MEMBER#<user>`, in gsi1 by user, and `/ INVITATION#<id>`."""

from collections.abc import Iterator
from datetime import timedelta

from lumiku.adapters.contention import transact
from lumiku.adapters.people.doors import DoorTable, acts_of, member_key
from lumiku.adapters.rows import ConditionFailed, Key, Row, deleting, inserting
from lumiku.adapters.telling import letters
from lumiku.domain.errors import Busy
from lumiku.domain.instant import iso
from lumiku.domain.people.teams import Act, Invitation, Member, Role
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.services.people.ports import TeamStore

ACCEPTED_FOR_SURE = timedelta(days=30)
"""Expired invitations go after that; nobody could accept them any more."""


def _invitation_key(workspace: str, invitation_id: str) -> Key:
    return f"TEAM#{workspace}", f"INVITATION#{invitation_id}"


class TeamTable(DoorTable, TeamStore):
    """Members and invitations."""

    def team(self, workspace: str) -> tuple[list[Member], list[Invitation]]:
        rows = list(self.rows.query("pk = :team", {":team": f"TEAM#{workspace}"}))
        return (
            [Member.model_validate(row) for row in rows if row["sk"].startswith("MEMBER#")],
            [Invitation.model_validate(row) for row in rows if row["sk"].startswith("INVITATION#")],
        )

    def of_person(self, user_id: str) -> list[Member]:
        values = {":of_user": _of_person(user_id)}
        rows = self.rows.query("gsi1pk = :of_user", values, index="gsi1")
        return [Member.model_validate(row) for row in rows]

    def invitation(self, workspace: str, invitation_id: str) -> Invitation | None:
        row = self.rows.get(_invitation_key(workspace, invitation_id))
        return Invitation.model_validate(row) if row else None

    def invite(self, invitation: Invitation) -> None:
        letter = Letter(
            user_id=invitation.workspace,
            occasion=Occasion.INVITATION,
            about=invitation.id,
            due=invitation.created_at,
        )
        gone_at = invitation.expires_at + ACCEPTED_FOR_SURE
        row: Row = {
            **_keyed(_invitation_key(invitation.workspace, invitation.id)),
            **invitation.model_dump(mode="json"),
            "ttl": int(gone_at.timestamp()),
        }
        table = self.rows.table
        transact(self.rows.client, [inserting(table, row), letters.insert(table, letter)])

    def withdraw(self, workspace: str, invitation_id: str) -> None:
        self.rows.delete(_invitation_key(workspace, invitation_id))

    def join(self, member: Member) -> bool:
        table = self.rows.table
        invitation = _invitation_key(member.workspace, member.id)
        row: Row = {
            **_keyed(member_key(member.workspace, member.user_id)),
            **member.model_dump(mode="json"),
            "gsi1pk": _of_person(member.user_id),
            "gsi1sk": f"{iso(member.since)}#{member.workspace}",
        }
        used = deleting(table, invitation, when="attribute_exists(pk)")
        return not transact(self.rows.client, [used, inserting(table, row)])

    def change_role(self, member: Member, role: Role) -> Member:
        values = {":role": role, ":was": member.role, ":id": member.id}
        try:
            row = self.rows.update(
                member_key(member.workspace, member.user_id),
                "SET #role = :role",
                values,
                when="#id = :id AND #role = :was",
            )
        except ConditionFailed:
            raise Busy from None
        return Member.model_validate(row)

    def remove(self, member: Member) -> None:
        gone = deleting(
            self.rows.table,
            member_key(member.workspace, member.user_id),
            when="attribute_not_exists(pk) OR #id = :id AND #role = :role",
            values={":id": member.id, ":role": member.role},
        )
        if transact(self.rows.client, [gone]):
            raise Busy

    def acts(
        self, workspace: str, month: str, *, before: str | None, at_once: int
    ) -> Iterator[Act]:
        rows = self.rows.query(
            "pk = :acts AND sk < :before",
            {":acts": acts_of(workspace, month), ":before": before or "~"},
            newest_first=True,
            at_once=at_once,
        )
        return map(Act.model_validate, rows)


def _keyed(key: Key) -> Row:
    return {"pk": key[0], "sk": key[1]}


def _of_person(user_id: str) -> str:
    return f"USER#{user_id}#WORKSPACES"
