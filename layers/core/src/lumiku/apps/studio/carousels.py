"""Ordering carousels: 2 to 10 pictures of a project as slides with a few words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lumiku.apps.studio.exports import MAX_BYTES, Chosen
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.prices import APP, Feature, OrderKind, parts_of, workflow_price
from lumiku.apps.studio.priorities import lane
from lumiku.apps.studio.used import MonthlyUse
from lumiku.domain.errors import UNREADABLE, InvalidRequest
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Item, parsed
from lumiku.domain.projects.variations import Variation
from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import extension
from lumiku.domain.work.groups import Group, PlannedPhoto
from lumiku.domain.work.jobs import ForItem
from lumiku.services.projects.items import Items
from lumiku.services.projects.ports import VariationStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping, closes_at
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from photo_steps import Format, SaveAs, Step
from photo_steps.slides import Slide, writable

MIN_SLIDES, MAX_SLIDES = 2, 10
_NEEDS = (Need(Gate.FEATURE, Feature.CAROUSEL),)


@dataclass(frozen=True, slots=True)
class WishedSlide:
    """A picture of an item, shown by `variation_id` or as the item is; how it is laid out.

    Without a title it has the item's name.
    """

    item_id: str
    variation_id: str | None
    title: str | None
    slide: Slide


@dataclass(frozen=True, slots=True)
class WishedCarousel:
    """The slides in their order; `name` is that of the carousel."""

    name: str
    slides: Sequence[WishedSlide]
    format: Format


@dataclass(frozen=True, slots=True)
class CarouselOrders:
    """The use case of POST /projects/{id}/create-carousel."""

    items: Items
    variations: VariationStore
    grouping: Grouping
    used: MonthlyUse

    def order(
        self, caller: Caller, project_id: str, wished: WishedCarousel, said: Any, request: Request
    ) -> Placed[Group]:
        """Charge for a carousel, and start it: a job for each slide.

        `said` is the request as it was sent. Refused as `Ordering.place` says, with `NotFound`,
        with `NotInPlan`, and with `InvalidRequest`, which names each item without a picture. The
        share of a slide that could not be made comes back.
        """
        route = f"POST /projects/{project_id}/create-carousel"
        group_id = row_id("carousel", caller.account, route, request.key)
        request_hash = fingerprint({"project": project_id, "said": said})

        def draft(wallet: Wallet, now: datetime) -> Group:
            owned_project(self.items.store, caller, project_id)
            plan = plan_of(wallet, now)
            if refusal := missing(plan, _NEEDS):
                raise refusal
            photos = _planned(wished, self._chosen(project_id, wished.slides))
            features = (Feature.CAROUSEL,)
            used = self.used.credits(caller, now)
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=OrderKind.CAROUSEL.product,
                workflow=photos[0].workflow or (),
                lane=lane(plan, len(photos)),
                total=len(photos),
                photos=photos,
                takes_uploads=False,
                asked={"projectId": project_id, "name": wished.name},
                price=workflow_price(features, credits_this_month=used).total,
                parts=parts_of(features),
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

    def _chosen(self, project_id: str, slides: Sequence[WishedSlide]) -> list[Chosen]:
        """The items with the pictures that their slides show; an item may have several."""
        mine = {one.item_id for one in slides if (parsed(one.item_id) or ("",))[0] == project_id}
        there = {item.id: item for item in self.items.store.some_items(sorted(mine))}
        pictures = {id: self.variations.belongings(item) for id, item in there.items()}
        found: list[tuple[Item | None, Variation | None]] = []
        for one in slides:
            item = there.get(one.item_id)
            has = pictures.get(one.item_id)
            shown = has.shown(item) if item and has else None
            if one.variation_id is not None and has is not None:
                shown = next((has for has in has.variations if has.id == one.variation_id), None)
            found.append((item, shown))
        if wrong := list(_lacking(slides, found)):
            raise InvalidRequest(UNREADABLE, errors=wrong)
        return [(item, shown) for item, shown in found if item and shown]


def _planned(wished: WishedCarousel, chosen: Sequence[Chosen]) -> tuple[PlannedPhoto, ...]:
    photos = []
    for number, (one, (item, variation)) in enumerate(
        zip(wished.slides, chosen, strict=True), start=1
    ):
        title = writable(item.name) if one.title is None else one.title
        slide = one.slide.model_copy(update={"title": title, "place": (number, len(chosen))})
        workflow = (Step.of(slide), Step.of(SaveAs(format=wished.format)))
        photo = PlannedPhoto(
            name=f"{number:02}-{item.file_name.rpartition('.')[0]}.{extension(wished.format)}",
            size_bytes=variation.result.size_bytes,
            key=variation.result.key,
            workflow=workflow,
            for_item=ForItem(item_id=item.id, asked={"variationId": variation.id}),
        )
        photos.append(photo)
    return tuple(photos)


def _lacking(
    slides: Sequence[WishedSlide], found: Sequence[tuple[Item | None, Variation | None]]
) -> Iterator[Any]:
    for place, (one, (item, shown)) in enumerate(zip(slides, found, strict=True)):
        field, message = "itemId", None
        if item is None:
            message = Text("There is no such item", "Tidak ada item ini")
        elif shown is None and one.variation_id is not None:
            field = "variationId"
            message = Text("The item has no such variation", "Item ini tidak memiliki variasi itu")
        elif shown is None:
            message = Text(
                "This item has no result yet; process it first",
                "Item ini belum memiliki hasil; proses terlebih dahulu",
            )
        if message is not None:
            yield {"field": f"body.slides.{place}.{field}", "message": message}
