"""JSON of the studio's prices."""

from dataclasses import replace
from typing import Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.http.files import NOTHING, FileFormat, FilesInput, said
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.offers import Find
from lumiku.apps.studio.plans import IDR_PER_CREDIT, StudioPlanName
from lumiku.apps.studio.prices import MAX_BATCH, PRESETS, Feature, Preset, Price
from lumiku.apps.studio.pricing import Export, Intent, Quote
from lumiku.apps.studio.wanted import of_look
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody


class StudioExport(FilesInput):
    """A ZIP: of which files, as an export would name them, or for how many platforms."""

    platforms: int = Field(default=0, strict=True, ge=0, le=100)

    @field_validator("formats")
    @classmethod
    def _makes_something(cls, formats: list[FileFormat], seen: ValidationInfo) -> list[FileFormat]:
        others = [seen.data.get(name, ...) for name in ("sizes", "destinations")]
        if not formats and not any(others):
            raise said(NOTHING)
        return formats

    @property
    def export(self) -> Export:
        """The same as prices and plans see it."""
        named = Export.of(self.targets(), self.watermark)
        return replace(named, platforms=max(named.platforms, self.platforms))


class StudioPriceQuestion(RequestBody):
    """A workflow for some items, uploads and an export, each of them optional.

    The workflow is a `preset`, a list of `features` or a `workflow` as it would be ordered.
    """

    preset: Preset | None = None
    features: list[Feature] = Field(
        default=[], max_length=len(Feature), examples=[["background-removal", "reflection"]]
    )
    workflow: Look | None = None
    items: int = Field(default=1, strict=True, ge=1, le=MAX_BATCH)
    uploads: int = Field(default=0, strict=True, ge=0, le=MAX_BATCH)
    export: StudioExport | None = None

    @model_validator(mode="after")
    def _says_it_once(self) -> Self:
        if sum(map(bool, (self.preset, self.features, self.workflow))) > 1:
            names = {"names": "preset, features, workflow"}
            raise PydanticCustomError("one_of", "one", names)
        return self

    def intent(self, find: Find) -> Intent:
        """The same, as the use case takes it; a template is refused as in an order."""
        export = self.export.export if self.export is not None else None
        if self.workflow is not None:
            wanted = of_look(self.workflow, find)
            wanted.check()
            return Intent(wanted.features, self.items, self.uploads, export, wanted.needs, wanted)
        listed = PRESETS[self.preset] if self.preset else tuple(self.features)
        return Intent(listed, self.items, self.uploads, export)


class PricePart(Body):
    """A line of a price: `count` times `credits`."""

    name: str = Field(examples=["background-removal"])
    credits: int
    count: int


class StudioPrice(Body):
    """The sum of the parts, less the larger one of two discounts."""

    parts: list[PricePart]
    base: int
    bundle_percent: int
    month_percent: int
    discount_percent: int
    discount: int
    total: int


class Saving(Body):
    """What ordering at once saves against single photos."""

    single_photos: int = Field(description="Credits for the items one by one")
    credits: int
    percent: int = Field(description="Rounded down")


class Lacking(Body):
    """What the caller's plan lacks for this; it may be previewed all the same."""

    missing: list[str]
    available_in: StudioPlanName | None = Field(description="The cheapest plan that has it all")


class StudioPriceAnswer(Body):
    """What it costs in credits now, and in rupiah by the price of a credit on the caller's plan."""

    plan: StudioPlanName
    credits_this_month: int = Field(description="Used in the studio, net of what was given back")
    uploads: StudioPrice | None
    order: StudioPrice | None
    export: StudioPrice | None
    total: int
    idr_per_credit: int
    idr: int
    saving: Saving | None
    balance: int
    affordable: bool
    not_in_plan: Lacking | None


def price_body(quote: Quote, language: Language) -> StudioPriceAnswer:
    """What POST /pricing/calculate answers."""
    idr_per_credit = IDR_PER_CREDIT[quote.plan]
    return StudioPriceAnswer(
        plan=quote.plan,
        credits_this_month=quote.credits_this_month,
        uploads=_price(quote.uploads),
        order=_price(quote.order),
        export=_price(quote.export),
        total=quote.total,
        idr_per_credit=idr_per_credit,
        idr=quote.total * idr_per_credit,
        saving=Saving(
            single_photos=quote.singles,
            credits=quote.saving,
            percent=quote.saving * 100 // quote.singles if quote.singles else 0,
        )
        if quote.order
        else None,
        balance=quote.balance,
        affordable=quote.total <= quote.balance,
        not_in_plan=lacking(quote.refusal, language),
    )


def _price(price: Price | None) -> StudioPrice | None:
    return None if price is None else StudioPrice.model_validate(price)


def lacking(refusal: NotInPlan | None, language: Language) -> Lacking | None:
    """What would be refused; None if nothing would."""
    if refusal is None:
        return None
    return Lacking(
        missing=[text.to(language) for text in refusal.missing],
        available_in=StudioPlanName(refusal.available_in) if refusal.available_in else None,
    )
