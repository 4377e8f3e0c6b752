"""How fast a user may ask: the generic cell rate algorithm (GCRA), a leaky bucket without a timer.

Each accepted request moves a theoretical arrival time forward by one emission interval; a request
is refused when that time is further ahead than the burst allows (ITU-T I.371, annex A).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel

from lumiku.domain.errors import TooManyRequests


class Limit(BaseModel, frozen=True, defer_build=True):
    """`count` requests per `window_s` seconds, as many at once."""

    name: str
    count: int
    window_s: int

    @property
    def interval(self) -> timedelta:
        """Time that one request costs."""
        return timedelta(seconds=self.window_s) / self.count


SINGLE = Limit(name="single", count=30, window_s=60)
BATCH = Limit(name="batch", count=5, window_s=3600)
STUDIO = Limit(name="studio", count=10, window_s=60)
"""Uploads, generations, imports and changes of many items at once."""
PREVIEW = Limit(name="preview", count=60, window_s=60)
PREVIEWS_OF_DAY = Limit(name="previews-of-day", count=300, window_s=86_400)
"""Both hold for each preview."""
TESTS_OF_DAY = Limit(name="tests-of-day", count=500, window_s=86_400)
"""Photos that test keys order, of all of an account."""
DOWNLOAD = Limit(name="download", count=60, window_s=60)
"""Single pictures that are rendered in another format or size."""
REFUSED = Limit(name="refused", count=60, window_s=60)
"""Orders of both kinds that are refused: they cost nothing, so they are bounded by themselves."""
TAKEOUTS = Limit(name="takeouts", count=1, window_s=86_400)
"""Copies of all data of an account."""
INVITED = Limit(name="invitations", count=20, window_s=86_400)
"""Mails that ask people into a team."""
OF_ACCOUNTS = (
    SINGLE,
    BATCH,
    STUDIO,
    PREVIEW,
    PREVIEWS_OF_DAY,
    TESTS_OF_DAY,
    DOWNLOAD,
    REFUSED,
    TAKEOUTS,
    INVITED,
)
"""All that count what an account asks for."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a user has left of a limit: `remaining` requests now, all again in `reset_s`."""

    limit: Limit
    remaining: int
    reset_s: int


def advance(limit: Limit, arrival: datetime | None, now: datetime, count: int = 1) -> datetime:
    """The theoretical arrival time after `count` more; `TooManyRequests` if that is too soon.

    `arrival` is the time after the last accepted request, None for the first.
    """
    window = limit.interval * limit.count
    if arrival is not None and arrival > now + window:
        arrival = None  # left by a tighter limit: this one never gets so far ahead
    moved = max(arrival or now, now) + limit.interval * count
    ahead = moved - now
    if ahead > window:
        raise TooManyRequests(
            limit=limit.name,
            count=limit.count,
            window_s=limit.window_s,
            retry_after_s=_whole_seconds(ahead - window),
        )
    return moved


def pace(limit: Limit, arrival: datetime | None, now: datetime) -> Pace:
    """What is left of the limit at `now`."""
    ahead = max((arrival or now) - now, timedelta())
    free = limit.interval * limit.count - ahead
    return Pace(limit, max(0, free // limit.interval), _whole_seconds(ahead))


def _whole_seconds(span: timedelta) -> int:
    return -(-span // timedelta(seconds=1))
