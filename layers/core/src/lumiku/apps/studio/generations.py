"""Ordering generations: one item, one look or template, one job that becomes a variation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.studio.due import due_of, if_ours, single_price
from lumiku.apps.studio.plans import RENDERINGS, Rendering, StudioPlanName, missing, plan_of
from lumiku.apps.studio.prices import APP, Feature, Part, Price, parts_of
from lumiku.apps.studio.qualities import BOUGHT, at_best, cut_out_name
from lumiku.apps.studio.used import MonthlyUse
from lumiku.apps.studio.wanted import Wanted
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES
from lumiku.domain.errors import Busy
from lumiku.domain.money.products import Parts
from lumiku.domain.money.quotas import Payment, quota_day
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import PaidFor, Variation
from lumiku.domain.work.jobs import UPLOAD_TIME, ForItem, Job, Output, Source, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.projects.items import Items
from lumiku.services.projects.ports import Belongings, VariationStore
from lumiku.services.transactions import Change, ItemChanged, StartGeneration
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Ordering, Placed
from lumiku.services.work.ports import JobStore, Lanes
from photo_steps.weights import CUT_OUTS, UPSCALING, Precision

TRIES = 20
"""Each that fails is a change of the item, or an order for it, that went through."""


class AlreadyMade(Exception):
    """The same picture was ordered, paid for and made before, and is still there."""

    def __init__(self, variation: Variation) -> None:
        super().__init__()
        self.variation = variation


@dataclass(frozen=True, slots=True)
class Request:
    """What comes with an order besides what is ordered."""

    key: str | None = None
    expected_credits: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ItemQuote:
    """What an order for an item would cost right now: nothing where it is `made` already.

    `wanted` is what would be ordered, providers being asked as they are now. `refusal` is what the
    plan lacks for it, `template_version` that of the template it uses.
    """

    plan: StudioPlanName
    price: Price
    wanted: Wanted
    made: Variation | None
    refusal: NotInPlan | None
    balance: int
    template_version: str | None = None

    @property
    def credits(self) -> int:
        """What would be charged."""
        return 0 if self.made else self.price.total


@dataclass(frozen=True, slots=True)
class GenerationOrders:
    """The use cases of POST /items/{id}/process, /apply-template and /quote."""

    ordering: Ordering
    items: Items
    variations: VariationStore
    jobs: JobStore
    lanes: Lanes
    used: MonthlyUse
    precision: Precision
    routes: Collection[str] = ()

    def order(
        self, caller: Caller, item_id: str, wanted: Wanted, request: Request
    ) -> Placed[Job] | Variation:
        """Charge for a generation and start it, or answer the variation that it would make again.

        That one is free: same account, item, photo, look with its seed, version of the template,
        weights, quality and mark of the plan; completed, paid for and not deleted. Refused as
        `Ordering.place` says, with `NotFound`, with `NotInPlan`, which names all that is missing,
        and with `TemplateRetired` or `TemplateChanged`.
        """
        wanted = wanted.asking(self.routes)
        route = f"POST /items/{item_id} {wanted.product}"
        job_id = row_id("generation", caller.account, route, request.key)
        for _ in range(TRIES):
            item = self.items.get(caller, item_id)
            order = self._order(job_id, item, wanted, caller, request)
            try:
                placed = self.ordering.place(caller, order)
            except AlreadyMade as made:
                return made.variation
            except ItemChanged:
                continue
            if placed.order.status is Status.PENDING:
                self.lanes.start(placed.order.lane, placed.order.id)
            return placed
        raise Busy

    def quote(self, caller: Caller, item_id: str, wanted: Wanted) -> ItemQuote:
        """What `order` would charge, changing nothing; refused as it for item and template."""
        wanted = wanted.asking(self.routes)
        item, now = self.items.get(caller, item_id), self.ordering.clock()
        wallet = self.ordering.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        plan = plan_of(wallet, now)
        has = self.variations.belongings(item)
        rendering = at_best(RENDERINGS[plan], has, self.precision)
        told = self.for_item(item, wanted, rendering, has)
        wanted.check()
        return ItemQuote(
            plan=plan,
            price=self._price(caller, wanted, told, rendering, now),
            wanted=wanted,
            made=_made(has, told, caller),
            refusal=missing(plan, wanted.needs),
            balance=wallet.account.available(now),
            template_version=wanted.template_version,
        )

    def _order(
        self, job_id: str, item: Item, wanted: Wanted, caller: Caller, request: Request
    ) -> Order[Job]:
        request_hash = fingerprint({"item": item.id, "asked": wanted.told})

        def draft(wallet: Wallet, now: datetime) -> Job:
            wanted.check()
            plan = plan_of(wallet, now)
            if refusal := missing(plan, wanted.needs):
                raise refusal
            has = self.variations.belongings(item)
            rendering = at_best(RENDERINGS[plan], has, self.precision)
            told = self.for_item(item, wanted, rendering, has)
            if made := _made(has, told, caller):
                raise AlreadyMade(made)
            return job_of(
                item,
                told,
                id=job_id,
                product=wanted.product,
                workflow=wanted.steps(rendering),
                price=self._price(caller, wanted, told, rendering, now).total,
                parts=_parts(wanted, told),
                photo=wanted.starts_from(item, has),
                integration=wanted.integration,
                if_ours=if_ours(
                    wanted,
                    told,
                    credits_this_month=self.used.credits(caller, now),
                    upscalings_left=self.upscalings_left(caller, [wanted], rendering, now),
                ),
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request.request_id,
                has=has,
                now=now,
            )

        return Order(
            kind=Job,
            id=job_id,
            app=APP,
            request_hash=request_hash,
            limit=limits.STUDIO,
            photos=1,
            payment=Payment.CREDITS,
            draft=draft,
            expected_credits=request.expected_credits,
            changes=starting,
        )

    def _price(
        self, caller: Caller, wanted: Wanted, told: ForItem, rendering: Rendering, now: datetime
    ) -> Price:
        if wanted.removal is not None:
            bought = Part(Feature.BACKGROUND_REMOVAL, wanted.removal.credits)
            return Price(() if told.relies_on else (bought,), 0, 0)
        return single_price(
            due_of(wanted, told),
            credits_this_month=self.used.credits(caller, now),
            upscalings_left=self.upscalings_left(caller, [wanted], rendering, now),
        )

    def for_item(
        self, item: Item, wanted: Wanted, rendering: Rendering, has: Belongings
    ) -> ForItem:
        """What a job is to its item that makes what is wanted, given what the item has.

        Its identity follows from the steps: whatever was said, it is the picture that they make.
        """
        weights = []
        quality = wanted.removal.quality if wanted.removal else rendering.quality
        if wanted.is_cut_out:
            weights.append(CUT_OUTS[self.precision][quality])
        if wanted.is_enlarged:
            weights.append(UPSCALING[self.precision])
        identity = fingerprint(
            {
                "item": item.id,
                "photo": wanted.starts_from(item, has).key,
                "steps": [step.model_dump(mode="json") for step in wanted.steps(rendering)],
                "weights": weights,
            }
        )
        asked = {"identity": identity, "asked": wanted.asked}
        if not wanted.is_cut_out:
            return ForItem.model_validate({"item_id": item.id, **asked})
        ours, bought = f"removal/{quality}", f"{BOUGHT}{quality}"
        known = {bought} if wanted.removal else {ours, bought}
        payer = self._payer(one for one in has.paid_for if one.name in known)
        paid = {"relies_on": payer} if payer else {"holds": bought if wanted.removal else ours}
        cut_out = cut_out_name(quality, self.precision)
        return ForItem.model_validate({"item_id": item.id, **asked, **paid, "cut_out": cut_out})

    def upscalings_left(
        self, caller: Caller, all_wanted: Iterable[Wanted], rendering: Rendering, now: datetime
    ) -> int:
        """How many upscalings the plan still includes, where any is wanted."""
        is_asked = any(wanted.is_enlarged for wanted in all_wanted)
        return self.used.upscalings_left(caller, rendering, now) if is_asked else 0

    def _payer(self, notes: Iterable[PaidFor]) -> tuple[str, str] | None:
        """What was paid for, by whom of them completed.

        What was given back has no note, and rows go after a week.
        """
        for note in notes:
            job = self.jobs.get(note.job_id)
            if job is None or job.status is Status.COMPLETED:
                return note.name, note.job_id
        return None


def _made(has: Belongings, told: ForItem, caller: Caller) -> Variation | None:
    """What the account paid for before and would be made again."""
    same = (made for made in has.variations if made.identity == told.identity)
    return next((made for made in same if made.user_id == caller.account), None)


def _parts(wanted: Wanted, told: ForItem) -> Parts | None:
    if wanted.removal is not None:
        due = {Feature.BACKGROUND_REMOVAL.value: wanted.removal.credits}
        return None if told.relies_on else due
    return parts_of(due_of(wanted, told), wanted.template_id) or None


def job_of(
    item: Item,
    told: ForItem,
    *,
    has: Belongings,
    now: datetime,
    photo: Output | None = None,
    **ordered: object,
) -> Job:
    """A job of an item, from its photo or another picture of it.

    Where the cut-out that it needs is kept, it begins behind that.
    """
    photo = photo or item.original
    found = has.cut_out(told.cut_out) if told.cut_out else None
    return Job.model_validate(
        {
            "user_id": item.user_id,
            "app": APP,
            "source": Source(kind="item", key=photo.key),
            "lane": Lane.SINGLE,
            "file_name": item.file_name,
            "content_type": f"image/{photo.format}",
            "declared_bytes": photo.size_bytes,
            "kept": found and found.kept,
            "created_at": now,
            "closes_at": now + UPLOAD_TIME,
            "max_bytes": MAX_UPLOAD_BYTES,
            "for_item": told,
            **ordered,
        }
    )


def starting(job: Job) -> list[Change]:
    """What happens in the transaction that takes a generation in."""
    return [StartGeneration(job, job.for_item)] if job.for_item is not None else []
