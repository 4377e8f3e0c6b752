"""What may be behind a product, in the words of a request."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.offers import is_known_id
from lumiku.domain.errors import PromptRefused
from lumiku.domain.texts import Text
from lumiku.http.bodies import RequestBody
from lumiku.http.field_errors import worded
from photo_steps.prompts import MAX_PROMPT_CHARACTERS, PromptNotServed, Understood, understand
from photo_steps.prompts.moderation import refused
from photo_steps.scenes import MAX_SEED, PaintRoute

type Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
type Degrees = Annotated[int, Field(strict=True, ge=0, le=360)]
Colour = Annotated[
    str,
    Field(
        pattern=worded(
            r"^#[0-9a-fA-F]{6}$",
            Text("Not a colour, such as #ffcc00", "Bukan warna, misalnya #ffcc00"),
        ),
        examples=["#ffffff"],
    ),
]


class LookStop(RequestBody):
    """A colour of a gradient, `at` percent of its way."""

    color: Colour
    at: Percent


class LookGradient(RequestBody):
    """From colour to colour; `angle` is where a linear one goes: 0 up, 90 right, 180 down."""

    type: Literal["linear", "radial"]
    stops: list[LookStop] = Field(min_length=2, max_length=8)
    angle: Degrees = 180

    @field_validator("stops")
    @classmethod
    def _in_order(cls, stops: list[LookStop]) -> list[LookStop]:
        places = [stop.at for stop in stops]
        if places != sorted(places):
            raise PydanticCustomError("stops_unordered", "unordered")
        return stops


type Action = Literal["keep", "remove", "solid", "gradient", "template", "ai"]
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "solid": ("color",),
    "gradient": ("gradient",),
    "template": ("template_id", "seed"),
    "ai": ("prompt", "complexity", "seed"),
}
"""What an action can be told; the first of it must be."""


class LookBackground(RequestBody):
    """What is behind the product. `PromptRefused` for words that nobody paints.

    Each field belongs to one action, `seed` to the last two."""

    action: Action
    color: Colour | None = Field(default=None, validate_default=True)
    gradient: LookGradient | None = Field(default=None, validate_default=True)
    template_id: str | None = Field(
        default=None, max_length=64, validate_default=True, examples=["marble-counter"]
    )
    prompt: str | None = Field(
        default=None, min_length=1, max_length=MAX_PROMPT_CHARACTERS, validate_default=True
    )
    complexity: Literal["simple", "complex"] | None = None
    seed: int | None = Field(
        default=None, strict=True, ge=0, le=MAX_SEED, description="Another one of its kind"
    )

    @field_validator("color", "gradient", "template_id", "prompt", "complexity", "seed")
    @classmethod
    def _belongs(cls, told: Any, info: ValidationInfo) -> Any:
        action = info.data.get("action")
        if action is None:
            return told
        fields = _FIELDS.get(action, ())
        if told is None and fields[:1] == (info.field_name,):
            raise PydanticCustomError("needed_with", "needed", {"action": action})
        if told is not None and info.field_name not in fields:
            raise PydanticCustomError("not_with", "not here", {"action": action})
        return told

    @field_validator("template_id")
    @classmethod
    def _is_there(cls, told: str | None) -> str | None:
        if told is not None and not is_known_id(told):
            raise PydanticCustomError("unknown_template", "unknown")
        return told

    @field_validator("prompt")
    @classmethod
    def _is_served(cls, told: str | None) -> str | None:
        if told is not None and (because := refused(told)) is not None:
            raise PromptRefused(Text(because.en, because.id))
        try:
            if told is not None:
                understand(told)
        except PromptNotServed as unknown:
            if not unknown.ignored:
                raise PydanticCustomError("prompt_without_words", "?") from None
            words = ", ".join(unknown.ignored[:10])
            raise PydanticCustomError("prompt_not_served", "?", {"words": words}) from None
        return told

    @property
    def understood(self) -> Understood | None:
        """What the prompt comes to, if there is one."""
        return understand(self.prompt, another=self.seed or 0) if self.prompt else None

    @property
    def paint_route(self) -> PaintRoute:
        """Who is asked for a background of words."""
        return "ai-complex" if self.complexity == "complex" else "ai-simple"
