"""What uploads, a workflow for some items and an export would cost right now, and on which plan."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lumiku.apps.studio.plans import RENDERINGS, Gate, Need, StudioPlanName, missing, plan_of
from lumiku.apps.studio.prices import (
    APP,
    UPSCALING,
    Feature,
    Price,
    export_price,
    monthly_discount_percent,
    order_price,
    upload_price,
    workflow_price,
)
from lumiku.apps.studio.used import MonthlyUse
from lumiku.apps.studio.wanted import Wanted
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from photo_steps.exports import SQUARES, Target
from photo_steps.studio import Watermark


@dataclass(frozen=True, slots=True)
class Export:
    """A ZIP in some formats for so many platforms; `has_custom_size`: not only of those offered;
    `has_own_mark`: with a mark of the customer's own.
    """

    formats: tuple[str, ...]
    platforms: int = 0
    has_custom_size: bool = False
    has_own_mark: bool = False

    @classmethod
    def of(cls, targets: Sequence[Target], mark: Watermark | None = None) -> "Export":
        """A ZIP of such files: places of one platform are one."""
        places = {target.place.platform for target in targets if target.place is not None}
        sizes = {target.size_px for target in targets} - {None, *SQUARES}
        formats = dict.fromkeys(target.format for target in targets)
        return cls(tuple(formats), len(places), bool(sizes), mark is not None)

    def needs(self) -> list[Need]:
        """What it asks of a plan."""
        needs = [Need(Gate.FORMAT, name) for name in self.formats]
        needs.append(Need(Gate.ZIP_FORMATS, len(self.formats)))
        needs.append(Need(Gate.PLATFORMS, self.platforms))
        needs += [Need(Gate.CUSTOM_SIZE)] * self.has_custom_size
        return needs + [Need(Gate.OWN_MARK)] * self.has_own_mark

    def price(self, *, credits_this_month: int) -> Price:
        """What it costs."""
        return export_price(
            len(self.formats), self.platforms, credits_this_month=credits_this_month
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody thinks of ordering; each part may be left out.

    `asked` is what the features need of a plan, where that is not these features. Of a look that is
    `wanted` they follow from who is asked for it.
    """

    features: tuple[Feature, ...] = ()
    items: int = 1
    uploads: int = 0
    export: Export | None = None
    asked: tuple[Need, ...] = ()
    wanted: Wanted | None = None

    def needs(self) -> list[Need]:
        """What it asks of a plan."""
        needs = list(self.asked) or [Need(Gate.FEATURE, feature) for feature in self.features]
        if self.items > 1:
            needs.append(Need(Gate.BATCH, self.items))
        if self.export is not None:
            needs += self.export.needs()
        return needs


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices of what was asked for, the caller's plan and what it lacks for that.

    `singles` is what the items of an order would cost one by one.
    """

    plan: StudioPlanName
    credits_this_month: int
    uploads: Price | None
    order: Price | None
    export: Price | None
    singles: int
    balance: int
    refusal: NotInPlan | None

    @property
    def total(self) -> int:
        """Credits for all of it."""
        return sum(part.total for part in (self.uploads, self.order, self.export) if part)

    @property
    def saving(self) -> int:
        """Credits that ordering at once saves against single photos."""
        return self.singles - self.order.total if self.order else 0


@dataclass(frozen=True, slots=True)
class Pricing:
    """The use case of POST /pricing/calculate; it changes nothing."""

    wallets: Wallets
    used: MonthlyUse
    clock: Clock
    routes: Collection[str] = ()
    batch_routes: Collection[str] = ()

    def quote(self, caller: Caller, intent: Intent) -> Quote:
        """Price it all as orders of this moment would be; `InvalidRequest` for no workflow."""
        if intent.wanted is not None:
            routes = self.batch_routes if intent.items > 1 else self.routes
            intent = replace(intent, features=intent.wanted.asking(routes).features)
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        used = self.used.credits(caller, now)
        plan = plan_of(wallet, now)
        order = uploads = export = None
        singles = 0
        if intent.features:
            left = 0
            if UPSCALING & set(intent.features):
                left = min(self.used.upscalings_left(caller, RENDERINGS[plan], now), intent.items)
            included = UPSCALING if left else frozenset()
            order = order_price(
                intent.features, intent.items, included=included, credits_this_month=used
            )
            of_plan = workflow_price(intent.features, included=included, credits_this_month=used)
            single = workflow_price(intent.features, credits_this_month=used)
            singles = of_plan.total * left + single.total * (intent.items - left)
        if intent.uploads:
            uploads = upload_price(intent.uploads, month_percent=monthly_discount_percent(used))
        if intent.export:
            export = intent.export.price(credits_this_month=used)
        return Quote(
            plan=plan,
            credits_this_month=used,
            uploads=uploads,
            order=order,
            export=export,
            singles=singles,
            balance=wallet.account.available(now),
            refusal=missing(plan, intent.needs()),
        )
