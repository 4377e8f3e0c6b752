"""What a job's row remembers of a hosted provider, so that no photo is paid for twice."""

from enum import StrEnum

from pydantic import BaseModel

LOCAL = "local"
"""The route's entry for the embedded models; every chain ends with it."""


class Fault(StrEnum):
    """Why a provider did not answer with a picture; each asks for another action."""

    AUTH = "auth"
    CREDIT = "credit"
    GONE = "gone"
    RATE = "rate"
    COLD = "cold"
    TRANSIENT = "transient"
    INPUT = "input"
    CONTENT = "content"


class Ticket(BaseModel, frozen=True, defer_build=True):
    """A photo that a provider has taken and will bill; kept in the job's row until it is answered.

    `entry` is the route's entry, as in `fal:birefnet-light`. The URLs are those of the answer.
    """

    entry: str
    request_id: str
    status_url: str
    result_url: str
    cancel_url: str | None = None


class Submission(BaseModel, frozen=True, defer_build=True):
    """A photo was, or was about to be, sent to `entry`; with its ticket once there is one.

    `step` is the place in the workflow of the step that it was sent for: the first, in rows that do
    not say. `etag` is that of the photo: another one may have been uploaded under its key since
    then.
    """

    entry: str
    step: int = 0
    etag: str | None = None
    ticket: Ticket | None = None
