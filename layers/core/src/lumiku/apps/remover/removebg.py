"""What remove.bg's clients ask for, as an order of ours.

Names and defaults are those of `POST /v1.0/removebg`. What is documented there and cannot be done
here is refused by name; nothing is silently left out but what only tells of the photo.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import Crop, CutOut, Mask, OnColour, Parameters, SaveAs, Shrink, Step, Workflow
from photo_steps.studio import Shadow

PREVIEW_PIXELS = 250_000
_PIXELS = {
    **dict.fromkeys(("preview", "small", "regular"), PREVIEW_PIXELS),
    "medium": 1_500_000,
    "hd": 4_000_000,
    **dict.fromkeys(("full", "4k"), 25_000_000),
    **dict.fromkeys(("auto", "50MP"), 50_000_000),
}
SOURCES = ("image_file", "image_file_b64", "image_url")
_NOT_HERE = ("bg_image_url", "bg_image_file")
_HEX = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_NAMED = {
    "black": "#000000",
    "blue": "#0000ff",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "red": "#ff0000",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def _colour(value: object) -> object:
    """`#rrggbb` of a name or of hexadecimal digits; None of what is transparent or empty."""
    text = str(value).strip().lower()
    if text in ("", "none", "transparent"):
        return None
    if text in _NAMED:
        return _NAMED[text]
    found = _HEX.fullmatch(text)
    if not found:
        raise ValueError("a colour is hexadecimal, as in 81d4fa or fff, or one of the plain names")
    digits = found[1] if len(found[1]) > 4 else "".join(2 * digit for digit in found[1])
    alpha = digits[6:] or "ff"
    if alpha not in ("00", "ff"):
        raise ValueError("a background is opaque (ff) or transparent (00)")
    return f"#{digits[:6]}" if alpha == "ff" else None


def _margin(value: object) -> object:
    """Percent, the same on all sides."""
    text = str(value).strip()
    found = re.fullmatch(r"(\d{1,2})%", text)
    if text in ("0", "0px"):
        return 0
    if not found:
        raise ValueError("one margin in percent for all sides is possible, as in 10%")
    return int(found[1])


def _of_text(value: object) -> object:
    """An empty field says as much as none."""
    return None if value == "" else value


class Asked(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """The fields beside the photo."""

    size: Literal["preview", "small", "regular", "medium", "hd", "full", "4k", "auto", "50MP"] = (
        "preview"
    )
    type: Literal[
        "auto", "person", "product", "animal", "car", "transportation", "graphics", "other"
    ] = "auto"
    type_level: Literal["none", "1", "2", "latest"] = "1"
    format: Literal["auto", "png", "jpg", "webp"] = "auto"
    channels: Literal["rgba", "alpha"] = "rgba"
    bg_color: Annotated[str | None, BeforeValidator(_colour)] = None
    crop: bool = False
    crop_margin: Annotated[int, BeforeValidator(_margin), Field(le=50)] = 0
    roi: Literal["0% 0% 100% 100%", "0 0 100% 100%"] | None = None
    scale: Literal["original", "100%"] | None = None
    position: Literal["original"] | None = None
    add_shadow: bool = False
    semitransparency: bool = True

    @property
    def tier(self) -> Tier:
        """Previews are basic cut-outs, all else is standard."""
        return Tier.BASIC if _PIXELS[self.size] == PREVIEW_PIXELS else Tier.STANDARD

    @property
    def shown_type(self) -> str:
        """What the photo is of, as far as it was told."""
        return "other" if self.type == "auto" else self.type

    def workflow(self) -> Workflow:
        """The steps that make it."""
        steps: list[Parameters] = [CutOut(quality=self.tier.value)]
        if self.crop:
            steps.append(Crop(margin=self.crop_margin))
        steps.append(Shrink(pixels=_PIXELS[self.size]))
        if self.channels == "alpha":
            steps.append(Mask())
        else:
            if self.add_shadow:
                steps.append(Shadow(type="natural"))
            if colour := self.bg_color or ("#ffffff" if self.format == "jpg" else None):
                steps.append(OnColour(colour=colour))
        if self.format in ("jpg", "webp"):
            steps.append(SaveAs(format="webp" if self.format == "webp" else "jpeg"))
        elif self.format == "auto" and self.bg_color and self.channels == "rgba":
            steps.append(SaveAs(format="jpeg"))
        return tuple(map(Step.of, steps))


def read(fields: Mapping[str, object]) -> Asked:
    """The fields of a request without its photo; `InvalidRequest` names the first that is wrong."""
    given = {name: value for name, value in fields.items() if _of_text(value) is not None}
    for name in _NOT_HERE:
        if name in given:
            raise _wrong(name, "is not taken here yet; bg_color is", name)
    try:
        return Asked.model_validate(given)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        name = str(first["loc"][0])
        if name not in Asked.model_fields:
            raise _wrong(name, "is not a field of this route", name) from None
        raise _wrong(name, first["msg"], str(given[name])[:40]) from None


def _wrong(name: str, why: str, given: str) -> InvalidRequest:
    return InvalidRequest(
        Text(f"{name}: {why} (given: {given}).", f"{name}: nilai tidak dapat dipakai ({given})."),
        field=name,
    )
