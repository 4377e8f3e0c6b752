"""Making copies of all that is kept of an account: rows by kind, files, and a manifest."""

import json
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lumiku.domain.instant import iso
from lumiku.domain.people.leaving import TAKEOUT_DAYS, TAKEOUT_FILE_BYTES, Takeout
from lumiku.domain.people.own_files import own_prefixes
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.domain.work.archives import Member
from lumiku.services.clock import Clock
from lumiku.services.people.ports import (
    AccountFiles,
    Belongings,
    Directory,
    Leavers,
    StoredFile,
    Takeouts,
)
from lumiku.services.work.archiving import Archives, Contents
from lumiku.services.work.sweeping import look_at_each

AFTER_A_CRASH = timedelta(minutes=16)
"""Longer than one run of the function lives."""
LINES_A_FILE = 10_000


@dataclass(frozen=True, slots=True)
class PackingTakeouts:
    """The use case of release_accounts; running it twice at once is harmless."""

    takeouts: Takeouts
    leavers: Leavers
    directory: Directory
    belongings: Belongings
    files: AccountFiles
    archives: Archives
    clock: Clock
    file_bytes: int = TAKEOUT_FILE_BYTES

    def pack_due(self, *, limit: int = 5) -> Counter[str]:
        """Make up to `limit` copies; answers how many had which outcome."""
        return look_at_each(self.takeouts.due(self.clock(), limit=limit), self._pack)

    def _pack(self, user_id: str) -> str:
        now = self.clock()
        takeout = self.takeouts.claim(user_id, now, until=now + AFTER_A_CRASH)
        if takeout is None:
            return "takeout_with_another"
        if self.leavers.knows(user_id):
            return "takeout_of_leaver"
        packing = _Packing(self, takeout)
        packed = self.archives.write(takeout.key, packing.contents(), at=takeout.asked_at)
        done = takeout.model_copy(
            update={
                "ready_at": self.clock(),
                "size_bytes": packed.archive.size_bytes,
                "files": packed.files,
                "left_out": packing.left_out,
            }
        )
        letter = Letter(
            user_id=user_id, occasion=Occasion.TAKEOUT, about=takeout.id, due=self.clock()
        )
        self.takeouts.ready(done, letter)
        return "takeout_ready"


@dataclass
class _Packing:
    """One ZIP in the making."""

    of: PackingTakeouts
    takeout: Takeout
    taken: list[StoredFile] = field(default_factory=list)
    too_many: list[StoredFile] = field(default_factory=list)
    gone: int = 0

    @property
    def left_out(self) -> int:
        """How many files are only named."""
        return len(self.too_many) + self.gone

    def contents(self) -> Contents:
        """The files that fit, those that are kept first, and then the lists."""
        room = self.of.file_bytes
        for prefix in own_prefixes(self.takeout.user_id):
            for file in self.of.files.listed(prefix):
                fits = file.size_bytes <= room
                room -= file.size_bytes if fits else 0
                (self.taken if fits else self.too_many).append(file)
        return Contents(
            [Member(file.key, self._name(file), file.at, file.size_bytes) for file in self.taken],
            self._lists,
        )

    def _name(self, file: StoredFile) -> str:
        return f"files/{file.key.replace(f'/{self.takeout.user_id}/', '/', 1)}"

    def _lists(self, gone: Set[str]) -> Iterator[tuple[str, bytes]]:
        """Rows by kind, at most 10,000 a file, and the manifest."""
        self.gone = len(gone)
        counted: Counter[str] = Counter()
        waiting: dict[str, list[str]] = {}
        user_id, now = self.takeout.user_id, self.of.clock()
        person = self.of.directory.by_id(user_id)
        since = person.since if person else self.takeout.asked_at
        for kind, line in self.of.belongings.lines(user_id, since, now):
            lines = waiting.setdefault(kind, [])
            lines.append(line)
            counted[kind] += 1
            if len(lines) == LINES_A_FILE:
                yield _rows_file(kind, counted[kind], waiting.pop(kind))
        for kind, lines in waiting.items():
            yield _rows_file(kind, counted[kind], lines)
        yield "manifest.json", _json(self._manifest(gone, counted, now))

    def _manifest(self, gone: Set[str], counted: Counter[str], now: datetime) -> Any:
        return {
            "account": self.takeout.user_id,
            "askedAt": iso(self.takeout.asked_at),
            "madeAt": iso(now),
            "rows": dict(sorted(counted.items())),
            "files": [
                *(self._told(file, "gone" if file.key in gone else None) for file in self.taken),
                *(self._told(file, "too_large_together") for file in self.too_many),
            ],
            "leftOut": {
                "gone": "The file was deleted while the copy was made.",
                "too_large_together": f"One copy has at most {self.of.file_bytes} bytes of files:"
                " fetch this one by itself, with the API or on the page.",
                "never": "Secrets, and what was made of these files again: ZIPs, pictures between"
                " two steps of an order, previews.",
            },
            "keptDays": TAKEOUT_DAYS.days,
        }

    def _told(self, file: StoredFile, why: str | None) -> dict[str, Any]:
        return {
            "name": self._name(file),
            "sizeBytes": file.size_bytes,
            "at": iso(file.at),
            "leftOut": why,
        }


def _rows_file(kind: str, counted: int, lines: list[str]) -> tuple[str, bytes]:
    part = -(-counted // LINES_A_FILE)
    return f"rows/{kind}-{part:04d}.jsonl", "".join(lines).encode()


def _json(told: Any) -> bytes:
    return json.dumps(told, indent=2, ensure_ascii=False).encode()
