"""Ordering exports: the pictures of 1 to 100 items as files, in one ZIP."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.plans import missing, plan_of
from lumiku.apps.studio.prices import APP, OrderKind
from lumiku.apps.studio.pricing import Export
from lumiku.apps.studio.priorities import lane
from lumiku.apps.studio.used import MonthlyUse
from lumiku.domain.errors import UNREADABLE, InvalidRequest
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.export_names import Folders
from lumiku.domain.projects.items import Item, ItemStatus, parsed
from lumiku.domain.projects.projects import Project
from lumiku.domain.projects.variations import Variation
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.groups import Group, PlannedPhoto
from lumiku.domain.work.jobs import ForItem
from lumiku.services.projects.items import Items
from lumiku.services.projects.ports import VariationStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping, closes_at
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from lumiku.services.work.retrying import Retrying
from photo_steps import Step, Workflow
from photo_steps.exports import ExportFiles, Target
from photo_steps.studio import Watermark

MAX_PICTURES = 100
MAX_BYTES = 2_000_000_000
MAX_PICTURE_PIXELS = 100_000_000
"""Of all files of one picture together: what one worker makes within its time and memory."""
# What a pixel takes at most in photos of products; a platform's own limit of bytes is kept besides.
_BYTES_PER_PIXEL = {"png": 3.0, "webp": 0.6, "jpeg": 0.9}


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody wants of a project: `items` by id, or None for all that have a picture."""

    items: Sequence[str] | None
    targets: tuple[Target, ...]
    pattern: str
    folders: Folders
    language: Language
    mark: Watermark | None = None

    @property
    def export(self) -> Export:
        """The same as prices and plans see it."""
        return Export.of(self.targets, self.mark)

    @property
    def workflow(self) -> Workflow:
        """What is done with each picture."""
        mark = () if self.mark is None else (Step.of(self.mark),)
        return (*mark, Step.of(ExportFiles(targets=self.targets)))


type Chosen = tuple[Item, Variation]


@dataclass(frozen=True, slots=True)
class ExportOrders:
    """The use case of POST /projects/{id}/export-zip."""

    items: Items
    variations: VariationStore
    grouping: Grouping
    retrying: Retrying
    used: MonthlyUse

    def order(
        self, caller: Caller, project_id: str, wished: Wished, said: Any, request: Request
    ) -> Placed[Group]:
        """Charge for an export, and start it: a job for each picture, which makes all its files.

        `said` is the request as it was sent. Refused as `Ordering.place` says, with `NotFound`,
        with `NotInPlan`, which names all that is missing, and with `InvalidRequest`, which names
        each item that is not there or has no picture, or says what would be too much. Nothing
        comes back for a picture that could not be exported, unless none could.
        """
        route = f"POST /projects/{project_id}/export-zip"
        group_id = row_id("export", caller.account, route, request.key)
        request_hash = fingerprint({"project": project_id, "said": said})

        def draft(wallet: Wallet, now: datetime) -> Group:
            project = owned_project(self.items.store, caller, project_id)
            plan = plan_of(wallet, now)
            if refusal := missing(plan, wished.export.needs()):
                raise refusal
            chosen = self._chosen(project_id, wished.items)
            check_bounds(chosen, wished.targets)
            price = wished.export.price(credits_this_month=self.used.credits(caller, now))
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=OrderKind.EXPORT.product,
                workflow=wished.workflow,
                lane=lane(plan, max(2, len(chosen))),
                total=len(chosen),
                photos=tuple(_planned(item, variation) for item, variation in chosen),
                takes_uploads=False,
                is_whole=True,
                asked=_asked(project, wished),
                price=price.total,
                parts={part.name: part.credits for part in price.parts},
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=closes_at(now),
                max_bytes=MAX_BYTES,
            )

        order = Order(
            kind=Group,
            id=group_id,
            app=APP,
            request_hash=request_hash,
            limit=limits.STUDIO,
            photos=1,  # no plan's quota pays for it
            payment=Payment.CREDITS,
            draft=draft,
            expected_credits=request.expected_credits,
        )
        return self.grouping.order(caller, order)

    def retry(self, caller: Caller, export_id: str, request: Request) -> Placed[Group]:
        """Order what failed of an export again, at what came back; refused as `Retrying` says.

        Where something came, nothing came back: what the service failed on is made once more for
        nothing, into a ZIP of its own.
        """
        placed, _ = self.retrying.retry(
            caller, export_id, idempotency_key=request.key, request_id=request.request_id
        )
        return placed

    def _chosen(self, project_id: str, named: Sequence[str] | None) -> list[Chosen]:
        """The items with the pictures that they are shown by, oldest first or as they are named."""
        if named is None:
            done = [one for one in self.items.all(project_id) if one.status is ItemStatus.PROCESSED]
            if len(done) > MAX_PICTURES:  # before each is looked at
                raise _wrong_number(len(done))
            found = [(item, self._picture(item)) for item in reversed(done)]
            chosen = [(item, picture) for item, picture in found if picture]
        else:
            mine = [one for one in dict.fromkeys(named) if (parsed(one) or ("",))[0] == project_id]
            there = {item.id: item for item in self.items.store.some_items(mine)}
            pictures = {id: self._picture(item) for id, item in there.items()}
            if wrong := list(_lacking(named, pictures)):
                raise InvalidRequest(UNREADABLE, errors=wrong)
            chosen = [(there[id], picture) for id in mine if (picture := pictures[id])]
        if not 1 <= len(chosen) <= MAX_PICTURES:
            raise _wrong_number(len(chosen))
        return chosen

    def _picture(self, item: Item) -> Variation | None:
        return self.variations.belongings(item).shown(item)


def check_bounds(chosen: Iterable[Chosen], targets: Sequence[Target]) -> None:
    """Refuse with `InvalidRequest` what would be more than an export may hold."""
    whole = 0
    for item, variation in chosen:
        own = variation.result.width_px, variation.result.height_px
        sizes = [(target, target.canvas_px or own) for target in targets]
        pixels = sum(width * height for _, (width, height) in sizes)
        if pixels > MAX_PICTURE_PIXELS:
            most, found = MAX_PICTURE_PIXELS // 1_000_000, -(-pixels // 1_000_000)
            raise InvalidRequest(
                Text(
                    f"The files of one picture may have {most} megapixels together; those of "
                    f"{item.name} would have {found}. Ask for fewer or smaller ones.",
                    f"Berkas satu gambar boleh berjumlah {most} megapiksel; milik {item.name} akan "
                    f"berjumlah {found}. Pilih yang lebih sedikit atau lebih kecil.",
                ),
                itemId=item.id,
                megapixels=found,
                allowed=most,
            )
        whole += sum(_most_bytes(target, width * height) for target, (width, height) in sizes)
    if whole > MAX_BYTES:
        raise InvalidRequest(
            Text(
                f"This export may become {whole / 1e9:.1f} GB; at most {MAX_BYTES / 1e9:.0f} GB "
                "are possible. Export fewer pictures, formats or sizes at once.",
                f"Ekspor ini dapat mencapai {whole / 1e9:.1f} GB; paling banyak "
                f"{MAX_BYTES / 1e9:.0f} GB. Ekspor lebih sedikit gambar, format atau ukuran.",
            ),
            sizeBytes=whole,
            allowedBytes=MAX_BYTES,
        )


def _most_bytes(target: Target, pixels: int) -> int:
    return int(pixels * _BYTES_PER_PIXEL[target.format])


def _planned(item: Item, variation: Variation) -> PlannedPhoto:
    return PlannedPhoto(
        name=item.file_name,
        size_bytes=variation.result.size_bytes,
        key=variation.result.key,
        for_item=ForItem(
            item_id=item.id,
            asked={
                "name": item.name,
                "sku": item.sku,
                "madeOn": variation.created_at.date().isoformat(),
                "variationId": variation.id,
                "look": dict(variation.asked),
                "versions": dict(variation.receipt.weights) if variation.receipt else {},
            },
        ),
    )


def _asked(project: Project, wished: Wished) -> dict[str, Any]:
    return {
        "projectId": project.id,
        "project": project.name,
        "pattern": wished.pattern,
        "folders": wished.folders,
        "language": wished.language,
    }


def _lacking(named: Sequence[str], pictures: dict[str, Variation | None]) -> Iterator[Any]:
    for place, item_id in enumerate(named):
        message = None
        if item_id not in pictures:
            message = Text("There is no such item", "Tidak ada item ini")
        elif pictures[item_id] is None:
            message = Text(
                "This item has no result yet; process it first",
                "Item ini belum memiliki hasil; proses terlebih dahulu",
            )
        if message is not None:
            yield {"field": f"body.items.{place}", "message": message}


def _wrong_number(pictures: int) -> InvalidRequest:
    if not pictures:
        return InvalidRequest(
            Text(
                "There is nothing to export: no item has a result yet.",
                "Tidak ada yang dapat diekspor: belum ada item yang memiliki hasil.",
            ),
            pictures=0,
        )
    return InvalidRequest(
        Text(
            f"{pictures} pictures cannot be exported at once; 1 to {MAX_PICTURES} can.",
            f"{pictures} gambar tidak dapat diekspor sekaligus; 1 sampai {MAX_PICTURES} dapat.",
        ),
        pictures=pictures,
        allowed=MAX_PICTURES,
    )
