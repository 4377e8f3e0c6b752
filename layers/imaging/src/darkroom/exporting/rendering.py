"""All files of one picture: composed once for each look, reduced for the smaller ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np
from PIL import Image

from darkroom.compose import WHITE, composed, lay_on
from darkroom.encode import encode
from darkroom.exporting.placing import Look, Placed, placed
from darkroom.exporting.squeezing import Limit, Squeezed, squeezed
from darkroom.picture import Bytes, Picture
from darkroom.studio.verifying import Written, verified
from darkroom.thumbnail import thumbnail
from photo_steps import Format
from photo_steps.exports import Rendered, Size, Target, Told
from photo_steps.rules import Check
from photo_steps.studio import Frame

_THUMBNAIL_PX, _THUMBNAIL_QUALITY = 160, 75
_QUALITY = 90
# Beside a strong colour a JPEG rings: where white is asked for, these are tried until it is white.
_WHITER = (98, 100)
_MAX_ENLARGED = 1.6
_FILTER = Image.Resampling.BICUBIC


@dataclass(frozen=True)
class Made:
    """A file and what is to be known of it."""

    data: bytes
    facts: Rendered


@dataclass(frozen=True)
class _Plate:
    """A finished picture at one size; `subject` is (height, width) uint8 where it is, if known.

    Around the subject of one that stands on white all is exactly white, until it is encoded.
    """

    picture: Picture
    subject: Bytes | None
    on_white: bool
    is_marked: bool
    told: tuple[Told, ...]

    def at(self, width: int, height: int) -> "_Plate":
        """The same with fewer pixels."""
        picture = self.picture
        if (picture.width, picture.height) == (width, height):
            return self
        alpha = None if picture.alpha is None else _reduced(picture.alpha, width, height)
        subject = self.subject
        if subject is not None:
            subject = alpha if subject is picture.alpha else _reduced(subject, width, height)
        rgb = _colours(picture, alpha, width, height)
        if self.on_white and subject is not None:
            # Where filters of colour and alpha end beside each other, levels are left over.
            rgb[subject == 0] = 255
        return replace(self, picture=replace(picture, rgb=rgb, alpha=alpha), subject=subject)

    @cached_property
    def opaque(self) -> "_Plate":
        """The same without transparency: on white."""
        if self.picture.alpha is None:
            return self
        rgb = lay_on(self.picture.rgb, self.picture.alpha, WHITE)
        return replace(self, picture=replace(self.picture, rgb=rgb, alpha=None))

    def encoded(self, picture: Picture, format: Format, quality: int) -> bytes:
        """Encode a picture; that of the plate only once."""
        if picture is not self.picture:
            return encode(picture, format, quality)
        if (format, quality) not in self._files:
            self._files[format, quality] = encode(picture, format, quality)
        return self._files[format, quality]

    @cached_property
    def _files(self) -> dict[tuple[Format, int], bytes]:
        return {}


def exported(
    picture: Picture, wanted: Sequence[Target], composition: Frame | None = None
) -> Iterator[Made]:
    """Make every file that is wanted of a picture, in an order that shares work.

    The picture is an unpacked one (subject, alpha, backdrop, shadow and mark apart) or a finished
    one. One that went through its look without the step `Frame`, so that its subject is as large as
    in the photo, comes with that step as `composition`. Each file is sRGB without metadata, and is
    decoded again to be measured. A mark is written over every one of them. JPEG holds no
    transparency, and marketplaces want none: there the subject is laid on white. What could not be
    as it was ordered is in `facts.told`. Refuses with `NotEncodable` what a format cannot hold.
    """
    own = None if composition is None or picture.alpha is None else composition.size

    def size_of(target: Target) -> Size:
        return target.canvas_px or own or (picture.width, picture.height)

    looks = sorted({Look.of(target) for target in wanted}, key=repr)
    for look in looks:
        alike = [target for target in wanted if Look.of(target) == look]
        alike.sort(key=lambda target: size_of(target)[0] * size_of(target)[1], reverse=True)
        largest = placed(picture, look, alike[0].canvas_px or own, composition)
        plate = _plate(picture, largest)
        for size, same in groupby(alike, key=size_of):
            smaller = _told_of(plate.at(*size), largest)
            small = encode(thumbnail(smaller.picture, _THUMBNAIL_PX), "webp", _THUMBNAIL_QUALITY)
            for target in same:
                yield _made(target, smaller, plate, small)


def _plate(picture: Picture, largest: Placed) -> _Plate:
    """Compose a picture on its canvas. Of a finished one it is not known where the subject is."""
    subject = None if picture.alpha is None else largest.picture.cover
    finished = composed(largest.picture)
    lain = largest.picture
    is_marked = lain.mark is not None
    throws = lain.shadow is not None and lain.shadow.type != "none"
    on_white = subject is not None and lain.backdrop == WHITE and not is_marked and not throws
    return _Plate(finished, subject, on_white, is_marked, largest.told)


def _told_of(plate: _Plate, largest: Placed) -> _Plate:
    """Say of a plate that its subject was enlarged too much, if it was."""
    scale = largest.enlarged * plate.picture.width / largest.picture.width
    if scale <= _MAX_ENLARGED:
        return plate
    soft = Told(code="low_resolution", facts={"enlargedPercent": round(100 * scale)})
    return replace(plate, told=(*plate.told, soft))


def _made(target: Target, plate: _Plate, largest: _Plate, small: bytes) -> Made:
    if target.format == "jpeg" or target.rules.no_alpha:
        plate, largest = plate.opaque, largest.opaque
    asked = _QUALITY if target.place is None else target.place.quality
    limit = _limit(target)
    tried: list[tuple[Squeezed, tuple[Check, ...]]] = []
    for quality in (asked, *_whiter(target, plate, asked)):
        file = squeezed(
            plate.picture,
            target.format,
            quality,
            limit,
            lambda width, height: largest.at(width, height).picture,
            plate.encoded,
        )
        tried.append((file, _checked(file, target, plate)))
        if _is_white(tried[-1][1]):
            break
    file, checks = tried[-1] if _is_white(tried[-1][1]) else tried[0]
    facts = Rendered(
        target=target,
        width_px=file.picture.width,
        height_px=file.picture.height,
        size_bytes=len(file.data),
        quality=None if target.format == "png" else file.quality,
        checks=checks,
        told=(*plate.told, *_squeezing(file, asked, plate, limit)),
        thumbnail=small,
    )
    return Made(file.data, facts)


def _limit(target: Target) -> Limit:
    """How many bytes a file may have; only what is required costs pixels."""
    place = target.place
    if place is None:
        return Limit()
    least = None if place.why("bytes").is_advice else place.rules.min_side_px or 1
    return Limit(place.rules.max_bytes, least)


def _whiter(target: Target, plate: _Plate, asked: int) -> list[int]:
    """Higher qualities at which white may come out white."""
    can_help = target.rules.pure_white and plate.on_white and target.format == "jpeg"
    return [quality for quality in _WHITER if can_help and quality > asked]


def _is_white(checks: Sequence[Check]) -> bool:
    return all(check.holds for check in checks if check.rule == "pureWhite")


def _checked(file: Squeezed, target: Target, plate: _Plate) -> tuple[Check, ...]:
    """Measure the file by the rules of its target, each with its evidence."""
    subject = plate.subject
    if subject is not None and subject.shape != file.picture.rgb.shape[:2]:
        subject = _reduced(subject, file.picture.width, file.picture.height)
    checks = verified(Written(file.data, subject, plate.is_marked), target.rules)
    if target.place is None:
        return checks
    why = target.place.why
    return tuple(check.model_copy(update={"evidence": why(check.rule)}) for check in checks)


def _squeezing(file: Squeezed, asked: int, plate: _Plate, limit: Limit) -> list[Told]:
    """Say what a limit of bytes has cost."""
    told = []
    size: dict[str, int | str] = {"width": file.picture.width, "height": file.picture.height}
    if file.picture.width < plate.picture.width:
        told.append(Told(code="size_lowered", facts=size))
    if file.quality < asked:
        told.append(Told(code="quality_lowered", facts={"quality": file.quality, "asked": asked}))
    if limit.max_bytes is not None and len(file.data) > limit.max_bytes:
        told.append(Told(code="too_many_bytes", facts={"maxBytes": limit.max_bytes}))
    return told


def _reduced(pixels: Bytes, width: int, height: int) -> Bytes:
    return np.array(Image.fromarray(pixels).resize((width, height), _FILTER))


def _colours(picture: Picture, alpha: Bytes | None, width: int, height: int) -> Bytes:
    """Reduce colours; those of a transparent picture count by their alpha."""
    if picture.alpha is None or alpha is None:
        return _reduced(picture.rgb, width, height)
    image = Image.fromarray(np.dstack([picture.rgb, picture.alpha])).convert("RGBa")
    smaller = image.resize((width, height), _FILTER).convert("RGBA")
    return np.ascontiguousarray(np.asarray(smaller)[..., :3])
