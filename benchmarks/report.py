"""How benchmarks tell what they found: a table, verdicts, a plot in docs/benchmarks, JSON."""

import json
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from local.layout import ROOT

BLUE, LIGHT_BLUE, GREY, LIGHT_GREY = "#2563eb", "#93c5fd", "#9aa5b1", "#d3d9df"


def take_turns[T](ways: Mapping[str, Callable[[], T]], turns: int) -> dict[str, list[T]]:
    """What each way gave in each turn: what else the machine does slows all of them.

    Every other turn goes backwards, so that none always has the same one before it.
    """
    found: dict[str, list[T]] = {name: [] for name in ways}
    for turn in range(turns):
        names = list(ways)
        for name in names[::-1] if turn % 2 else names:
            found[name].append(ways[name]())
    return found


def p50_p95(values: Sequence[float]) -> tuple[float, float]:
    """The median, and the value that 95 % of all are at most."""
    return statistics.median(values), float(np.percentile(values, 95, method="higher"))


def table(columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
    """Print values by the format of their column; None stays empty, the first goes to the left."""
    forms = list(columns.values())
    cells = [
        ["" if cell is None else format(cell, form) for cell, form in zip(row, forms, strict=True)]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for first, *rest in [list(columns), ["-" * width for width in widths], *cells]:
        right = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *right]))


def verdict(promise: str, holds: bool) -> None:
    """Print whether a gate is kept."""
    print(f"{promise}: {'yes' if holds else 'NO'}")


def figures(**found: object) -> None:
    """Print the key figures, as the last line."""
    print(json.dumps(found))


@contextmanager
def plot(name: str, size: tuple[float, float], columns: int = 1, **options: Any) -> Iterator[Any]:
    """Axes, an array of them where there are columns, that become docs/benchmarks/<name>.png."""
    figure = Figure(figsize=size, layout="constrained")
    yield figure.subplots(1, columns, **options)
    path = ROOT / "docs/benchmarks" / f"{name}.png"
    # No software version or date inside, so that the same figures give the same file.
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    print(f"saved {path.relative_to(ROOT)}")


def bars(
    axes: Axes, values: Mapping[str, float], colours: Sequence[str], form: str = "%.2f"
) -> None:
    """Draw horizontal bars from the top down, each with its value."""
    drawn = axes.barh(list(values), list(values.values()), color=colours)
    axes.bar_label(drawn, fmt=form, padding=3, fontsize=8)
    axes.margins(x=0.2)
    if not axes.yaxis_inverted():
        axes.invert_yaxis()
