"""What a person sees while photos are under way."""

import threading
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from lumiku_client._models import Progress, Stage
from lumiku_client._photos import printable

from .outcomes import Outcome
from .report import say

_NAME_CHARACTERS = 32


class Shown:
    """Bars that vanish at the end, each with a name and what is told of it; on terminals only."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.RLock()
        self._tasks: dict[str, TaskID] = {}
        self._bars: Bars | None = None
        if console.is_terminal:
            self._bars = Bars(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[told]}", markup=False),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Self:
        """Shows the bars."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Clears the bars away."""
        if self._bars:
            self._bars.stop()

    def _move(self, key: str, name: str, told: str, done: float, total: float) -> None:
        if self._bars:
            if key not in self._tasks:
                self._tasks[key] = self._bars.add_task(name, total=total, told="")
            self._bars.update(self._tasks[key], completed=done, told=told)

    def _drop(self, key: str) -> None:
        if self._bars and key in self._tasks:
            self._bars.remove_task(self._tasks.pop(key))


class Display(Shown):
    """A bar for each photo under way; elsewhere one plain line for each that is over."""

    def __init__(self, console: Console, count: int) -> None:
        super().__init__(console)
        self._count = count
        self._over = 0
        self._show_over()

    def watch(self, outcome: Outcome, progress: Progress | None) -> None:
        """Shows a step of a photo. Safe to call from several threads."""
        key = str(outcome.photo)
        if progress is None:
            with self._lock:
                self._over += 1
                name = printable(outcome.photo.name)
                told = f"[{self._over}/{self._count}] {name}: {_fate(outcome)}"
                say(self._console, told, "" if outcome.is_done else "red")
                self._drop(key)
                self._show_over()
        else:
            told = str(progress.stage)
            if progress.total_bytes:
                told += f" {progress.done_bytes / progress.total_bytes:.0%}"
            self._move(key, _short(printable(outcome.photo.name)), told, _share(progress), 1)

    def _show_over(self) -> None:
        told = f"{self._over}/{self._count}"
        self._move("all", "all photos", told, self._over, self._count)


def _share(progress: Progress) -> float:
    """How much of a photo's way is behind it: the upload is one half, the download the other."""
    moved = progress.done_bytes / progress.total_bytes if progress.total_bytes else 0
    match progress.stage:
        case Stage.SUBMITTING | Stage.UPLOADING:
            return moved / 2
        case Stage.DOWNLOADING:
            return 0.5 + moved / 2
        case _:
            return 0.5


def _fate(outcome: Outcome) -> str:
    if outcome.is_done:
        return f"done in {outcome.seconds:.1f} s, {printable(str(outcome.target))}"
    return outcome.error or outcome.state.value


def _short(name: str) -> str:
    kept = _NAME_CHARACTERS // 2
    return name if len(name) <= _NAME_CHARACTERS else f"{name[: kept - 1]}…{name[-kept:]}"
