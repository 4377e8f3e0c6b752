"""What remove.bg's clients ask for, as an order of ours.

Names and defaults are those of `POST /v1.0/removebg`. What is documented there and cannot be done
here is refused by name; nothing is silently left out but what only tells of the photo.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ValidationError

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import (
    MAX_MARGIN_PERCENT,
    CropAround,
    CutOut,
    FileKind,
    Mask,
    OnColour,
    OnPhoto,
    OnTint,
    Parameters,
    Place,
    Region,
    SaveAs,
    Shrink,
    Step,
    Workflow,
)
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
BEHIND = ("bg_image_file", "bg_image_url")
_FILES: dict[str, FileKind] = {"jpg": "jpeg", "webp": "webp", "zip": "zip"}
MAX_MARGIN_PX = 500
_LENGTH = re.compile(r"(\d{1,5}(?=px)|\d{1,3}(?:\.\d{1,3})?(?=%))(px|%)")
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
    """`#rrggbb` or `#rrggbbaa` of a name or of digits; None of what is transparent or empty."""
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
    if alpha == "00":
        return None
    return f"#{digits[:6]}" + ("" if alpha == "ff" else alpha)


def _lengths(value: object) -> list[str]:
    """Lengths in percent or pixels; a bare 0 is one too."""
    found = ["0px" if length == "0" else length for length in str(value).split()]
    if not all(map(_LENGTH.fullmatch, found)):
        raise ValueError("each length is given in pixels or percent, as in 30px or 12.5%")
    return found


def _margins(value: object) -> object:
    """Top, right, bottom and left, of one for all, two (top and bottom, sides), or all four."""
    found = _lengths(value)
    if len(found) not in (1, 2, 4):
        raise ValueError("one, two (top and bottom, sides) or four margins are possible")
    for margin in found:
        most = MAX_MARGIN_PERCENT if margin.endswith("%") else MAX_MARGIN_PX
        if float(margin.rstrip("px%")) > most:
            raise ValueError(f"a margin has at most {MAX_MARGIN_PERCENT}% or {MAX_MARGIN_PX}px")
    return (found * 4)[:4]


def _corners(value: object) -> object:
    """Left, top, right and bottom of a rectangle; None of the whole."""
    found = _lengths(value)
    if len(found) != 4:
        raise ValueError("a region has two corners, as in 10% 20% 90% 100%")
    for first, last in (found[::2], found[1::2]):
        (start, unit), (end, other) = _LENGTH.findall(first)[0], _LENGTH.findall(last)[0]
        if unit == other and float(start) >= float(end):
            raise ValueError("the region is empty: its second corner is the lower right one")
        if other == "%" and float(end) > 100:
            raise ValueError("the region exceeds the photo")
    from_corner = not any(float(at.rstrip("px%")) for at in found[:2])
    return None if from_corner and found[2:] == ["100%", "100%"] else found


def _share(value: object, least: int = 0) -> str:
    """A percentage up to 100."""
    text = str(value).strip()
    found = _LENGTH.fullmatch(text)
    if not found or found[2] != "%" or not least <= float(found[1]) <= 100:
        raise ValueError(f"a value from {least}% to 100% is possible")
    return text


def _scale(value: object) -> object:
    return None if value == "original" else _share(value, least=10)


def _position(value: object) -> object:
    """Across and down: `center`, one value for both, or two; None for where it was."""
    match ["50%" if place == "center" else place for place in str(value).split()]:
        case ["original"]:
            return None
        case [one]:
            return _share(one), _share(one)
        case [across, down]:
            return _share(across), _share(down)
    raise ValueError("a position is original, center, or one or two values from 0% to 100%")


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
    format: Literal["auto", "png", "jpg", "webp", "zip"] = "auto"
    channels: Literal["rgba", "alpha"] = "rgba"
    bg_color: Annotated[str | None, BeforeValidator(_colour)] = None
    crop: bool = False
    crop_margin: Annotated[tuple[str, str, str, str], BeforeValidator(_margins)] = ("0px",) * 4
    roi: Annotated[tuple[str, str, str, str] | None, BeforeValidator(_corners)] = None
    scale: Annotated[str | None, BeforeValidator(_scale)] = None
    position: Annotated[tuple[str, str] | None, BeforeValidator(_position)] = None
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

    def workflow(self, behind: str | None = None) -> Workflow:
        """The steps that make it; `behind` is the key of a photo for the background."""
        pixels = _PIXELS[self.size]
        steps: list[Parameters] = []
        if self.roi:
            left, top, right, bottom = self.roi
            steps.append(Region(left=left, top=top, right=right, bottom=bottom))
        steps.append(CutOut(quality=self.tier.value))
        if self.crop:
            top, right, bottom, left = self.crop_margin
            around = CropAround(top=top, right=right, bottom=bottom, left=left, pixels=pixels)
            steps.append(around)
        steps.append(Shrink(pixels=pixels))
        if self.scale or self.position:
            stays = "position" in self.model_fields_set and self.position is None
            across, down = self.position or ((None, None) if stays else ("50%", "50%"))
            steps.append(Place(scale=self.scale, across=across, down=down))
        if self.channels == "alpha":
            steps.append(Mask())
        else:
            if self.add_shadow:
                steps.append(Shadow(type="natural"))
            if behind is not None:
                steps.append(OnPhoto(key=behind))
            elif self.bg_color is not None:
                steps.append(self._coloured(self.bg_color))
            if self.format == "jpg" and not self._is_opaque(behind):
                steps.append(OnColour(colour="#ffffff"))
        if self.format in _FILES:
            steps.append(SaveAs(format=_FILES[self.format]))
        elif self.format == "auto" and self.channels == "rgba" and self._is_opaque(behind):
            steps.append(SaveAs(format="jpeg"))
        return tuple(map(Step.of, steps))

    def _is_opaque(self, behind: str | None) -> bool:
        """One sees nothing through what is behind the subject."""
        return behind is not None or (self.bg_color is not None and len(self.bg_color) == 7)

    @staticmethod
    def _coloured(colour: str) -> Parameters:
        if len(colour) == 7:
            return OnColour(colour=colour)
        return OnTint(colour=colour[:7], opacity=int(colour[7:], 16))


def read(fields: Mapping[str, object]) -> Asked:
    """The fields of a request without its photo; `InvalidRequest` names the first that is wrong."""
    given = {name: value for name, value in fields.items() if _of_text(value) is not None}
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
