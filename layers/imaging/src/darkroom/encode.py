"""Files from pictures: small, fast and without metadata (sRGB needs no profile)."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from darkroom.compose import composed
from darkroom.errors import NotEncodable
from darkroom.picture import Bytes, Picture
from photo_steps import FileKind

_NAMES: dict[FileKind, str] = {"png": "PNG", "webp": "WebP", "jpeg": "JPEG", "zip": "JPEG"}
_MAX_SIDE_PX: dict[FileKind, int] = {"webp": 16383, "jpeg": 65500, "zip": 65500}
# libwebp takes 19 bytes per pixel for a picture with alpha, three times as much as without.
_MAX_TRANSPARENT_WEBP_PIXELS = 50_000_000
# By alpha, whether a colour is kept.
_VISIBLE = [0] + [255] * 255
_QUALITY = 90
# Ways to compress a PNG, and by how much their time counts as size: run lengths are what a cut-out
# has most; repetitions are found in what was a JPEG before, and looking for them only makes fresh
# noise larger; looking further takes twice as long. Measured (ADR 0019).
_WAYS: tuple[tuple[dict[str, int], float], ...] = (
    ({"compress_level": 1, "compress_type": zlib.Z_RLE}, 1.0),
    ({"compress_level": 3}, 1.0),
    ({"compress_level": 5}, 1.04),
)
_BANDS, _BAND_PX = 4, 4


def encode(picture: Picture, format: FileKind = "png", quality: int = _QUALITY) -> bytes:
    """Encode what is seen of a picture at its own size; hidden colours are set to black.

    Grey pictures get one channel, where the format has such. JPEG keeps all colours at full size,
    so that none runs over the edge of a plain background. A ZIP has colours, also where they do
    not show (an edge in a JPEG would blur), and alpha apart. Refuses with `NotEncodable` what the
    format cannot hold.
    """
    picture = composed(picture)
    _check(picture, format)
    if format == "zip":
        return _apart(picture, quality)
    image = as_image(picture)
    file = io.BytesIO()
    match format:
        case "png":
            return _png(image)
        case "webp" if picture.is_grey:
            image.save(file, "WEBP", lossless=True, quality=0, method=0)
        case "webp":
            image.save(file, "WEBP", quality=quality, alpha_quality=100, method=2)
        case "jpeg":
            image.save(file, "JPEG", quality=quality, subsampling="4:4:4")
    return file.getvalue()


def _apart(picture: Picture, quality: int) -> bytes:
    """The names are those of remove.bg, whose clients join the two."""
    colours = encode(replace(picture, alpha=None), "jpeg", quality)
    alpha = _png(Image.fromarray(picture.cover))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (("color.jpg", colours), ("alpha.png", alpha)):
            archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


def _png(image: Image.Image) -> bytes:
    """Compress in the way that suits a few bands of the picture best."""
    bands = Image.new(image.mode, (image.width, _BANDS * _BAND_PX))
    for band in range(_BANDS):
        top = (band + 1) * image.height // (_BANDS + 1) - _BAND_PX // 2
        box = (0, top, image.width, top + _BAND_PX)
        bands.paste(image.crop(box), (0, band * _BAND_PX))
    way, _ = min(_WAYS, key=lambda one: len(_saved(bands, one[0])) * one[1])
    return _saved(image, way)


def _saved(image: Image.Image, way: Mapping[str, int]) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **way)
    return file.getvalue()


def as_image(picture: Picture) -> Image.Image:
    """Make a Pillow image of a picture."""
    if picture.alpha is not None:
        return join_visible(picture.rgb, picture.alpha)
    return Image.fromarray(picture.rgb[..., 0] if picture.is_grey else picture.rgb)


def join_visible(rgb: Bytes, alpha: Bytes) -> Image.Image:
    """Join (h, w, 3) and (h, w) uint8 to an RGBA image, colour 0 wherever alpha is 0."""
    mask = Image.fromarray(alpha)
    image = Image.new("RGB", mask.size)
    image.paste(Image.fromarray(rgb), mask=mask.point(_VISIBLE))
    image.putalpha(mask)
    return image


def _check(picture: Picture, format: FileKind) -> None:
    if format == "jpeg" and picture.alpha is not None:
        raise NotEncodable("JPEG holds no transparency; lay the picture on a colour.")
    facts = {"width": picture.width, "height": picture.height}
    longer = max(picture.width, picture.height)
    most = _MAX_SIDE_PX.get(format, longer)
    if longer > most:
        raise NotEncodable(
            f"{_NAMES[format]} holds at most {most} pixels per side; ask for PNG or less.",
            {**facts, "maxSide": most},
        )
    transparent = format == "webp" and picture.alpha is not None
    if transparent and picture.width * picture.height > _MAX_TRANSPARENT_WEBP_PIXELS:
        raise NotEncodable(
            f"A transparent WebP has at most {_MAX_TRANSPARENT_WEBP_PIXELS // 1_000_000} "
            "megapixels; ask for PNG, a background or less.",
            {**facts, "maxPixels": _MAX_TRANSPARENT_WEBP_PIXELS},
        )
