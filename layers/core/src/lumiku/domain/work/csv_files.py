"""CSV files that spreadsheets open as they are meant."""

import csv
import io
from collections.abc import Iterable, Sequence

# Spreadsheets take text that begins so for a formula, some after a tab or a line break.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it, and a header.

    Every cell is quoted, and text that a spreadsheet would calculate begins with `'`.
    """
    text = io.StringIO(newline="")
    written = csv.writer(text, quoting=csv.QUOTE_ALL)
    written.writerow(columns)
    written.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
