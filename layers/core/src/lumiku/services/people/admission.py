"""Letting requests in at a user's pace."""

from datetime import datetime
from typing import Protocol

from lumiku.domain.people.limits import Limit, Pace, pace


class Arrivals(Protocol):
    """The theoretical arrival time of each user and limit."""

    def take(self, user_id: str, limit: Limit, now: datetime) -> datetime:
        """Move it on by one request: where it is then. `TooManyRequests` if that is too soon.

        However many ask at once, each moves it once.
        """

    def give_back(self, user_id: str, limit: Limit) -> None:
        """Move it back by one request, which turned out not to count."""


def admit(arrivals: Arrivals, user_id: str, limit: Limit, now: datetime) -> Pace:
    """Count one request against `limit`. `TooManyRequests` when the user is too fast."""
    return pace(limit, arrivals.take(user_id, limit, now), now)
