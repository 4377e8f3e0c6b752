"""Ordering batches: 1 to 100 items of a project at once, as one group of jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations
from typing import Any

from lumiku.apps.studio.due import due_of, if_ours, parts_by_route, single_price
from lumiku.apps.studio.generations import GenerationOrders, Request
from lumiku.apps.studio.offers import Find
from lumiku.apps.studio.plans import RENDERINGS, Gate, Need, StudioPlanName, missing, plan_of
from lumiku.apps.studio.prices import (
    APP,
    BATCH_SURCHARGES,
    IDR_PER_BATCH_CREDIT,
    Feature,
    OrderKind,
    batch_price,
    monthly_discount_percent,
    parts_of,
)
from lumiku.apps.studio.priorities import lane
from lumiku.apps.studio.qualities import cut_out_name
from lumiku.apps.studio.settings import Chosen, Line, lines_of
from lumiku.apps.studio.wanted import Wanted
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES
from lumiku.domain.errors import NotFound
from lumiku.domain.money.costs import rupiah
from lumiku.domain.money.products import added_up
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Batch, Item, parsed
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, PlannedPhoto
from lumiku.domain.work.receipts import IfOurs
from lumiku.domain.work.workflows import check
from lumiku.services.projects.ports import Belongings, ProjectStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping, closes_at
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from lumiku.services.work.retrying import Retrying


@dataclass(frozen=True, slots=True)
class BatchOrders:
    """Use cases of POST /projects/{id}/batch-process and of trying its failures again."""

    singles: GenerationOrders
    grouping: Grouping
    retrying: Retrying
    routes: Collection[str] = ()

    def order(
        self,
        caller: Caller,
        project_id: str,
        chosen: Chosen,
        said: Any,
        request: Request,
        *,
        find: Find,
    ) -> Placed[Group]:
        """Charge for all chosen items, each result of which becomes a variation, and start them.

        `said` is the request as it was sent, `find` finds the caller's templates. Every item is
        paid for, whatever was made of it before. Refused as `Ordering.place` says, with `NotFound`,
        with `InvalidRequest`, which tells all that is wrong with any line, with `NotInPlan`, which
        names what is missing, and with `TemplateRetired`.
        """
        route = f"POST /projects/{project_id}/batch-process"
        group_id = row_id("genbatch", caller.account, route, request.key)
        request_hash = fingerprint({"project": project_id, "said": said})

        def draft(wallet: Wallet, now: datetime) -> Group:
            owned_project(self._store, caller, project_id)
            lines = self._asking(lines_of(chosen, self._items(project_id, chosen), find))
            for line in lines:
                line.wanted.check()
            plan = plan_of(wallet, now)
            needs = [need for line in lines for need in line.wanted.needs]
            if len(lines) > 1:
                needs.append(Need(Gate.BATCH, len(lines)))
            if refusal := missing(plan, dict.fromkeys(needs)):
                raise refusal
            used = self.singles.used.credits(caller, now)
            left = self.singles.upscalings_left(
                caller, [line.wanted for line in lines], RENDERINGS[plan], now
            )
            photos = self._photos(lines, plan, credits_this_month=used, upscalings_left=left)
            cost, terms = _price(lines, photos, credits_this_month=used, upscalings_left=left)
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=OrderKind.BATCH.product,
                workflow=photos[0].workflow or (),
                lane=lane(plan, len(lines)),
                total=len(lines),
                photos=photos,
                takes_uploads=False,
                is_zipped=False,
                project_id=project_id,
                price=cost,
                parts=added_up(cost, [photo.parts or {} for photo in photos]),
                discount_percent=monthly_discount_percent(used) or None,
                terms=terms,
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=closes_at(now),
                max_bytes=MAX_UPLOAD_BYTES,
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
            prepare=self._note,
        )
        return self.grouping.order(caller, order)

    def retry(self, caller: Caller, group_id: str, request: Request) -> Placed[Group]:
        """Order what failed of a batch again, at what came back; refused as `Retrying` says."""
        placed, _ = self.retrying.retry(
            caller,
            group_id,
            idempotency_key=request.key,
            request_id=request.request_id,
            prepare=self._note,
        )
        return placed

    def _asking(self, lines: Sequence[Line]) -> list[Line]:
        """The same where providers may be asked: in batches of several only where that is paid."""
        routes = self.routes if len(lines) > 1 else self.singles.routes
        return [replace(line, wanted=line.wanted.asking(routes)) for line in lines]

    @property
    def _store(self) -> ProjectStore:
        return self.singles.items.store

    def _items(self, project_id: str, chosen: Chosen) -> list[Item]:
        """Those that the order can be about."""
        if chosen.items is None or chosen.settings:
            return list(self.singles.items.all(project_id))
        mine = [one for one in chosen.items if (parsed(one) or ("",))[0] == project_id]
        return self._store.some_items(list(dict.fromkeys(mine)))

    def _photos(
        self, lines: Sequence[Line], plan: StudioPlanName, **used: int
    ) -> tuple[PlannedPhoto, ...]:
        singles, rendering = self.singles, RENDERINGS[plan]
        only = singles.variations.belongings(lines[0].item) if len(lines) == 1 else Belongings()
        name = cut_out_name(rendering.quality, singles.precision)
        cut = [line.item for line in lines if line.wanted.is_cut_out]
        kept = singles.variations.cut_outs_of(cut, name) if cut else {}
        photos = []
        for item, wanted in ((line.item, line.wanted) for line in lines):
            workflow = wanted.steps(rendering)
            check(workflow)
            cut_out = kept.get(item.id)
            told = singles.for_item(item, wanted, rendering, only)
            photo = PlannedPhoto(
                name=item.file_name,
                size_bytes=item.original.size_bytes,
                key=item.original.key,
                workflow=workflow,
                parts=parts_of(due_of(wanted, told), wanted.template_id) or None,
                if_ours=if_ours(wanted, told, **used)
                if len(lines) == 1
                else _surcharges_back(wanted, used["credits_this_month"]),
                for_item=told,
                kept=cut_out.kept if cut_out else None,
            )
            photos.append(photo)
        return tuple(photos)

    def _note(self, group: Group) -> None:
        """Note the batch in its project, so that whatever comes of it is kept."""
        batch = Batch(
            id=group.id,
            project_id=group.project_id or "",
            user_id=group.user_id,
            created_at=group.created_at,
        )
        if not self._store.begin(batch):
            raise NotFound(
                Text(
                    f"There is no project {batch.project_id}.",
                    f"Tidak ada proyek {batch.project_id}.",
                )
            )


def _surcharges_back(wanted: Wanted, credits_this_month: int) -> IfOurs | None:
    """What comes back of an item's part of a batch's price: surcharges, less their discount."""
    if not wanted.hosted:
        return None
    percent = monthly_discount_percent(credits_this_month)
    back = {}
    for count in range(1, len(wanted.hosted) + 1):
        for ours in combinations(sorted(wanted.hosted), count):
            surcharge = sum(BATCH_SURCHARGES.get(wanted.hosted[route][0], 0) for route in ours)
            back[" ".join(ours)] = surcharge - surcharge * percent // 100
    return IfOurs(parts=parts_by_route(wanted), credits=back)


def paid_routes(dearest: Mapping[str, int], day: date) -> frozenset[str]:
    """Routes by which batches ask providers: those whose surcharge is at least what they bill.

    `dearest` is what a route's dearest entry bills for one item, in millionths of a dollar.
    """
    return frozenset(
        route
        for route, microusd in dearest.items()
        if route in _SOLD
        and rupiah(microusd, day) <= BATCH_SURCHARGES.get(_SOLD[route], 0) * IDR_PER_BATCH_CREDIT
    )


_SOLD = {
    "ai-simple": Feature.AI_BACKGROUND,
    "ai-complex": Feature.AI_COMPLEX_BACKGROUND,
    "relight": Feature.RELIGHTING,
}


def _price(
    lines: Sequence[Line],
    photos: Sequence[PlannedPhoto],
    *,
    credits_this_month: int,
    upscalings_left: int,
) -> tuple[int, dict[str, int]]:
    """What it costs, and what must be remembered of today's prices."""
    each = [line.wanted.features for line in lines]
    single = min(
        single_price(
            due_of(line.wanted, photo.for_item),
            credits_this_month=credits_this_month,
            upscalings_left=upscalings_left,
        ).total
        for line, photo in zip(lines, photos, strict=True)
        if photo.for_item is not None
    )
    surcharges = sum(BATCH_SURCHARGES.get(one, 0) for features in each for one in features)
    terms = {"single": single, "surcharges": surcharges}
    if len(lines) == 1:
        return single, terms
    return batch_price(each, credits_this_month=credits_this_month).total, terms
