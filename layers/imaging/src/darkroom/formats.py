"""Tell what a file is from its first bytes; names and declared types are not trusted.

The decoders of HEIC and AVIF bring libraries of their own, loaded with the first such file.
"""

import io
from collections.abc import Callable

from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from darkroom.errors import EmptyFile, UnsupportedFormat


def _heic(file: io.BytesIO) -> ImageFile:
    from pi_heif import HeifImageFile

    image: ImageFile = HeifImageFile(file)
    return image


def _avif(file: io.BytesIO) -> ImageFile:
    from PIL.AvifImagePlugin import AvifImageFile

    return AvifImageFile(file)


# The classes are called directly: Image.open would try every plugin, and its pixel limit is one
# setting for the whole process.
DECODERS: dict[str, Callable[[io.BytesIO], ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "HEIC": _heic,
    "AVIF": _avif,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
    "GIF": GifImageFile,
}
ALLOWED = list(DECODERS)

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_FOREIGN = {
    b"8BPS": "Photoshop (PSD)",
    b"\0\0\1\0": "icon (ICO)",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP archive",
    b"\xd0\xcf\x11\xe0": "Office document",
    b"<svg": "SVG drawing",
    b"<?xml": "SVG or XML",
    b"<!DOC": "web page",
    b"<html": "web page",
}
_CANON_RAW = slice(8, 10), b"CR"


def format_of(data: bytes) -> str:
    """Name the format of a file (a key of `DECODERS`) or refuse it."""
    if not data:
        raise EmptyFile("The file is empty: no photo arrived.")
    found = _signature(data) or _riff(data) or _iso_media(data)
    if found is None:
        raise unsupported(_foreign(data))
    return found


def unsupported(found: str) -> UnsupportedFormat:
    """Make the refusal that names what the file seems to be and what is accepted."""
    return UnsupportedFormat(
        f"This file is not a photo we can read (it looks like: {found}). "
        f"Send one of {', '.join(ALLOWED)}.",
        {"found": found, "allowed": ALLOWED},
    )


def _signature(data: bytes) -> str | None:
    found = next((name for magic, name in _SIGNATURES.items() if data.startswith(magic)), None)
    where, raw = _CANON_RAW
    if found == "TIFF" and data[where] == raw:
        raise unsupported("camera raw (CR2)")
    return found


def _riff(data: bytes) -> str | None:
    return "WebP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _iso_media(data: bytes) -> str | None:
    """Read the brands of an ISO base media file (ISO/IEC 14496-12, box `ftyp`)."""
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4]), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & _HEIC_BRANDS else None


def _foreign(data: bytes) -> str:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = (name for magic, name in _FOREIGN.items() if start.lower().startswith(magic.lower()))
    return next(known, "video or other media" if data[4:8] == b"ftyp" else "unknown")
