"""JSON of which files are made of pictures."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from lumiku.domain.texts import Text
from lumiku.http.bodies import RequestBody
from photo_steps.exports import Size, Target, size_named, targets
from photo_steps.platforms import destinations
from photo_steps.studio import Watermark

FileFormat = Literal["png", "jpeg", "webp"]


def said(text: Text) -> PydanticCustomError:
    """What a validator raises to say that, in both languages."""
    return PydanticCustomError("said", "{en}", {"en": text.en, "id": text.id})


def _size(text: str) -> str:
    try:
        size_named(text)
    except ValueError as error:
        raise said(Text(*error.args)) from None
    return text


def _place(text: str) -> str:
    """Of a platform's name, the first of its places."""
    for place in destinations().values():
        if text in {place.id, place.platform}:
            return place.id
    known = ", ".join(destinations())
    raise said(Text(f"There are these places: {known}", f"Tujuan yang ada: {known}"))


type SizeText = Annotated[str, Field(max_length=20), AfterValidator(_size)]
type Place = Annotated[str, Field(max_length=64), AfterValidator(_place)]


NOTHING = Text(
    "Choose at least one of formats, sizes and destinations",
    "Pilih sedikitnya satu format, ukuran atau tujuan",
)


class FilesInput(RequestBody):
    """Which files shall be made of each picture."""

    sizes: list[SizeText] = Field(
        default=[],
        max_length=6,
        description="`original`, `1080`, `1200`, `2400` (squares) or custom as `1200x800`",
        examples=[["original", "1080"]],
    )
    destinations: list[Place] = Field(
        default=[],
        max_length=20,
        description="As `GET /platforms` lists them; a platform's name is its first one, and those"
        " of one platform count as one",
        examples=[["shopee", "tokopedia"]],
    )
    formats: list[FileFormat] = Field(
        default=[],
        max_length=3,
        validate_default=True,
        description="Without any, PNG for sizes, and for places what each likes best",
    )

    watermark: Watermark | None = Field(
        default=None, description="A mark of your own over every file, if the plan has it"
    )

    def targets(self) -> tuple[Target, ...]:
        """The files of each picture; formats alone are of its own size."""
        sizes: list[Size | None] = [size_named(text) for text in self.sizes]
        if self.formats and not sizes and not self.destinations:
            sizes = [None]
        return targets(self.formats, sizes, self.destinations)
