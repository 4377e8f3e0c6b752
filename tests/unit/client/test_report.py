"""Tables of the commands, on terminals of any width."""

import io

import pytest
from rich.console import Console

from lumiku_client.commands import report

BATCH = f"batch_{'0' * 32}"
HEADINGS = ("Batch", "Status", "Tier", "Photos", "Done", "Failed", "Credits", "Made", "ZIP")
ROW = (BATCH, "processing", "professional", "500", "12", "3", "6000", "2026-11-26 18:30", "9.1 MB")


@pytest.mark.parametrize("width", [20, 80, 200])
def test_an_id_can_be_copied_whatever_the_width_of_the_terminal(width: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=width, no_color=True)

    report.print_table(console, HEADINGS, [ROW])

    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(cell in shown for cell in (BATCH, "processing", "professional", "9.1"))


def test_numbers_stand_right() -> None:
    console = Console(file=io.StringIO(), width=80)

    report.print_table(console, ("Month", "Cancelled", "Not sent"), [("all", "7", "8")])

    heading, line = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert (line.index("7"), line.index("8")) == (heading.index("d "), heading.rindex("t"))
