"""What administrators did: `AUDIT#<user>#<yyyymm> / <time>#<id>`."""

from lumiku.adapters.rows import Write, inserting
from lumiku.domain.instant import iso
from lumiku.domain.people.actions import Action


def append(table: str, action: Action) -> Write:
    """Put the action under the user whose account it changed."""
    row = {
        "pk": f"AUDIT#{action.user_id}#{action.at:%Y%m}",
        "sk": f"{iso(action.at)}#{action.id}",
        **action.model_dump(mode="json", exclude_none=True),
    }
    return inserting(table, row)
