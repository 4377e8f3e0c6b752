"""Whether a written file keeps the rules of whom it is for, by decoding it again."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.formats import format_of, unsupported
from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from photo_steps.rules import Check, FileRules

# JPEG rings within the blocks that the subject touches; elsewhere white is exactly white.
_BLOCK_PX = 8
_RING_SHARE = 0.02
_MIN_WHITE, _NEARLY, _MIN_LEVEL = 0.985, 250, 245
# Beside a strong colour it rings down to 222 at quality 90 (measured on product photos).
_MIN_RINGING = 215
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

_WRITTEN = ("JPEG", "PNG", "WebP")

type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Written:
    """A finished file, and (height, width) uint8 where the subject is in it, if that is known."""

    data: bytes
    subject: Bytes | None = None


def verified(written: Written, rules: FileRules) -> tuple[Check, ...]:
    """Measure each rule in the file itself.

    Refuses with `PhotoRefused` what cannot be decoded, or is of no format that is written here.

    Without a known subject it is told from the white around it, for `fill` and `pureWhite`.
    """
    name = format_of(written.data)
    if name not in _WRITTEN:
        raise unsupported(name)
    picture = decode_photo(written.data)
    image = Image.open(io.BytesIO(written.data))
    return tuple(_checks(written, name, image, picture, rules))


def _checks(
    written: Written, name: str, image: Image.Image, picture: Picture, rules: FileRules
) -> Iterator[Check]:
    width, height, size_bytes = picture.width, picture.height, len(written.data)
    if rules.formats:
        wanted = ", ".join(rules.formats)
        yield Check(
            rule="format", measured=name, required=wanted, holds=name.lower() in rules.formats
        )
    if rules.min_side_px or rules.max_side_px:
        least, most = rules.min_side_px or 1, rules.max_side_px or 10**6
        holds = least <= min(width, height) and max(width, height) <= most
        yield _check("size", f"{width} x {height}", f"{least} to {most} px a side", holds)
    if rules.aspect_ratio:
        across, down = rules.aspect_ratio
        holds = abs(width * down - height * across) <= _RATIO_TOLERANCE_PX * max(across, down)
        yield _check("aspectRatio", f"{width}:{height}", f"{across}:{down}", holds)
    if rules.max_bytes:
        holds = size_bytes <= rules.max_bytes
        yield _check("bytes", str(size_bytes), f"at most {rules.max_bytes}", holds)
    if rules.fill_percent:
        least, most = rules.fill_percent
        filled = _filled(_subject(picture.rgb, written.subject, FAINT))
        holds = least <= filled + 0.5 and filled - 0.5 <= most
        yield _check("fill", f"{filled:.1f} %", f"{least} to {most} %", holds)
    if rules.pure_white:
        said, holds = _pure_white(picture.rgb, _subject(picture.rgb, written.subject, 1))
        yield _check("pureWhite", said, "exactly 255 around the subject", holds)
    if rules.srgb:
        profile = "icc_profile" in image.info
        holds = not profile and image.mode in ("RGB", "RGBA", "L", "P")
        said = f"{image.mode}, {'a profile' if profile else 'no profile'}"
        yield _check("sRGB", said, "sRGB without a profile", holds)
    if rules.no_alpha:
        held = "A" in image.getbands() or picture.alpha is not None or "transparency" in image.info
        yield _check("noAlpha", "alpha" if held else "opaque", "opaque", not held)
    if rules.no_metadata:
        found = sorted(
            _METADATA & image.info.keys() | ({"exif"} if len(image.getexif()) else set())
        )
        yield _check("noMetadata", ", ".join(found) or "none", "none", not found)


def _check(rule: str, measured: str, required: str, holds: bool) -> Check:
    return Check.model_validate(
        {"rule": rule, "measured": measured, "required": required, "holds": holds}
    )


def _subject(rgb: Bytes, known: Bytes | None, least: int) -> Mask:
    if known is not None:
        return known >= least
    return np.asarray((rgb < _MIN_LEVEL).any(axis=-1))


def _filled(subject: Mask) -> float:
    """How many percent of the side that it fills first a subject takes."""
    box = extent(subject)
    if box is None:
        return 0.0
    sides = zip(box, subject.shape, strict=True)
    return float(100 * max((part.stop - part.start) / side for part, side in sides))


def _pure_white(rgb: Bytes, subject: Mask) -> tuple[str, bool]:
    """White at the rim and in every block without subject, and nearly so beside the subject."""
    white = (rgb == 255).all(axis=-1)
    height, width = white.shape
    # What the photo's edge cut lies on the rim: only what is around it must be white.
    blocks = _near(subject)
    away = ~blocks
    ring = np.ones_like(white)
    inset = max(1, round(_RING_SHARE * min(height, width)))
    ring[inset:-inset, inset:-inset] = False
    rim = float(white[ring & away].mean()) if (ring & away).any() else 1.0
    far = float(white[away].mean()) if away.any() else 1.0
    around = ~subject
    near = float((rgb[around].min(axis=-1) >= _NEARLY).mean()) if around.any() else 1.0
    least = int(rgb[around].min()) if around.any() else 255
    holds = rim == 1 and far == 1 and near >= _MIN_WHITE and least >= _MIN_RINGING
    said = f"rim {rim:.4f}, away {far:.4f}, nearly {near:.4f}, darkest {least}"
    return said, holds


def _near(subject: Mask) -> Mask:
    """Every block of 8 x 8 pixels that holds some of the subject."""
    height, width = subject.shape
    rows, columns = -(-height // _BLOCK_PX), -(-width // _BLOCK_PX)
    padded = np.zeros((rows * _BLOCK_PX, columns * _BLOCK_PX), bool)
    padded[:height, :width] = subject
    held = padded.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX).any(axis=(1, 3))
    return held.repeat(_BLOCK_PX, 0).repeat(_BLOCK_PX, 1)[:height, :width]
