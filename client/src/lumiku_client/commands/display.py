"""What a person sees while photos are under way."""

import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from lumiku_client._models import Progress, Stage
from lumiku_client._photos import printable

from .removal import Outcome, State

_NAME_CHARACTERS = 32


class Display:
    """Bars on a terminal; elsewhere one plain line for each photo that is over."""

    def __init__(self, console: Console, count: int) -> None:
        self._console = console
        self._count = count
        self._over = 0
        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._bars = _bars(console) if console.is_terminal else None
        self._overall = (
            self._bars.add_task("all photos", total=count, stage=f"0/{count}")
            if self._bars
            else None
        )

    def __enter__(self) -> Self:
        """Shows the bars, where there are any."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clears the bars away."""
        if self._bars:
            self._bars.stop()

    def watch(self, outcome: Outcome, progress: Progress | None) -> None:
        """Shows a step of a photo. Safe to call from several threads."""
        if progress is None:
            self._finish(outcome)
        elif self._bars:
            self._move(self._bars, outcome, progress)

    def _move(self, bars: Bars, outcome: Outcome, progress: Progress) -> None:
        key = str(outcome.photo)
        if key not in self._tasks:
            name = _short(printable(outcome.photo.name))
            self._tasks[key] = bars.add_task(name, total=1, stage="")
        stage: str = progress.stage
        if progress.total_bytes:
            stage += f" {progress.done_bytes / progress.total_bytes:.0%}"
        bars.update(self._tasks[key], completed=_share(progress), stage=stage)

    def _finish(self, outcome: Outcome) -> None:
        with self._lock:
            self._over += 1
            place = f"{self._over}/{self._count}"
            told = f"[{place}] {printable(outcome.photo.name)}: {_fate(outcome)}"
            style = "" if outcome.state is State.DONE else "red"
            self._console.print(Text(told, style=style), soft_wrap=True)
        if self._bars and self._overall is not None:
            task = self._tasks.pop(str(outcome.photo), None)
            if task is not None:
                self._bars.remove_task(task)
            self._bars.update(self._overall, advance=1, stage=place)


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
    if outcome.state is State.DONE:
        return f"done in {outcome.seconds:.1f} s, {printable(str(outcome.target))}"
    return outcome.error or outcome.state.value


def _short(name: str) -> str:
    kept = _NAME_CHARACTERS // 2
    return name if len(name) <= _NAME_CHARACTERS else f"{name[: kept - 1]}…{name[-kept:]}"


def _bars(console: Console) -> Bars:
    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[stage]}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
