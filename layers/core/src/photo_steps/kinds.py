"""The steps that there are, and what each can be told."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from photo_steps.workflows import Parameters

type Quality = Literal["basic", "standard", "professional", "industry"]
type Format = Literal["png", "webp", "jpeg"]
type FileKind = Literal[Format, "zip"]
"""What a picture can become: a `zip` has its colours as color.jpg and its alpha as alpha.png."""
type Percentage = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3})?%$")]
type Length = Annotated[str, Field(pattern=r"^(\d{1,5}px|\d{1,3}(\.\d{1,3})?%)$")]
"""`30px`, or `12.5%` of a side."""

QUALITIES: tuple[str, ...] = get_args(Quality.__value__)

MAX_MARGIN_PERCENT = 50
MIN_SIDE_PX = 64
MAX_SIDE_PX = 16383
"""The longest side that every format holds."""


class CutOut(Parameters, step="cut-out"):
    """Remove the background; `quality` says with how much effort."""

    quality: Quality


class Crop(Parameters, step="crop"):
    """Cut down to the subject with `margin` percent of its longer side around it."""

    margin: Annotated[int, Field(ge=0, le=MAX_MARGIN_PERCENT)]


class CropAround(Parameters, step="crop-around"):
    """Cut down to the subject and put margins around it, transparent beyond the picture's edge.

    Percentages are of the subject's own height (`top`, `bottom`) and width (`left`, `right`). All
    is reduced alike until there are at most `pixels`.
    """

    top: Length
    right: Length
    bottom: Length
    left: Length
    pixels: Annotated[int, Field(ge=10_000)]


class Region(Parameters, step="region"):
    """Leave nothing to see outside of a rectangle, which must lie within the picture."""

    left: Length
    top: Length
    right: Length
    bottom: Length


class Place(Parameters, step="place"):
    """Move the subject on its canvas, and give it another size there.

    With `scale` its box takes so much of the canvas, along whichever side it fills first. `across`
    and `down` are where it lies: 0% at the left and upper edge, 100% at the others; without them
    its middle stays where it is, as far as the canvas allows.
    """

    scale: Percentage | None = None
    across: Percentage | None = None
    down: Percentage | None = None


class Fit(Parameters, step="fit"):
    """Reduce to a longer side of `side` pixels; never enlarges."""

    side: Annotated[int, Field(ge=MIN_SIDE_PX, le=MAX_SIDE_PX)]


class Keep(Parameters, step="keep"):
    """Give back the file as it was sent, as JPEG, PNG, WebP, HEIC or AVIF, and views of it."""


class Leave(Parameters, step="leave"):
    """Leave the picture as it is at this place too: an output to go on from another time."""


class Measure(Parameters, step="measure"):
    """Refuse a picture with a side below `min_side` or above `max_side` pixels."""

    min_side: Annotated[int, Field(ge=1)]
    max_side: Annotated[int, Field(le=MAX_SIDE_PX)]


class Mask(Parameters, step="mask"):
    """Show what is opaque as a grey picture."""


class OnColour(Parameters, step="on-colour"):
    """Put `colour`, #rrggbb, behind the subject."""

    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class OnTint(Parameters, step="on-tint"):
    """Put `colour`, #rrggbb, behind the subject, through which one sees: 0 clear, 255 opaque."""

    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
    opacity: Annotated[int, Field(ge=0, le=255)]


class OnPhoto(Parameters, step="on-photo"):
    """Lay the picture on another one, the file stored as `key`, which covers the canvas centred."""

    key: str


class Shrink(Parameters, step="shrink"):
    """Reduce to at most so many `pixels` in all; never enlarges."""

    pixels: Annotated[int, Field(ge=10_000)]


class SaveAs(Parameters, step="save-as"):
    """Choose the `format` of the file; without this step it is png."""

    format: FileKind
