"""What became of an item: its variations, and the generations that make them.

An id of a variation has that of its item in it, and then its place there, by time.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from lumiku.domain.errors import NotFound
from lumiku.domain.instant import Instant
from lumiku.domain.projects.items import Item
from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import extension
from lumiku.domain.work.jobs import Job, KeptStep, Output, Status
from lumiku.domain.work.receipts import Receipt
from photo_steps import Role
from photo_steps.workflows import Value

# What a cut-out took is told once, by the job that made it.
_NOT_AGAIN = {"stage_ms": {}, "memory_mb": 0, "provider_microusd": 0, "tries": 0, "faults": ()}
_ID = re.compile(
    r"variation_(?P<item>[0-9a-f]{32}_[0-9a-f]{11}_[0-9a-f]{32}_[0-9]{4})_(?P<place>[0-9a-f]{31})"
)


class Generation(BaseModel, frozen=True, defer_build=True):
    """A job of an item that is under way, or not looked after yet; `id` is that of the job."""

    id: str
    item_id: str
    is_free: bool = False


class Variation(BaseModel, frozen=True, defer_build=True):
    """A finished picture of an item, kept until somebody deletes it.

    `asked` and `identity` are those of the generation that made it, for `credits`, from the photo
    under `source`. One that was imported is of a removal, and was asked for there.
    """

    id: str
    item_id: str
    user_id: str
    generation_id: str
    product: str
    asked: Mapping[str, Value]
    identity: str
    credits: int
    source: str
    note: str | None = None
    files: Mapping[Role, Output]
    receipt: Receipt | None = None
    created_at: Instant
    deleted_at: Instant | None = None

    @property
    def place(self) -> str:
        """Its place among the variations of its item, by time."""
        return self.id.rpartition("_")[2]

    @property
    def result(self) -> Output:
        """The picture."""
        return self.files["result"]

    @property
    def template_id(self) -> str | None:
        """The template that was paid for with it, as a whole or as its background."""
        return template_of(self.asked) if self.credits else None


class KeptCutOut(BaseModel, frozen=True, defer_build=True):
    """The picture of an item behind the removal of its background, by quality and weights.

    `preview` is the key of its small copy, if there is one.
    """

    name: str
    kept: KeptStep
    preview: str | None = None


class PaidFor(BaseModel, frozen=True, defer_build=True):
    """That an order held something of an item which need not be paid for again, if it completes."""

    name: str
    job_id: str


def template_of(asked: Mapping[str, Value]) -> str | None:
    """The template that is named in what was asked for."""
    look: Any = asked.get("workflow") or {}
    found = asked.get("templateId") or look.get("background", {}).get("templateId")
    return None if found is None else str(found)


def variation_id(job: Job, item_id: str) -> str:
    """Id of the variation that a job of an item makes."""
    ms = int(job.created_at.timestamp() * 1000)
    place = f"{ms:011x}{job.id.split('_')[1][:20]}"
    return f"variation_{item_id.removeprefix('item_')}_{place}"


def parsed_variation(variation_id: str) -> tuple[str, str] | None:
    """Item and place of a variation of that id; None of what no variation has as id."""
    found = _ID.fullmatch(variation_id)
    return found and (f"item_{found['item']}", found["place"])


def missing_variation(named: str) -> NotFound:
    """The refusal where there is none."""
    return NotFound(Text(f"There is no variation {named}.", f"Tidak ada variasi {named}."))


def files_under(item: Item, place: str) -> str:
    """What the keys of all files of the variation at that place start with."""
    return f"{item.kept_under}variations/{place}/"


def variation_of(job: Job, item: Item) -> Variation | None:
    """What a completed job makes of its item; None of one that was for its cut-out alone."""
    told = job.for_item
    if told is None or job.is_free or job.completed_at is None:
        return None
    found = variation_id(job, item.id)
    under = files_under(item, found.rpartition("_")[2])
    files = {
        role: output.model_copy(update={"key": f"{under}{role}.{extension(output.format)}"})
        for role, output in job.outputs.items()
        if role not in {"cutout", "preview"}
    }
    return Variation(
        id=found,
        item_id=item.id,
        user_id=job.user_id,
        generation_id=job.id,
        product=job.product,
        asked=told.asked,
        identity=told.identity,
        credits=job.price - job.refunded,
        source=job.source.key,
        note=job.outputs["result"].note,
        files=files,
        receipt=job.receipt,
        created_at=job.completed_at,
    )


def imported(removal: Job, item: Item) -> Variation | None:
    """What an item that is imported has from the beginning: the result of its removal."""
    if removal.status is not Status.COMPLETED or removal.completed_at is None:
        return None
    ms = int(removal.created_at.timestamp() * 1000)
    place = f"{ms:011x}{hashlib.sha256(removal.id.encode()).hexdigest()[:20]}"
    files = {
        role: output.model_copy(
            update={"key": f"{files_under(item, place)}{role}.{extension(output.format)}"}
        )
        for role, output in removal.outputs.items()
    }
    return Variation(
        id=f"variation_{item.id.removeprefix('item_')}_{place}",
        item_id=item.id,
        user_id=item.user_id,
        generation_id=removal.id,
        product=removal.product,
        asked={},
        identity="",
        credits=0,
        source=item.original.key,
        note=removal.outputs["result"].note,
        files=files,
        receipt=removal.receipt,
        created_at=removal.completed_at,
    )


def cut_out_of(job: Job, item: Item, *, step: int) -> KeptCutOut | None:
    """What a completed job left behind the removal of the background, which is that `step`."""
    if job.for_item is None or job.for_item.cut_out is None or "cutout" not in job.outputs:
        return None
    name = job.for_item.cut_out
    kept = KeptStep(
        step=step,
        key=f"{item.kept_under}cutout.{name}.png",
        etag=job.source.etag,
        receipt=(job.receipt or Receipt()).model_copy(update=_NOT_AGAIN),
    )
    preview = f"{item.kept_under}preview.{name}.png" if "preview" in job.outputs else None
    return KeptCutOut(name=name, kept=kept, preview=preview)
