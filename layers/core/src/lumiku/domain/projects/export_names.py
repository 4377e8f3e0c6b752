"""Paths of the files of an export, by a pattern that its customer chose.

A pattern is text with fields in braces: `{sku}-{name}-{platform}-{n}`. What fields stand for is
cleaned, what the pattern itself says is refused if it cannot be part of a name. A field that is
empty takes the text behind it along, so that no dash is left over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Literal, get_args

from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import UNNAMED, extension, is_seen, safe, unique
from photo_steps.exports import Target

type Field = Literal["sku", "name", "platform", "size", "format", "date", "n"]
type Folders = Literal["none", "format", "platform", "date"]

DEFAULT_PATTERN = "{sku}-{name}-{platform}-{n}"
MAX_PATTERN = 100
FIELDS: tuple[str, ...] = get_args(Field.__value__)
# Characters and bytes of what a person wrote, so that what stands behind it is never cut off.
_LONGEST = {"name": (60, 100), "sku": (40, 60)}
_SHORT = (40, 40)
_FORBIDDEN = frozenset('<>:"/\\|?*')
# No system of Windows opens files that are called so, whatever their ending.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in "0123456789")}
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name can be made of: one file of the picture that is number `n`, from 1."""

    sku: str | None
    name: str
    made_on: date
    n: int
    target: Target


def wrong(pattern: str) -> Text | None:
    """What is wrong with a pattern, if anything is."""
    if not pattern.strip() or len(pattern) > MAX_PATTERN:
        return Text(
            f"A pattern has 1 to {MAX_PATTERN} characters.",
            f"Pola terdiri dari 1 sampai {MAX_PATTERN} karakter.",
        )
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        parts = [("", "", "", None)]
    fields = [field for _, field, _, _ in parts if field is not None]
    told = any(spec or conversion for _, _, spec, conversion in parts)
    if told or not fields or any(field not in FIELDS for field in fields):
        known = ", ".join(f"{{{field}}}" for field in FIELDS)
        return Text(
            f"A pattern has fields in braces, of these: {known}.",
            f"Pola memuat bidang dalam kurung kurawal, dari daftar ini: {known}.",
        )
    text = "".join(literal for literal, *_ in parts)
    if _FORBIDDEN & set(text) or ".." in text or not all(map(is_seen, text)):
        return Text(
            'A name cannot contain < > : " / \\ | ? * or two dots in a row; '
            "folders are chosen apart.",
            'Nama tidak boleh memuat < > : " / \\ | ? * atau dua titik berurutan; '
            "folder dipilih terpisah.",
        )
    return None


def paths(files: Sequence[Named], pattern: str, folders: Folders) -> list[str]:
    """The path of each file in the ZIP, in their order: in one folder at most, all unlike.

    The second file of one name gets `-2` before its ending. `pattern` is one that is not `wrong`.
    """
    return unique(f"{_folder(file, folders)}{_name(file, pattern)}" for file in files)


def _folder(file: Named, folders: Folders) -> str:
    match folders:
        case "none":
            return ""
        case "format":
            return f"{file.target.format}/"
        case "platform":
            return f"{file.target.label}/"
        case "date":
            return f"{file.made_on.isoformat()}/"


def _name(file: Named, pattern: str) -> str:
    values = {
        field: safe(_spaced(value), *_LONGEST.get(field, _SHORT)) for field, value in _values(file)
    }
    stem, lost = "", False
    for literal, field, _, _ in Formatter().parse(pattern):
        stem += "" if lost else literal
        lost = field is not None and not values[field]
        stem += values[field] if field is not None else ""
    if lost:
        stem = stem.rstrip("-_ .")
    # What begins with a dash is an option to a shell.
    clean = safe(_spaced(stem).lstrip("- ")) or UNNAMED
    if clean.partition(".")[0].strip().casefold() in _DEVICES:
        clean = f"{UNNAMED}-{clean}"
    return f"{clean}.{extension(file.target.format)}"


def _spaced(text: str) -> str:
    """One plain space where any white stands."""
    return " ".join(text.split())


def _values(file: Named) -> Iterable[tuple[str, str]]:
    size = file.target.canvas_px
    yield "sku", file.sku or ""
    yield "name", file.name
    yield "platform", file.target.label
    yield "size", "original" if size is None else f"{size[0]}x{size[1]}"
    yield "format", file.target.format
    yield "date", file.made_on.isoformat()
    yield "n", f"{file.n:03}"
