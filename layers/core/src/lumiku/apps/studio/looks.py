"""What a photo shall look like: one model of a request, what it costs and needs."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.backgrounds import Colour, Degrees, LookBackground, Percent
from lumiku.apps.studio.plans import Gate, Need
from lumiku.apps.studio.prices import Feature
from lumiku.domain.texts import Text
from lumiku.http.bodies import RequestBody
from lumiku.http.field_errors import worded
from photo_steps import studio

MARK = "Lumiku"
PROCEDURAL: Literal["procedural"] = "procedural"
HOSTED: Literal["ai"] = "ai"
"""What computed scenes are called, so that nobody takes them for a model's; and what those are."""

RELIGHT_ROUTE = "relight"

type Signed = Annotated[int, Field(strict=True, ge=-100, le=100)]
type Side = Annotated[
    int, Field(strict=True, ge=64, le=studio.MAX_CANVAS_SIDE_PX, description="Pixels")
]
_RATIO = worded(
    r"^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$",
    Text("Not a ratio, such as 4:5", "Bukan rasio, misalnya 4:5"),
)


_BY_NAME = frozenset({"preset", "ai"})


class LookLighting(RequestBody):
    """The light on the product."""

    mode: Literal["none", "auto", "preset", "manual", "ai"] = Field(
        description="`ai`: a provider relights as the preset says, else we do"
    )
    preset: studio.LightPreset | None = Field(default=None, validate_default=True)
    brightness: Signed = 0
    contrast: Signed = 0
    warmth: Signed = 0

    @field_validator("preset", "brightness", "contrast", "warmth")
    @classmethod
    def _belongs(cls, told: Any, info: ValidationInfo) -> Any:
        mode = info.data.get("mode")
        belongs_to = _BY_NAME if info.field_name == "preset" else {"manual"}
        if mode in _BY_NAME and told is None:
            raise PydanticCustomError("needed_with", "needed", {"action": mode})
        if mode is not None and told and mode not in belongs_to:
            raise PydanticCustomError("not_with", "not here", {"action": mode})
        return told


class LookShadow(RequestBody):
    """A shadow; what is not given fits the light. Blur and distance are at 1,000 px."""

    type: Literal["none", "natural", "drop", "reflection"]
    opacity: Percent | None = None
    blur: Percent | None = None
    angle: Degrees | None = None
    distance: Percent | None = None
    color: Colour = "#000000"
    pose: Literal["standing", "lying"] = "standing"


class LookFrame(RequestBody):
    """The canvas: two of ratio, width and height at most, and how the product lies on it."""

    aspect_ratio: str | None = Field(default=None, pattern=_RATIO, examples=["4:5"])
    width: Side | None = None
    height: Side | None = None
    fill_percent: int | None = Field(default=None, strict=True, ge=5, le=100)
    align: Literal["centre", "bottom", "top", "left", "right"] | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        try:
            self.on(None)
        except ValidationError:
            raise PydanticCustomError("impossible_frame", "impossible") from None
        return self

    def on(self, usual: studio.Frame | None) -> studio.Frame:
        """The step that does it; what is not told is as `usual`."""
        told = self.model_dump(exclude_none=True)
        known = usual.model_dump() if usual is not None else {}
        if told.keys() & {"aspect_ratio", "width", "height"}:
            known |= {"aspect_ratio": None, "width": None, "height": None}
        if "align" in told:
            known["base_percent"] = None
        return studio.Frame.model_validate(known | told)


class LookUpscale(RequestBody):
    """Enlarge the product."""

    factor: Literal[2, 4]


class Look(RequestBody):
    """What shall become of a photo; what is left out stays as it is."""

    background: LookBackground | None = None
    lighting: LookLighting | None = None
    shadow: LookShadow | None = Field(default=None, validate_default=True)
    frame: LookFrame | None = None
    upscale: LookUpscale | None = None

    @field_validator("shadow")
    @classmethod
    def _stands_alone(cls, shadow: LookShadow | None, info: ValidationInfo) -> LookShadow | None:
        is_kept = "background" in info.data and not _is_cut_out(info.data["background"])
        if shadow is not None and shadow.type != "none" and is_kept:
            raise PydanticCustomError("not_with", "not here", {"action": "keep"})
        return shadow

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not features(self):
            raise PydanticCustomError("nothing_to_do", "nothing")
        return self

    @property
    def is_cut_out(self) -> bool:
        """The background goes."""
        return _is_cut_out(self.background)

    @property
    def template_id(self) -> str | None:
        """The template whose background it has, if one is named."""
        return self.background.template_id if self.background is not None else None

    @property
    def told(self) -> dict[str, Any]:
        """The same as JSON, without what was not said."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def routes(look: Look) -> dict[str, tuple[Feature, Feature]]:
    """What providers may be asked for: by route what that is sold as, and as what if we make it."""
    found: dict[str, tuple[Feature, Feature]] = {}
    background, lighting = look.background, look.lighting
    if background is not None and background.action == "ai":
        is_complex = background.complexity == "complex"
        asked = Feature.AI_COMPLEX_BACKGROUND if is_complex else Feature.AI_BACKGROUND
        found[background.paint_route] = asked, Feature.TEMPLATE_BACKGROUND
    if lighting is not None and lighting.mode == "ai":
        found[RELIGHT_ROUTE] = Feature.RELIGHTING, Feature.LIGHTING
    return found


def features(look: Look) -> tuple[Feature, ...]:
    """What is to be paid for where no provider is asked.

    A scene that is computed costs what a template's background does.
    """
    found = []
    if look.background is not None and look.is_cut_out:
        found.append(Feature.BACKGROUND_REMOVAL)
        if look.background.action in {"solid", "gradient"}:
            found.append(Feature.SOLID_BACKGROUND)
        elif look.background.action in {"template", "ai"}:
            found.append(Feature.TEMPLATE_BACKGROUND)
    if look.lighting is not None and look.lighting.mode != "none":
        is_auto = look.lighting.mode == "auto"
        found.append(Feature.AUTO_LIGHTING if is_auto else Feature.LIGHTING)
    if look.shadow is not None and look.shadow.type != "none":
        found.append(_SHADOWS[look.shadow.type])
    if look.upscale is not None:
        found.append(Feature.UPSCALE_2X if look.upscale.factor == 2 else Feature.UPSCALE_4X)
    return tuple(found)


def needs(look: Look) -> list[Need]:
    """What it asks of a plan: all features, as they are named; its template asks for itself."""
    named = {ours: asked for asked, ours in routes(look).values()}
    return [Need(Gate.FEATURE, named.get(feature, feature)) for feature in features(look)]


_SHADOWS = {
    "natural": Feature.NATURAL_SHADOW,
    "drop": Feature.DROP_SHADOW,
    "reflection": Feature.REFLECTION,
}


def _is_cut_out(background: LookBackground | None) -> bool:
    return background is not None and background.action != "keep"
