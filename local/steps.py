"""Shows what is being done and how long each step took: a spinner on a terminal, else lines."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


class Step:
    """A step that may say, in a few words, how it went."""

    note = ""


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step while it is done, then with its time."""
    began = time.monotonic()
    done = Step()
    try:
        with console.status(f"{title}..."):
            yield done
    except BaseException:
        console.print(_line("[red]x[/]", began, title, "not finished"))
        raise
    console.print(_line("[green]✓[/]", began, title, done.note))


def _line(mark: str, began: float, title: str, note: str) -> str:
    seconds = f"{time.monotonic() - began:6.1f} s"
    return f"{mark} {seconds}  {title}{f' [dim]({note})[/]' if note else ''}"
