"""Tell what a file is from its first bytes; names and declared types are not trusted."""

from darkroom.errors import EmptyFile, UnsupportedFormat

ALLOWED = ["JPEG", "PNG", "WebP", "HEIC", "AVIF", "TIFF", "BMP", "GIF"]

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
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
    """Name the format of a file (one of `ALLOWED`) or refuse it."""
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
