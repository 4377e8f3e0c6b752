"""JSON and form fields that say what a result shall be."""

from typing import Annotated

from pydantic import Field

from lumiku.apps.remover.options import COLOUR, Options, Output
from lumiku.domain.texts import Text
from lumiku.http.bodies import RequestBody
from lumiku.http.field_errors import worded
from photo_steps import MAX_MARGIN_PERCENT, MAX_SIDE_PX, MIN_SIDE_PX, Format

_CROP = Field(
    ge=0,
    le=MAX_MARGIN_PERCENT,
    description="Crop to the subject, with so many percent of its longer side around it, as far as"
    " the photo goes",
    examples=[5],
)
_MAX_SIZE = Field(
    ge=MIN_SIDE_PX,
    le=MAX_SIDE_PX,
    description="Reduce the result so that its longer side has at most so many pixels",
    examples=[1600],
)


class FormOptions(RequestBody):
    """What the result of a form shall be; without any, a cut-out as PNG at the photo's size."""

    format: Format = Field(default="png", description="Of the result; jpeg is opaque")
    background: str | None = Field(
        default=None,
        pattern=worded(
            COLOUR,
            Text(
                "Must be transparent, white, black or a colour such as #1a2b3c",
                "Harus transparent, white, black, atau warna seperti #1a2b3c",
            ),
        ),
        description="What the subject is laid on. Without it: transparent, white for jpeg. Not"
        " with `output` mask",
        examples=["#ffffff"],
    )
    crop: Annotated[int, _CROP] | None = None
    output: Output = Field(
        default="cutout", description="mask: the alpha as a grey picture, the subject white"
    )
    max_size: Annotated[int, _MAX_SIZE] | None = None

    def options(self) -> Options:
        """The same, as the use case takes it; refused if they do not go together."""
        return Options(self.format, self.background, self.crop, self.output, self.max_size)


class JsonOptions(FormOptions):
    """The same in JSON, where numbers are numbers."""

    crop: Annotated[int, _CROP, Field(strict=True)] | None = None
    max_size: Annotated[int, _MAX_SIZE, Field(strict=True)] | None = None
