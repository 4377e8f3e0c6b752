"""JSON of orders for an item: what is asked for, and what it would cost."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.generations import ItemQuote, Request
from lumiku.apps.studio.http.prices import Lacking, StudioPrice, lacking
from lumiku.apps.studio.looks import HOSTED, PROCEDURAL, Look
from lumiku.apps.studio.offers import Find
from lumiku.apps.studio.plans import StudioPlanName
from lumiku.apps.studio.wanted import Wanted, of_look, of_template, of_upscaling
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.projects.templates import TemplateChanged, TemplateRetired
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody
from photo_steps.scenes import PAINT_ROUTES

QUOTE_REFUSALS: tuple[type[errors.Refusal], ...] = (
    errors.InvalidRequest,
    errors.NotFound,
    errors.PromptRefused,
    TemplateRetired,
    TemplateChanged,
)
"""How a question for a price may be refused."""
REFUSALS: tuple[type[errors.Refusal], ...] = (
    *QUOTE_REFUSALS,
    NotInPlan,
    errors.PriceChanged,
    errors.InsufficientCredits,
    errors.TooManyRequests,
    errors.IdempotencyKeyReused,
    errors.Busy,
)
"""How an order for an item may be refused."""
_EXPECTED = Field(
    default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
)
_TEMPLATE_VERSION = Field(
    default=None,
    min_length=1,
    max_length=64,
    description="Refuse with 409 if the template is at another version now",
)


class _OrderInput(RequestBody):
    """What every order may say."""

    expected_credits: int | None = _EXPECTED

    def request(self, key: str | None, request_id: str) -> Request:
        """The same, as the use case takes it."""
        return Request(key, self.expected_credits, request_id)


class ProcessInput(_OrderInput):
    """What shall become of the item's photo."""

    workflow: Look

    def wanted(self, find: Find) -> Wanted:
        """The same, as the use case takes it."""
        return of_look(self.workflow, find)


class TemplateInput(_OrderInput):
    """The template that shall be applied as it is."""

    template_id: str = Field(min_length=1, max_length=64, examples=["shopee-square"])
    template_version: str | None = _TEMPLATE_VERSION

    def wanted(self, find: Find) -> Wanted:
        """The same, as the use case takes it."""
        return of_template(self.template_id, find, version=self.template_version)


class UpscaleInput(_OrderInput):
    """Which picture of the item shall be enlarged, and how far."""

    factor: Literal[2, 4] = 4
    variation_id: str | None = Field(
        default=None, max_length=128, description="Else what the item is shown by, or its photo"
    )

    def wanted(self, find: Find) -> Wanted:
        """The same, as the use case takes it."""
        return of_upscaling(self.factor, self.variation_id)


class RemoverInput(_OrderInput):
    """How good the background remover shall cut the item out."""

    tier: Literal["professional", "industry"] = "professional"


type OrderInput = ProcessInput | TemplateInput | UpscaleInput | RemoverInput


class WantedInput(RequestBody):
    """What somebody thinks of making of the item: a workflow, or a template as it is."""

    workflow: Look | None = None
    template_id: str | None = Field(
        default=None, min_length=1, max_length=64, examples=["marble-counter"]
    )
    template_version: str | None = _TEMPLATE_VERSION

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.workflow is None) == (self.template_id is None):
            raise PydanticCustomError("one_of", "one", {"names": "workflow, templateId"})
        if self.workflow is not None and self.template_version is not None:
            raise PydanticCustomError("only_one_of", "?", {"other": "workflow"})
        return self

    def wanted(self, find: Find) -> Wanted:
        """The same, as the use case takes it."""
        if self.workflow is not None:
            return of_look(self.workflow, find)
        return of_template(self.template_id or "", find, version=self.template_version)


class PromptRead(Body):
    """What is known of a prompt's words, and who makes the scene."""

    understood: list[str]
    ignored: list[str] = Field(description="Our own scenes do without them")
    source: Literal["procedural", "ai"] = Field(
        description="`ai`: a provider is asked; where none paints it, it is computed for less"
    )


class ItemQuoteBody(Body):
    """What an order for the item would be charged now; nothing where it was made before."""

    plan: StudioPlanName
    credits: int
    price: StudioPrice
    prompt: PromptRead | None = Field(description="Of a background that is described")
    variation_id: str | None = Field(description="The picture that was made before")
    template_version: str | None = Field(description="Name it in the order to get just that one")
    balance: int
    affordable: bool
    not_in_plan: Lacking | None


def quote_body(quote: ItemQuote, language: Language) -> ItemQuoteBody:
    """What POST /items/{id}/quote answers."""
    return ItemQuoteBody(
        plan=quote.plan,
        credits=quote.credits,
        price=StudioPrice.model_validate(quote.price),
        prompt=_prompt_read(quote.wanted),
        variation_id=quote.made.id if quote.made else None,
        template_version=quote.template_version,
        balance=quote.balance,
        affordable=quote.credits <= quote.balance,
        not_in_plan=lacking(quote.refusal, language),
    )


def _prompt_read(wanted: Wanted) -> PromptRead | None:
    background = wanted.look.background if wanted.look else None
    read = background.understood if background else None
    if read is None:
        return None
    is_asked = any(route in PAINT_ROUTES for route in wanted.hosted)
    return PromptRead(
        understood=list(read.understood),
        ignored=list(read.ignored),
        source=HOSTED if is_asked else PROCEDURAL,
    )
