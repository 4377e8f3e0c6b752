"""A job: one photo, one workflow, one price. States, leases and retries.

    paused <--pause, resume--> pending

    pending ----claim----> processing ----finish----> completed
       |                   |    ^  |
       |                   |    |  `--verdict--> failing --settle--> failed
       |                 claim (lease over)
       `--expire--> expired                         (settling refunds in the same transaction)

`failing` is a decided failure whose refund is not posted yet; outside it shows as `processing`. A
job of a group that is paused is `paused` until somebody begins it again, and shows as `pending`.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, model_validator

from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import Entry
from lumiku.domain.work.ordered import Ordered
from lumiku.domain.work.photos import REFUSED_FILES, Lane
from lumiku.domain.work.receipts import IfOurs, Receipt
from photo_steps import Role
from photo_steps.workflows import Value

UPLOAD_TIME = timedelta(minutes=15)
STRAGGLER_TIME = timedelta(minutes=15)
RESULT_DAYS = timedelta(days=7)
KEPT = timedelta(days=8)
"""So long a job can be looked at."""
MAX_TRIES = 4
FIRST_RETRY_S = 5


class Status(StrEnum):
    """Where a job is on its way."""

    PENDING = "pending"
    PAUSED = "paused"
    PROCESSING = "processing"
    FAILING = "failing"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Nothing will change this job any more."""
        return self in _OVER

    @property
    def shown(self) -> "Status":
        """How its owner sees it."""
        return _SHOWN.get(self, self)

    @property
    def is_unbegun(self) -> bool:
        """Nobody has begun it, and whoever ordered it may still call it off."""
        return self in {Status.PENDING, Status.PAUSED}


_SHOWN = {Status.FAILING: Status.PROCESSING, Status.PAUSED: Status.PENDING}
_OVER = {Status.COMPLETED, Status.FAILED, Status.EXPIRED, Status.CANCELLED}


class Source(BaseModel, frozen=True, defer_build=True):
    """What the workflow starts from; `etag` and size are what the last worker saw.

    An upload starts its job by arriving, and so does what lies `elsewhere`, once it is fetched. An
    `item` (a stored photo) and a `job` (another one's result) are there already, and a message on
    the job's lane starts it. `origin` is the job whose photo it was before, if anybody wants to
    know.
    """

    kind: Literal["upload", "elsewhere", "item", "job"]
    key: str
    origin: str | None = None
    etag: str | None = None
    size_bytes: int | None = None

    @property
    def is_stored(self) -> bool:
        """It was in the bucket before its job was ordered."""
        return self.kind in {"item", "job"}


class Output(BaseModel, frozen=True, defer_build=True):
    """A picture that counts, how large it is, and what its owner should know of it."""

    key: str
    size_bytes: int
    width_px: int
    height_px: int
    format: str
    note: str | None = None


class KeptStep(BaseModel, frozen=True, defer_build=True):
    """The picture after the step at place `step` of the workflow, so that it is not paid for again.

    `etag` is that of the photo that it was made of, `receipt` tells how.
    """

    step: int
    key: str
    etag: str | None
    receipt: Receipt


class ForItem(BaseModel, frozen=True, defer_build=True):
    """What a job is to an item that is kept in a project, whose photo it starts from.

    `asked` is what was ordered, in the words of its app, and `identity` the same for all orders
    that make the same picture of it; there is none where files are made of one that it has. What
    of the item is paid for once and for all is told by name: it `holds` that itself, or
    `relies_on` that name and the job that had paid for it before. What it leaves behind the
    removal of the background is kept as `cut_out`.
    """

    item_id: str
    identity: str = ""
    asked: Mapping[str, Value] = {}
    holds: str | None = None
    relies_on: tuple[str, str] | None = None
    cut_out: str | None = None


class Cause(StrEnum):
    """Whose doing it is that a job has no result: the service's, the file's or the customer's."""

    SERVICE = "service"
    FILE = "file"
    CANCELLED = "cancelled"
    NEVER_SENT = "never_sent"


class Failure(BaseModel, frozen=True, defer_build=True):
    """Why a job failed: a stable code and a sentence for a person.

    `indonesian` is the same sentence, where the code alone does not tell as much.
    """

    code: str
    message: str
    indonesian: str | None = None

    @property
    def cause(self) -> Cause:
        """Whose doing it is; the service's, unless the code says otherwise."""
        if self.code in REFUSED_FILES:
            return Cause.FILE
        customers = {CANCELLED.code: Cause.CANCELLED, NEVER_UPLOADED.code: Cause.NEVER_SENT}
        return customers.get(self.code, Cause.SERVICE)


class Job(Ordered):
    """One photo on its way through one workflow, for `price` whole credits.

    One of a group is paid for by the group: `price` is its share of what was charged.
    """

    group_id: str | None = None
    index: int | None = None
    status: Status = Status.PENDING
    source: Source
    lane: Lane = Lane.SINGLE
    file_name: str
    content_type: str
    declared_bytes: int
    tries: int = 0
    attempt_id: str | None = None
    lease_until: Instant | None = None
    started_at: Instant | None = None
    submissions: tuple[Submission, ...] = ()
    kept: KeptStep | None = None
    outputs: Mapping[Role, Output] = {}
    receipt: Receipt | None = None
    failure: Failure | None = None
    completed_at: Instant | None = None
    if_ours: IfOurs | None = None
    for_item: ForItem | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_row(cls, row: Any) -> Any:
        """Rows had one `output` and one `submission` before there were several."""
        if not isinstance(row, dict) or not row.keys() & {"output", "submission"}:
            return row
        row = dict(row)
        if output := row.pop("output", None):
            row["outputs"] = {"result": output}
        if submission := row.pop("submission", None):
            row["submissions"] = [submission, *row.get("submissions", ())]
        return row

    @property
    def result(self) -> Output | None:
        """What was ordered; None before there is one."""
        return self.outputs.get("result")

    def submission_of(self, step: int) -> Submission | None:
        """What was last sent to a provider for the step at that place of the workflow."""
        return next((sent for sent in reversed(self.submissions) if sent.step == step), None)

    @property
    def cause(self) -> Cause | None:
        """Whose doing it is that there is no result; None of a job that has one."""
        if self.status is Status.COMPLETED:
            return None
        return self.failure.cause if self.failure else Cause.SERVICE

    @property
    def processing_ms(self) -> int | None:
        """From the first worker's claim to the result; None before."""
        if self.completed_at is None or self.started_at is None:
            return None
        return round((self.completed_at - self.started_at) / timedelta(milliseconds=1))

    @property
    def refunded(self) -> int:
        """Credits that were given back: all of them, once a job ended without a result."""
        if self.status is Status.COMPLETED:
            return self.owed
        return self.price if self.status in _OVER else 0

    @property
    def owed(self) -> int:
        """Credits that come back of one with a result, because our own models made a part of it."""
        if self.is_free or self.if_ours is None or self.receipt is None:
            return 0
        return min(self.price, self.if_ours.owed(self.receipt))

    def refund_owed(self, at: datetime) -> Entry:
        """The ledger's entry for giving that back; one for the job's failure has the same id."""
        parts = list(self.if_ours.parts.values()) if self.if_ours else []
        refund = self._refund(self.owed, ours=self.owed, photos=0, at=at, cancelled=0, never_sent=0)
        return refund.model_copy(update={"parts": {parts[0]: 1} if len(parts) == 1 else self.parts})

    def refund(self, failure: Failure, at: datetime) -> Entry:
        """The ledger's entry for a job that ended without a result: all of it comes back."""
        return self._refund(
            self.price,
            ours=self.price if failure.cause is Cause.SERVICE else 0,
            photos=1,
            at=at,
            cancelled=int(failure.cause is Cause.CANCELLED),
            never_sent=int(failure.cause is Cause.NEVER_SENT),
        )

    @property
    def expires_at(self) -> datetime:
        """When the result is deleted."""
        return self.created_at + RESULT_DAYS

    def has_live_lease(self, now: datetime) -> bool:
        """A worker may be at it right now."""
        return (
            self.status is Status.PROCESSING
            and self.lease_until is not None
            and self.lease_until > now
        )


GAVE_UP = Failure(
    code="processing_failed",
    message="The photo could not be processed after several tries. It was not charged.",
)
NEVER_UPLOADED = Failure(
    code="upload_missing",
    message="The photo was not uploaded in time. It was not charged.",
)
NEVER_FETCHED = Failure(
    code="photo_unreachable",
    message="The photo was not fetched from its address in time. It was not charged.",
)
CANCELLED = Failure(code="cancelled", message="The order was cancelled. It was not charged.")


def retry_delay_s(tries: int, jitter: float) -> int:
    """Seconds to wait after try number `tries` failed: 5, 10, 20, give or take a fifth.

    `jitter` in [-1, 1] spreads a crowd of retries.
    """
    return round(FIRST_RETRY_S * math.ldexp(1, tries - 1) * (1 + jitter / 5))
