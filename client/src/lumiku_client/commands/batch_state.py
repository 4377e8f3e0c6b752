"""The small file by which a batch that was interrupted goes on, and is paid once.

It is written before anything is charged: the idempotency key in it makes sending the same order
again harmless.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lumiku_client._options import PLAIN, Options
from lumiku_client._transfer import appearing

STATE_FILE = ".lumiku-batch.json"
_VERSION = 1


class StateUnreadable(Exception):
    """There is a state file, but not one that this version understands."""


@dataclass(frozen=True)
class Planned:
    """A photo of the batch: its file, its size when it was ordered, its result's name in OUT."""

    path: Path
    size_bytes: int
    result: str


@dataclass(frozen=True)
class Problem:
    """Why a photo could not be sent."""

    code: str
    message: str


@dataclass(frozen=True)
class BatchState:
    """An order and how far it has come.

    api_url   the server
    email     who ordered, if that is known
    options   what the results shall be
    asked     the files and folders of the command, absolute
    keys      where each photo goes, once the order was accepted
    closes_at until when photos are awaited, ISO 8601
    finished  the server was told that no more photos come
    problems  photos that could not be sent, by index
    """

    api_url: str
    email: str | None
    asked: Sequence[str]
    tier: str
    credits: int
    photos: Sequence[Planned]
    options: Options = PLAIN
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    batch_id: str | None = None
    keys: Sequence[str] = field(default_factory=list)
    closes_at: str | None = None
    finished: bool = False
    problems: Mapping[int, Problem] = field(default_factory=dict)

    def save(self, out: Path) -> None:
        """Writes the file whole, or leaves the earlier one."""
        content = {"version": _VERSION, **asdict(self)}
        # Names that are not UTF-8 survive as escapes.
        text = json.dumps(content, indent=1, default=str)
        with appearing(out / STATE_FILE) as partial:
            partial.write_text(text, encoding="ascii")


def load(out: Path) -> BatchState | None:
    """The batch that was not over when the last run into this folder ended."""
    path = out / STATE_FILE
    try:
        return _parsed(json.loads(path.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise StateUnreadable(str(path)) from error


def forget(out: Path) -> None:
    """The batch is over, or was never accepted."""
    (out / STATE_FILE).unlink(missing_ok=True)


def _parsed(content: dict[str, Any]) -> BatchState:
    if content.pop("version") != _VERSION:
        raise ValueError
    photos = [
        Planned(Path(photo["path"]), int(photo["size_bytes"]), Path(photo["result"]).name)
        for photo in content.pop("photos")
    ]
    problems = {int(k): Problem(**value) for k, value in content.pop("problems").items()}
    options = Options(**content.pop("options", {}))
    state = BatchState(**content, photos=photos, options=options, problems=problems)
    if state.batch_id is not None and len(state.keys) != len(photos):
        raise ValueError
    return state
