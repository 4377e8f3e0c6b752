"""The steps of a photo studio, and what each can be told."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from photo_steps.kinds import MIN_SIDE_PX
from photo_steps.workflows import Parameters

type Percent = Annotated[int, Field(ge=0, le=100)]
type Signed = Annotated[int, Field(ge=-100, le=100)]
type Degrees = Annotated[int, Field(ge=0, le=360)]
type Hex = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
type Side = Annotated[int, Field(ge=MIN_SIDE_PX, le=MAX_CANVAS_SIDE_PX)]

MAX_CANVAS_SIDE_PX = 8000
MAX_CANVAS_RATIO = 20
_DEFAULT_SIDE_PX = 1200


class Frame(Parameters, step="frame"):
    """Put the subject on a canvas of its own.

    Two of `aspect_ratio`, `width` and `height` say its size; one side alone is that of a square,
    a ratio alone has a longer side of 1,200 px. `fill_percent` is how much of the canvas the
    subject's visible box takes, along whichever side it fills first. `base_percent` is where its
    lowest row lies, in percent of the height; without it, `align` says where.
    """

    aspect_ratio: Annotated[str, Field(pattern=r"^[1-9]\d{0,2}:[1-9]\d{0,2}$")] | None = None
    width: Side | None = None
    height: Side | None = None
    fill_percent: Annotated[int, Field(ge=5, le=100)] = 80
    align: Literal["centre", "bottom", "top", "left", "right"] = "centre"
    base_percent: Annotated[int, Field(ge=5, le=100)] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas in pixels."""
        across, down = map(int, (self.aspect_ratio or "1:1").split(":"))
        if self.width and self.height:
            return self.width, self.height
        if self.width:
            return self.width, round(self.width * down / across)
        if self.height:
            return round(self.height * across / down), self.height
        longer = max(across, down)
        return round(_DEFAULT_SIDE_PX * across / longer), round(_DEFAULT_SIDE_PX * down / longer)

    @model_validator(mode="after")
    def _fits(self) -> "Frame":
        if self.aspect_ratio and self.width and self.height:
            raise ValueError("Give two of aspect_ratio, width and height, not all three.")
        shorter, longer = sorted(self.size)
        if shorter < MIN_SIDE_PX or longer > MAX_CANVAS_SIDE_PX:
            raise ValueError(
                f"The canvas would have {shorter} and {longer} px a side; "
                f"{MIN_SIDE_PX} to {MAX_CANVAS_SIDE_PX} are possible."
            )
        if longer > shorter * MAX_CANVAS_RATIO:
            raise ValueError(f"One side can be at most {MAX_CANVAS_RATIO} times the other.")
        return self


class Shadow(Parameters, step="shadow"):
    """Let the subject throw a shadow.

    `blur` and `distance` are of a picture whose longer side is 1,000 px. `angle` is where the
    shadow falls: 0 up, 90 right, 180 down. What is not given fits the light of scene and preset;
    without these it is 40, 50, 135 and 20.
    """

    type: Literal["none", "natural", "drop", "reflection"]
    opacity: Percent | None = None
    blur: Percent | None = None
    angle: Degrees | None = None
    distance: Percent | None = None
    colour: Hex = "#000000"
    pose: Literal["standing", "lying"] = "standing"


type LightPreset = Literal["studio", "natural", "dramatic", "bright", "moody"]


class Light(Parameters, step="light"):
    """Change the light on the subject, and on nothing else."""

    mode: Literal["auto", "preset", "manual"]
    preset: LightPreset | None = None
    brightness: Signed = 0
    contrast: Signed = 0
    warmth: Signed = 0

    @model_validator(mode="after")
    def _says_which(self) -> "Light":
        if (self.mode == "preset") != (self.preset is not None):
            raise ValueError("A preset is named in the mode preset, and only there.")
        if self.mode != "manual" and (self.brightness or self.contrast or self.warmth):
            raise ValueError("Brightness, contrast and warmth belong to the mode manual.")
        return self


class Relight(Parameters, step="relight"):
    """Let a provider change the light on the subject; where none does, it is that of the preset.

    Only what is soft of its light is used: colours and letters stay.
    """

    preset: LightPreset


class Stop(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """A colour of a gradient, `at` percent of its way."""

    colour: Hex
    at: Percent


class OnGradient(Parameters, step="on-gradient"):
    """Put a gradient behind the subject.

    `angle` is where a linear one goes: 0 up, 90 right, 180 down. A radial one starts at `centre`,
    in percent of width and height, and ends at `radius` percent of the longer side.
    """

    type: Literal["linear", "radial"]
    stops: Annotated[tuple[Stop, ...], Field(min_length=2, max_length=8)]
    angle: Degrees = 180
    centre: tuple[Percent, Percent] = (50, 50)
    radius: Annotated[int, Field(ge=1, le=200)] = 75

    @model_validator(mode="after")
    def _in_order(self) -> "OnGradient":
        places = [stop.at for stop in self.stops]
        if places != sorted(places):
            raise ValueError("The stops of a gradient stand in the order of their places.")
        return self


type MarkPlace = Literal["bottom-right", "bottom-left", "top-right", "top-left", "middle"]


class Watermark(Parameters, step="watermark"):
    """Write `text` over a corner or the middle of the finished picture.

    Its letters are those of ASCII: the font that travels with the code has no others.
    """

    text: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[ -~]*[!-~][ -~]*$")]
    opacity: Annotated[int, Field(ge=5, le=100)] = 55
    place: MarkPlace = "bottom-right"


class Upscale(Parameters, step="upscale"):
    """Enlarge the subject with a network that adds no detail which the photo contradicts."""

    factor: Literal[2, 4]
