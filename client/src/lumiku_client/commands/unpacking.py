"""Results out of a batch's ZIP. Nothing in it decides where a file is written."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumiku_client._transfer import appearing

MANIFEST = "manifest.json"
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError)
_MAX_MANIFEST_BYTES = 8 * 2**20
# A picture of 64 megapixels with 4 channels, not compressed at all, and some room.
_MAX_RESULT_BYTES = 300 * 2**20


class ArchiveUnusable(Exception):
    """The ZIP is damaged, or not one of the batch's."""


@dataclass(frozen=True)
class Line:
    """What the manifest says of one photo. `code` and `message` say why it is not as asked for."""

    result: str | None = None
    code: str | None = None
    message: str | None = None
    seconds: float = 0.0
    credits: int = 0


def unpack(archive: Path, targets: Sequence[Path], *, more: bool = False) -> Sequence[Line]:
    """Writes the result of each photo, by its place in the batch, to its target.

    With `more`, it has the first photos only, and other ZIPs have the others.

    A target appears whole or not at all. Raises ArchiveUnusable, and OSError if a target cannot
    be written.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            lines = _manifest(opened)
            if len(lines) > len(targets) or (len(lines) < len(targets) and not more):
                raise ArchiveUnusable(f"{len(lines)} photos in it, not {len(targets)}")
            for line, target in zip(lines, targets[: len(lines)], strict=True):
                if line.result is not None:
                    _extract(opened, line.result, target)
            return lines
    except _DAMAGED as error:
        raise ArchiveUnusable(str(error)) from error


def _manifest(opened: zipfile.ZipFile) -> Sequence[Line]:
    try:
        with opened.open(MANIFEST) as file:
            content = json.loads(file.read(_MAX_MANIFEST_BYTES))
        return [_line(photo) for photo in content["photos"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArchiveUnusable("its manifest is missing or not understood") from error


def _line(photo: dict[str, Any]) -> Line:
    texts = [photo.get(name) for name in ("result", "code", "message")]
    result, code, message = (None if text is None else str(text) for text in texts)
    seconds, credits = float(photo.get("seconds") or 0), int(photo.get("credits") or 0)
    return Line(result, code, message, seconds, credits)


def _extract(opened: zipfile.ZipFile, name: str, target: Path) -> None:
    try:
        info = opened.getinfo(name)
    except KeyError as error:
        raise ArchiveUnusable(f"{name} is missing") from error
    if info.file_size > _MAX_RESULT_BYTES:
        raise ArchiveUnusable(f"{name} is too large")
    with opened.open(info) as source, appearing(target) as partial, partial.open("wb") as file:
        # Reads no more than the size in the directory, and checks the sum at the end.
        shutil.copyfileobj(source, file, 2**20)
