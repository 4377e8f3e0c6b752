"""What administrators did: `AUDIT#<user>#<yyyymm> / <time>#<id>`."""

from typing import TYPE_CHECKING

from lumiku.adapters.rows import inserting
from lumiku.domain.instant import iso
from lumiku.domain.people.actions import Action

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


def append(table: str, action: Action) -> "TransactWriteItemTypeDef":
    """Put the action under the user whose account it changed."""
    row = {
        "pk": f"AUDIT#{action.user_id}#{action.at:%Y%m}",
        "sk": f"{iso(action.at)}#{action.id}",
        **action.model_dump(mode="json", exclude_none=True),
    }
    return inserting(table, row)
