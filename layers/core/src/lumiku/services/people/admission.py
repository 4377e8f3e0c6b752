"""Letting requests in at a user's pace."""

from datetime import datetime

from lumiku.domain.people.limits import Limit, Pace, pace
from lumiku.services.people.ports import Paces


def admit(paces: Paces, user_id: str, limit: Limit, now: datetime) -> Pace:
    """Count one request against `limit`. `TooManyRequests` when the user is too fast."""
    return pace(limit, paces.take(user_id, limit, now), now)
