"""Whether a written file keeps the rules of whom it is for, by decoding it again."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.formats import format_of, unsupported
from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from photo_steps import Format
from photo_steps.rules import Check, FileRules, RuleName
from photo_steps.words import Words

# JPEG rings within the blocks that the subject touches; elsewhere white is exactly white.
_BLOCK_PX = 8
_RIM_SHARE = 0.02
_MIN_WHITE, _NEARLY, _MIN_LEVEL = 0.985, 250, 245
_RATIO_TOLERANCE_PX = 1
# What is neither pixels nor how they are coded. JFIF's own header says only the density.
_METADATA = {
    "exif",
    "xmp",
    "XML:com.adobe.xmp",
    "comment",
    "photoshop",
    "gps",
    "Software",
    "Author",
}

_KINDS: dict[Format, str] = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP"}
_NONE, _MARKED = Words(en="none", id="tidak ada"), Words(en="Lumiku's mark", id="tanda air Lumiku")
_NO_WHITE = Words(en="no white rim around the subject", id="tepi di sekeliling produk tidak putih")
_OPAQUE, _TRANSPARENT = Words(en="opaque", id="tidak tembus"), Words(en="alpha", id="transparan")
_WHITE = Words(
    en="exactly 255 away from the subject, 98.5 % at 250 or more beside it, none below 245",
    id="tepat 255 jauh dari produk, 98,5 % minimal 250 di dekatnya, tidak ada di bawah 245",
)

type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Written:
    """A finished file, and (height, width) uint8 where the subject is in it, if that is known.

    Whether Lumiku's mark is in it has to be told.
    """

    data: bytes
    subject: Bytes | None = None
    is_marked: bool = False


def verified(written: Written, rules: FileRules) -> tuple[Check, ...]:
    """Measure each rule in the file itself.

    Refuses with `PhotoRefused` what cannot be decoded, or is of no format that is written here.

    Without a known subject it is told from the white around it, for `fill` and `pureWhite`; where
    the rim is not white, neither holds.
    """
    name = format_of(written.data)
    if name not in _KINDS.values():
        raise unsupported(name)
    picture = decode_photo(written.data)
    image = Image.open(io.BytesIO(written.data))
    return tuple(_checks(written, name, image, picture, rules))


def _checks(
    written: Written, name: str, image: Image.Image, picture: Picture, rules: FileRules
) -> Iterator[Check]:
    width, height, size_bytes = picture.width, picture.height, len(written.data)
    if rules.formats:
        wanted = ", ".join(_KINDS[format] for format in rules.formats)
        yield _check("format", _same(name), _same(wanted), name.lower() in rules.formats)
    if "size" in rules.names:
        yield _check("size", _same(f"{width} x {height} px"), *_size(rules, width, height))
    if rules.aspect_ratio:
        across, down = rules.aspect_ratio
        holds = abs(width * down - height * across) <= _RATIO_TOLERANCE_PX * max(across, down)
        yield _check("aspectRatio", _same(f"{width}:{height}"), _same(f"{across}:{down}"), holds)
    if rules.max_bytes:
        most = _at_most(f"{rules.max_bytes:,}", "bytes", "bita")
        holds = size_bytes <= rules.max_bytes
        yield _check("bytes", _numbers(f"{size_bytes:,}", "bytes", "bita"), most, holds)
    if rules.fill_percent:
        least, most_filled = rules.fill_percent
        subject = _subject(picture.rgb, written.subject, FAINT)
        filled = 0.0 if subject is None else _filled(subject)
        holds = least <= filled + 0.5 and filled - 0.5 <= most_filled
        said = _NO_WHITE if subject is None else _numbers(f"{filled:.1f}", "%", "%")
        yield _check("fill", said, _same(f"{least}-{most_filled} %"), holds)
    if rules.pure_white:
        subject = _subject(picture.rgb, written.subject, 1)
        said, holds = (_NO_WHITE, False) if subject is None else _pure_white(picture.rgb, subject)
        yield _check("pureWhite", said, _WHITE, holds)
    if rules.srgb:
        profile = "icc_profile" in image.info
        holds = not profile and image.mode in ("RGB", "RGBA", "L", "P")
        said = Words(
            en=f"{image.mode}, {'a profile' if profile else 'no profile'}",
            id=f"{image.mode}, {'dengan profil' if profile else 'tanpa profil'}",
        )
        yield _check("sRGB", said, Words(en="sRGB, no profile", id="sRGB, tanpa profil"), holds)
    if rules.no_alpha:
        held = "A" in image.getbands() or picture.alpha is not None or "transparency" in image.info
        yield _check("noAlpha", _TRANSPARENT if held else _OPAQUE, _OPAQUE, not held)
    if rules.no_metadata:
        found_in = sorted(
            _METADATA & image.info.keys() | ({"exif"} if len(image.getexif()) else set())
        )
        yield _check(
            "noMetadata", _same(", ".join(found_in)) if found_in else _NONE, _NONE, not found_in
        )
    if rules.no_watermark:
        yield _check(
            "noWatermark", _MARKED if written.is_marked else _NONE, _NONE, not written.is_marked
        )


def _same(text: str) -> Words:
    """What reads alike in both languages."""
    return Words(en=text, id=text)


def _size(rules: FileRules, width: int, height: int) -> tuple[Words, bool]:
    """What is required of the size, and whether that holds."""
    if rules.exact_px:
        across, down = rules.exact_px
        return _same(f"{across} x {down} px"), (width, height) == (across, down)
    least, most = rules.min_side_px, rules.max_side_px
    holds = (least or 1) <= min(width, height) and max(width, height) <= (most or width + height)
    if least and most:
        return Words(
            en=f"{least} to {most} px a side", id=f"{least} sampai {most} px per sisi"
        ), holds
    if least:
        return Words(en=f"{least} px a side or more", id=f"{least} px per sisi atau lebih"), holds
    return Words(en=f"at most {most} px a side", id=f"paling besar {most} px per sisi"), holds


def _numbers(text: str, en: str, id: str) -> Words:
    """A number with its unit; Indonesian has commas and points the other way."""
    other = text.translate(str.maketrans(",.", ".,"))
    return Words(en=f"{text} {en}", id=f"{other} {id}")


def _at_most(text: str, en: str, id: str) -> Words:
    told = _numbers(text, en, id)
    return Words(en=f"at most {told.en}", id=f"paling besar {told.id}")


def _check(rule: RuleName, measured: Words, required: Words, holds: bool) -> Check:
    return Check(rule=rule, measured=measured, required=required, holds=holds)


def _subject(rgb: Bytes, known: Bytes | None, least: int) -> Mask | None:
    """Where the subject is. If nobody knows it is what is not white, within a rim that is."""
    if known is not None:
        return known >= least
    darkest = _darkest(rgb)
    inset = max(1, round(_RIM_SHARE * min(darkest.shape)))
    rim = np.ones_like(darkest, dtype=bool)
    rim[inset:-inset, inset:-inset] = False
    return np.asarray(darkest < _MIN_LEVEL) if (darkest[rim] == 255).all() else None


def _filled(subject: Mask) -> float:
    """How many percent of the side that it fills first a subject takes."""
    box = extent(subject)
    if box is None:
        return 0.0
    sides = zip(box, subject.shape, strict=True)
    return float(100 * max((part.stop - part.start) / side for part, side in sides))


def _pure_white(rgb: Bytes, subject: Mask) -> tuple[Words, bool]:
    """White in every block without subject, and nearly so beside it."""
    darkest, around = _darkest(rgb), ~subject
    off = int(np.count_nonzero((darkest < 255) & ~_near(subject)))
    count = np.count_nonzero(around)
    beside = np.count_nonzero((darkest >= _NEARLY) & around) / count if count else 1.0
    least = int((darkest | (subject * np.uint8(255))).min())
    holds = off == 0 and beside >= _MIN_WHITE and least >= _MIN_LEVEL
    # Never more than there is: 98.499 % is not 98.50 %.
    share = _numbers(f"{math.floor(beside * 10_000) / 100:.2f}", "%", "%")
    said = Words(
        en=f"{off} px off white away from the subject, {share.en} beside it, darkest {least}",
        id=f"{off} px tidak putih jauh dari produk, {share.id} di dekatnya, tergelap {least}",
    )
    return said, holds


def _darkest(rgb: Bytes) -> Bytes:
    """The lowest channel of each pixel: (height, width) uint8."""
    return np.asarray(np.minimum(np.minimum(rgb[..., 0], rgb[..., 1]), rgb[..., 2]))


def _near(subject: Mask) -> Mask:
    """Every block of 8 x 8 pixels that holds some of the subject."""
    height, width = subject.shape
    rows, columns = -(-height // _BLOCK_PX), -(-width // _BLOCK_PX)
    padded = np.zeros((rows * _BLOCK_PX, columns * _BLOCK_PX), bool)
    padded[:height, :width] = subject
    held = padded.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX).any(axis=(1, 3))
    return held.repeat(_BLOCK_PX, 0).repeat(_BLOCK_PX, 1)[:height, :width]
