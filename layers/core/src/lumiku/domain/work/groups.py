"""A group: photos that were ordered together, are paid for together and close together.

    creating --rows made--> open --all over, or out of time--> closed (settled)

Job rows are the truth; what a group counts only tells when to look at them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, model_validator

from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import Entry
from lumiku.domain.money.products import Parts
from lumiku.domain.texts import Text
from lumiku.domain.work.before import workflow_of_before
from lumiku.domain.work.jobs import (
    NEVER_UPLOADED,
    Failure,
    ForItem,
    Job,
    KeptStep,
    Source,
)
from lumiku.domain.work.ordered import Ordered
from lumiku.domain.work.pauses import Pause
from lumiku.domain.work.photos import Lane, PhotoKey
from lumiku.domain.work.receipts import IfOurs
from photo_steps import Workflow
from photo_steps.workflows import Value

LARGE_FROM = 501
"""A group of so many photos is large: they have longer to come, and the ZIP comes in parts."""
AWAITED = timedelta(hours=2)
AWAITED_LARGE = timedelta(hours=8)
"""So long the jobs of a group are awaited, besides what it is paused."""


class Stage(StrEnum):
    """How far a group has come."""

    CREATING = "creating"
    OPEN = "open"
    CLOSED = "closed"


class Outcome(BaseModel, frozen=True, defer_build=True):
    """How a closed group ended; the first four counts add up to all its photos.

    Of the expired ones, `never_sent` never came. `ours` of the refund is for what the service
    failed to do. Its results are zipped, if there are any and it `is_delivered`.
    """

    completed: int
    failed: int
    expired: int
    cancelled: int
    never_sent: int = 0
    refund: int
    is_delivered: bool = True
    ours: int = 0


class Archive(BaseModel, frozen=True, defer_build=True):
    """The ZIP of a group's results; of several `parts` the first, and the size of all."""

    key: str
    size_bytes: int
    parts: int = 1


class PlannedPhoto(BaseModel, frozen=True, defer_build=True):
    """A photo that will be uploaded or fetched from a `url`, or lies under `key` already.

    One of an item may have a workflow of its own with the `parts` of its price, and a picture that
    is `kept` of it. `origin` is the job whose photo it was before, where that is worth knowing,
    `picture` the other app's picture that it is.
    """

    name: str
    size_bytes: int
    key: str | None = None
    url: str | None = None
    origin: str | None = None
    picture: str | None = None
    workflow: Workflow | None = None
    parts: Parts | None = None
    if_ours: IfOurs | None = None
    for_item: ForItem | None = None
    kept: KeptStep | None = None


type Photos = tuple[PlannedPhoto, ...]


class Group(Ordered):
    """One order of several photos, for `price` whole credits in all.

    Its row does not grow with them: the list of photos is an object of its own, named by its
    SHA-256. `photos` is there only in drafts, and in rows of before, which held the list. One that
    `takes_uploads` waits for its photos; those of another one are in the bucket already, under
    other keys. Once it is closed it is told of, if it `is_delivered`, and its results are zipped
    before, if it `is_zipped`. One for items of a project names that. Where its price has a discount
    that does not follow from how many photos arrive, it is `discount_percent`; `terms` are what
    else its app must remember of the order's prices to work out what a part of it is worth. One
    that `is_whole` is worth its price as soon as anything came; what was `asked` is in its app's
    words.
    `misplaced` is the name of something that was uploaded for it under no photo's key.
    """

    lane: Lane
    total: int
    takes_uploads: bool = True
    is_delivered: bool = True
    is_zipped: bool = True
    is_whole: bool = False
    asked: Mapping[str, Value] | None = None
    project_id: str | None = None
    discount_percent: int | None = None
    terms: Mapping[str, int] | None = None
    photos_sha256: str | None = None
    photos: Photos | None = None
    stage: Stage = Stage.CREATING
    closed_at: Instant | None = None
    outcome: Outcome | None = None
    archive: Archive | None = None
    misplaced: str | None = None
    pause: Pause = Pause()

    @model_validator(mode="before")
    @classmethod
    def _with_workflow(cls, row: Any) -> Any:
        if not isinstance(row, dict) or "workflow" in row:
            return row
        workflow = workflow_of_before(row["tier"], row.get("options", {}))
        return {**row, "workflow": workflow, "total": len(row["photos"])}

    @property
    def photo_count(self) -> int:
        """How many photos it is about."""
        return self.total

    @property
    def is_paused(self) -> bool:
        """Nobody begins its jobs until it is resumed."""
        return self.pause.since is not None and self.stage is Stage.OPEN

    @property
    def is_large(self) -> bool:
        """It has more photos than one ZIP holds."""
        return self.total >= LARGE_FROM

    @property
    def awaited_for(self) -> timedelta:
        """So long its jobs are awaited, besides what it is paused."""
        return AWAITED_LARGE if self.is_large else AWAITED

    def is_awaited(self, now: datetime) -> bool:
        """Its jobs have longer than others: it is large, or was paused."""
        lasted = self.pause.lasted(now)
        has_longer = self.is_large or bool(lasted)
        return has_longer and now < self.created_at + self.awaited_for + lasted

    @property
    def photos_key(self) -> str:
        """Where the list of its photos lies."""
        return f"orders/{self.user_id}/{self.id}/{self.photos_sha256}.json"

    @property
    def key_prefix(self) -> str:
        """What the keys of all its photos start with."""
        return f"in/{self.lane}/{self.user_id}/{self.id}/"

    def photo_key(self, index: int) -> PhotoKey:
        """Key of the photo at `index`, from 0."""
        return PhotoKey(self.lane, self.user_id, self.id, index)

    def awaits(self, photo: PlannedPhoto) -> bool:
        """Its owner is to upload that photo."""
        return self.takes_uploads and photo.url is None

    @property
    def hint(self) -> Text | None:
        """What seems to be wrong with how its photos are sent."""
        if self.misplaced is None:
            return None
        return Text(
            f"A file came as '{self.misplaced}', which is no photo's key. Put the key of each photo"
            " in the place of the form's `key`, `${filename}` and all.",
            f"Sebuah berkas tiba sebagai '{self.misplaced}', yang bukan kunci foto mana pun. Isikan"
            " kunci setiap foto sebagai `key` formulir, termasuk pengganti `${filename}`.",
        )

    @property
    def never_uploaded(self) -> Failure:
        """Why a photo of it has no result that was not uploaded."""
        if self.hint is None:
            return NEVER_UPLOADED
        return Failure(code=NEVER_UPLOADED.code, message=f"{NEVER_UPLOADED.message} {self.hint}")

    def refund(self, outcome: Outcome, at: Instant) -> Entry:
        """The ledger's entry for closing: what is given back for photos without a result."""
        return self._refund(
            outcome.refund,
            ours=outcome.ours,
            photos=self.total - outcome.completed,
            at=at,
            cancelled=outcome.cancelled,
            never_sent=outcome.never_sent,
        )


def planned_jobs(group: Group, photos: Photos) -> list[Job]:
    """The jobs of a group as they begin, each with its share of what was charged."""
    return [
        Job(
            id=f"{group.id}_{index:04d}",
            group_id=group.id,
            index=index,
            user_id=group.user_id,
            app=group.app,
            product=group.product,
            workflow=photo.workflow or group.workflow,
            price=share(group.price, index, group.total),
            parts=photo.parts or group.parts,
            pricing_type=group.pricing_type,
            is_test=group.is_test,
            quota_day=group.quota_day,
            source=_source(group, index, photo),
            lane=group.lane,
            file_name=photo.name,
            content_type="",
            declared_bytes=photo.size_bytes,
            request_hash=group.request_hash,
            request_id=group.request_id,
            created_at=group.created_at,
            closes_at=group.closes_at,
            max_bytes=group.max_bytes,
            if_ours=photo.if_ours,
            for_item=photo.for_item,
            kept=photo.kept,
            integration=group.integration,
        )
        for index, photo in enumerate(photos)
    ]


def _source(group: Group, index: int, photo: PlannedPhoto) -> Source:
    if photo.key:
        return Source(kind="item", key=photo.key, origin=photo.origin)
    kind: Literal["elsewhere", "upload"] = "elsewhere" if photo.url else "upload"
    return Source(kind=kind, key=str(group.photo_key(index)), picture=photo.picture)


def share(worth: int, place: int, of: int) -> int:
    """What the one at `place`, from 0, has of a worth in whole credits that so many share."""
    return worth * (place + 1) // of - worth * place // of
