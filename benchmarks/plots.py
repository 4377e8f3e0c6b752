"""How benchmarks show their figures: a table, a plot in docs/benchmarks, a last line of JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "benchmarks"


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as their widest cell, the first to the left, others to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for number, line in enumerate(lines):
        first, *rest = zip(line, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
        print("  ".join(cells))
        if number == 0:
            print("  ".join("-" * width for width in widths))


def print_figures(figures: Mapping[str, object]) -> None:
    """Print the key figures as the last line."""
    print(json.dumps(figures))


def save(figure: Figure, name: str) -> None:
    """Save a figure as docs/benchmarks/<name>.png and say where."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    # No software version or date inside, so that the same figures give the same file.
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    print(f"saved {path.relative_to(FOLDER.parent.parent)}")
