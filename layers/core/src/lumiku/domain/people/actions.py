"""What administrators did to accounts, and people to their own: kept for ever, with the reason."""

from typing import Literal

from pydantic import BaseModel

from lumiku.domain.instant import Instant


class Action(BaseModel, frozen=True, defer_build=True):
    """`admin_id` did something to the account of `user_id`; `what` says it in words."""

    id: str
    admin_id: str
    user_id: str
    kind: Literal["grant", "limits", "refund", "takeout", "leave"]
    what: str
    reason: str | None
    at: Instant
