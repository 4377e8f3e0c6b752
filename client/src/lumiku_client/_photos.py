"""What can be told of a photo without opening it."""

import unicodedata
from pathlib import Path

from ._errors import ApiProblem

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_ITEM_BYTES = 20 * 1024 * 1024
# Controls, formats (bidirectional ones among them), lone surrogates, line and paragraph ends.
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Formats too, but part of Persian and Hindi words, and of emoji.
_JOINERS = "\u200c\u200d"


def refusal(path: Path, max_bytes: int = MAX_PHOTO_BYTES) -> ApiProblem | None:
    """Why the service would certainly refuse the file, known without sending anything."""
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        return ApiProblem(code="empty_file", title="The file is empty")
    if size_bytes > max_bytes:
        return ApiProblem(
            code="photo_too_large",
            title="The photo is too large",
            detail=f"It has {size_bytes / 2**20:.1f} MiB; {max_bytes // 2**20} are allowed.",
            extra={"allowed": max_bytes},
        )
    return None


def unreadable(error: OSError) -> ApiProblem:
    """A photo that cannot be sent, because it cannot be read here."""
    reason = error.strerror or str(error)
    return ApiProblem(code="photo_not_read", title=f"The photo cannot be read: {reason}")


def printable(text: str) -> str:
    """The text on one line: what could steer a terminal or turn writing around is replaced."""
    return "".join("\ufffd" if _steers(c) else c for c in text)


def _steers(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _STEERING
