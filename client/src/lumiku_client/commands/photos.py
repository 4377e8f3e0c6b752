"""Which files are photos, and what their results are called."""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CONTACT_SHEET = "contact-sheet.png"

_SIGNATURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG",
    b"GIF8",
    b"BM",
    b"II*\x00",  # TIFF and the raw formats built on it
    b"MM\x00*",
    b"II+\x00",  # BigTIFF
    b"MM\x00+",
    b"8BPS",  # Photoshop
    b"\x00\x00\x01\x00",  # icon
    b"\x00\x00\x00\x0cjP  ",  # JPEG 2000
    b"\xff\x4f\xff\x51",
    b"\x00\x00\x00\x0cJXL ",
    b"\xff\x0a",
)
_HEIF_BRANDS = {
    b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs",
    b"mif1", b"mif2", b"msf1", b"miaf", b"MA1A", b"MA1B",
}  # fmt: skip
_PHOTO_SUFFIXES = {
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff",
    ".bmp", ".gif",
}  # fmt: skip
_SNIFFED_BYTES = 64
_MAX_NAME_BYTES = 255


@dataclass(frozen=True)
class Found:
    """The photos to try, and the files of the folders that are none."""

    photos: Sequence[Path]
    skipped: Sequence[Path]


def find(paths: Iterable[Path], out: Path | None = None) -> Found:
    """The photos that files and folders (not their sub-folders) stand for, each once.

    A file that is named is always tried. Of a folder's files those are whose content looks like
    an image, and those whose name promises one: the server decides. Hidden files are not looked
    at, nor is a folder's content when it is `out`, which holds results.
    """
    photos: dict[str, Path] = {}
    skipped: dict[str, Path] = {}
    for path in paths:
        if not path.is_dir():
            photos.setdefault(_identity(path), path)
        elif out is None or path.resolve() != out.resolve():
            for file in sorted(path.iterdir()):
                if file.is_file() and not file.name.startswith("."):
                    kept = photos if could_be_photo(file) else skipped
                    kept.setdefault(_identity(file), file)
    return Found(list(photos.values()), [f for key, f in skipped.items() if key not in photos])


def could_be_photo(path: Path) -> bool:
    """Whether the content looks like an image, or at least the name promises one."""
    if path.suffix.lower() in _PHOTO_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return looks_like_image(file.read(_SNIFFED_BYTES))
    except OSError:
        return False


def looks_like_image(head: bytes) -> bool:
    """Whether a file that begins like this is of a raster image format."""
    if head.startswith(_SIGNATURES):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, len(head), 4))}
    return head[4:8] == b"ftyp" and not brands.isdisjoint(_HEIF_BRANDS)


def result_names(
    photos: Sequence[Path], extension: str = "png", *, case_matters: bool = True
) -> Mapping[Path, str]:
    """The file name of each photo's result: `<stem>.<extension>`.

    Where two stems are the same but for case or Unicode form, or one is the contact sheet's, it
    is `<file name>.<extension>`, and where even those would be one file (without `case_matters`,
    also if they differ in case only), those after the first get a number.
    """
    stems = Counter(_folded(photo.stem) for photo in photos)
    stems[_folded(Path(CONTACT_SHEET).stem)] += 1
    bases = {p: p.stem if stems[_folded(p.stem)] == 1 else p.name for p in photos}
    # A stem may also be the whole name of another file: a.jpg beside a.jpg.webp.
    whole = Counter(_folded(base) for base in bases.values())
    bases = {p: base if whole[_folded(base)] == 1 else p.name for p, base in bases.items()}

    same = _folded if not case_matters else _composed
    taken = {same(Path(CONTACT_SHEET).stem)}
    names = {}
    for photo, wanted in bases.items():
        base, number = _shortened(wanted, f".{extension}"), 1
        while same(base) in taken:
            number += 1
            base = _shortened(wanted, f"-{number}.{extension}") + f"-{number}"
        taken.add(same(base))
        names[photo] = f"{base}.{extension}"
    return names


def _identity(path: Path) -> str:
    """One text per file, however its folder is spelled; links to a file stay files of their own."""
    return str(path.parent.resolve() / path.name)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(name).casefold()


def _shortened(base: str, ending: str) -> str:
    room = _MAX_NAME_BYTES - len(ending)
    whole = os.fsencode(base)
    return base if len(whole) <= room else whole[:room].decode("utf-8", "ignore")
