import pytest

from darkroom.errors import EmptyFile, UnsupportedFormat
from darkroom.formats import ALLOWED, format_of


def media(brand: bytes, *compatible: bytes) -> bytes:
    size = 16 + 4 * len(compatible)
    return size.to_bytes(4) + b"ftyp" + brand + bytes(4) + b"".join(compatible)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (media(b"heic", b"mif1"), "HEIC"),
        (media(b"mif1", b"miaf", b"heic"), "HEIC"),
        (media(b"mif1", b"avif", b"miaf"), "AVIF"),
        (media(b"avis"), "AVIF"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"BM", "BMP"),
        (b"GIF89a", "GIF"),
    ],
)
def test_names_what_the_first_bytes_say(start: bytes, name: str) -> None:
    assert format_of(start + bytes(32)) == name


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"8BPS\0\1", "Photoshop (PSD)"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\0\0\1\0\1\0", "icon (ICO)"),
        (b"\xef\xbb\xbf <?xml version", "SVG or XML"),
        (b"<SVG xmlns", "SVG drawing"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\x0a", "JPEG XL"),
        (b"II*\0\x10\0\0\0CR\2\0", "camera raw (CR2)"),
        (media(b"isom", b"mp42"), "video or other media"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "unknown"),
        (b"hello", "unknown"),
    ],
)
def test_refuses_other_files_and_says_what_they_are(start: bytes, found: str) -> None:
    with pytest.raises(UnsupportedFormat) as refusal:
        format_of(start + bytes(32))
    assert refusal.value.code == "unsupported_format"
    assert refusal.value.facts == {"found": found, "allowed": ALLOWED}
    assert found in refusal.value.message


def test_refuses_an_empty_file() -> None:
    with pytest.raises(EmptyFile) as refusal:
        format_of(b"")
    assert refusal.value.code == "empty_file"
