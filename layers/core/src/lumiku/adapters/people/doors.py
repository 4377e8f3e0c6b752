"""What every function needs of teams: it reads `TEAM#<workspace> / MEMBER#<user>`, and writes what
members do, `ACT#<workspace>#<yyyy-mm> / <time>#<request>`.
"""

from lumiku.adapters.rows import Key, Table
from lumiku.domain.people.teams import ACTS_KEPT, Act, Member
from lumiku.services.people.ports import Doorbook


def member_key(workspace: str, user_id: str) -> Key:
    """Key of a membership."""
    return f"TEAM#{workspace}", f"MEMBER#{user_id}"


def acts_of(workspace: str, month: str) -> str:
    """Partition of what was done in a month."""
    return f"ACT#{workspace}#{month}"


class DoorTable(Table, Doorbook):
    """What every function needs of teams."""

    def member(self, workspace: str, user_id: str) -> Member | None:
        row = self.rows.get(member_key(workspace, user_id))
        return Member.model_validate(row) if row else None

    def note(self, act: Act) -> None:
        row = {
            "pk": acts_of(act.workspace, f"{act.at:%Y-%m}"),
            "sk": act.place,
            **act.model_dump(mode="json"),
            "ttl": int((act.at + ACTS_KEPT).timestamp()),
        }
        self.rows.put(row)
