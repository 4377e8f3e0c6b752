"""What a person sees while a batch or an upload is under way."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from lumiku_client._batch_models import Batch, PhotoUpload
from lumiku_client._errors import ApiProblem
from lumiku_client._photos import printable
from lumiku_client._studio_models import Upload

from .display import Shown
from .report import say
from .sentences import sentence

# Without a terminal: a line at most so often.
_LINE_EVERY_S = 5.0
_QUIET_S = 300.0


class OrderDisplay(Shown):
    """Bars on a terminal; elsewhere a plain line now and then, and one for each trouble."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._sizes: list[int] = []
        self._sent_bytes: dict[int, int] = {}
        self._there = self._over = 0
        self._line_due = 0.0
        self._last_line = self._stand = ""
        self._moved_at: float | None = None

    def sending(self, sizes: Sequence[int], *, sent: int) -> None:
        """Photos of so many bytes are uploaded now; so many were there before."""
        self._sizes, self._there, self._over = list(sizes), sent, 0
        self._sent_bytes.clear()
        if sent:
            say(self._console, f"{sent} of {sent + len(sizes)} photos are there already.")

    def sent_bytes(self, photo: PhotoUpload, done: int, total: int) -> None:
        """A photo has come so far."""
        with self._lock:
            self._sent_bytes[photo.index] = done
            self._show_sent()

    def sent(self, photo: PhotoUpload, problem: ApiProblem | None) -> None:
        """A photo is there, or will not be."""
        with self._lock:
            self._over += 1
            if problem is not None:
                say(self._console, f"{printable(photo.path.name)}: {sentence(problem)}", "red")
            self._show_sent(is_last=self._over == len(self._sizes))

    def seen(self, batch: Batch) -> None:
        """The batch stands so, now."""
        progress = batch.progress
        over = progress.processed_images + progress.failed_images
        told = f"{progress.processed_images} of {progress.total_images} photos"
        if progress.failed_images:
            told += f", {progress.failed_images} failed"
        left = _left(batch.timing.estimated_completion_at)
        if over == progress.total_images:
            told += "" if batch.is_over else "; the ZIP is being made"
        elif left:
            told += f", {left}"
        stand = f"{batch.status} {progress}"
        self._go_on(stand, told, over, progress.total_images, is_last=batch.is_over)

    def kept(self, upload: Upload) -> None:
        """The upload stands so, now."""
        total = len(upload.files)
        kept = sum(file.item_id is not None for file in upload.files)
        over = sum(file.is_over for file in upload.files)
        self._go_on(
            f"{kept} {over}",
            f"{kept} of {total} photos are kept",
            over,
            total,
            is_last=upload.is_over,
        )

    def fetching(self, done: int, total: int) -> None:
        """The ZIP has come so far, in bytes."""
        told = f"{_megabytes(done)} of {_megabytes(total)} MB"
        self._show("fetching", told, done, total, is_last=done == total > 0)

    def _go_on(self, stand: str, told: str, over: int, total: int, *, is_last: bool) -> None:
        self._complain(stand)
        self._show("processing", told, over, total, is_last=is_last)

    def _complain(self, stand: str) -> None:
        """Says so, once, when nothing moves any more."""
        now = time.monotonic()
        if stand != self._stand:
            self._stand, self._moved_at = stand, now
        elif self._moved_at is not None and now - self._moved_at > _QUIET_S:
            self._moved_at = None
            say(
                self._console,
                f"No photo has moved for {_QUIET_S / 60:.0f} minutes. Waiting goes on; Ctrl-C "
                "leaves it to itself, and the same command takes it up again.",
                "yellow",
            )

    def _show_sent(self, *, is_last: bool = False) -> None:
        done, total = sum(self._sent_bytes.values()), sum(self._sizes)
        files = f"{self._there + self._over} of {self._there + len(self._sizes)} photos"
        told = f"{files}, {_megabytes(min(done, total))} of {_megabytes(total)} MB"
        self._show("uploading", told, min(done, total), total, is_last=is_last)

    def _show(self, what: str, told: str, done: int, total: int, *, is_last: bool) -> None:
        if self._bars is not None:
            self._move(what, what, told, done, total or 1)
        elif told != self._last_line and (is_last or time.monotonic() >= self._line_due):
            self._line_due, self._last_line = time.monotonic() + _LINE_EVERY_S, told
            say(self._console, f"{what}: {told}")


def _left(end: datetime | None) -> str:
    """About how long it still takes, by the server's estimate."""
    if end is None:
        return ""
    seconds = (end - datetime.now(UTC)).total_seconds()
    if seconds >= 90:
        return f"about {round(seconds / 60)} min left"
    return f"about {max(5, round(seconds / 5) * 5)} s left"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"
