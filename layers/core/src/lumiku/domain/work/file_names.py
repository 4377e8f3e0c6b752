"""Names of result files that every system takes: Windows, macOS, Linux, and people who read them.

Names keep their language. What goes is what could mislead or be refused: paths, characters that
are invisible, turn the writing direction or mean something to a shell, and excess length. As
every name begins with `removed-`, none is hidden or one of the devices of Windows.
"""

import unicodedata
from collections.abc import Iterable
from itertools import chain, count

PREFIX = "removed-"
UNNAMED = "photo"
MAX_STEM_CHARACTERS = 100
MAX_STEM_BYTES = 180

_FORBIDDEN = dict.fromkeys(map(ord, '<>:"/\\|?*'), "_")
# Control, format (direction marks too), surrogates, line and paragraph separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Joiners have their place in Persian and Hindi words, and in emoji.
_JOINERS = "\u200c\u200d"


def extension(format: str) -> str:
    """What names of files of that format end in."""
    return "jpg" if format == "jpeg" else format


def result_name(source_name: str, format: str, *, prefix: str = PREFIX) -> str:
    """Name of the result for a photo of that name: `removed-<stem>.<extension of format>`.

    Another app has another `prefix`.
    """
    name = source_name.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{prefix}{safe(name.rsplit('.', 1)[0]) or UNNAMED}.{extension(format)}"


def unique(names: Iterable[str]) -> list[str]:
    """The names in their order, where the second of one name gets `-2` before its ending.

    Names that differ only in case or in how characters are composed count as one: they would
    overwrite each other where the file system sees no difference.
    """
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        stem, _, kind = name.rpartition(".")
        candidates = chain([name], (f"{stem}-{number}.{kind}" for number in count(2)))
        free = next(other for other in candidates if _folded(other) not in taken)
        taken.add(_folded(free))
        found.append(free)
    return found


def is_seen(character: str) -> bool:
    """Whether it can be seen, or has its place in a word, and steers nothing."""
    return character in _JOINERS or unicodedata.category(character) not in _UNSEEN


def visible(name: str) -> str:
    """A name without what breaks lines, turns the writing direction or cannot be seen."""
    return "".join(character if is_seen(character) else "\ufffd" for character in name)


def safe(text: str, characters: int = MAX_STEM_CHARACTERS, size_bytes: int = MAX_STEM_BYTES) -> str:
    """What of a text may stand in a name, at most so much of it."""
    seen = "".join(filter(is_seen, text))
    whole = unicodedata.normalize("NFC", seen.translate(_FORBIDDEN))
    short = whole.strip(" .")[:characters].encode()[:size_bytes]
    return short.decode(errors="ignore").strip(" ." + _JOINERS)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
