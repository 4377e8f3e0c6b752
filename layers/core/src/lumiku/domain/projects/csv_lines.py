"""Lines of a CSV file that say names, SKUs and tags of items, as spreadsheets write them."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.projects.items import MAX_ITEM_NAME, MAX_SKU, MAX_TAG, MAX_TAGS
from lumiku.domain.texts import Text

MAX_LINES = 500
"""Each may be two requests to the table, and all must be done before the gateway gives up."""
_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COLUMNS = {
    "filename": "file_name",
    "file": "file_name",
    "namafile": "file_name",
    "name": "name",
    "productname": "name",
    "namaproduk": "name",
    "sku": "sku",
    "tags": "tags",
    "tag": "tags",
}
_LONGEST = {"name": MAX_ITEM_NAME, "sku": MAX_SKU}


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line, `number` as a spreadsheet counts them; `problem` says why it is not used."""

    number: int
    cells: Mapping[str, str]
    problem: Text | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that it names, each once."""
        found = (tag.strip() for tag in re.split(r"[|,;]", self.cells.get("tags", "")))
        return tuple(dict.fromkeys(filter(None, found)))


def read_lines(data: bytes) -> list[CsvLine]:
    """The lines below the header, all of them or `InvalidRequest`."""
    known, rows = table(data, _COLUMNS, field="body.file", header=_HEADER)
    if not {"file_name", "sku"} & set(known) or len(known) < 2:
        raise InvalidRequest.at("body.file", _HEADER)
    return [_line(number, cells) for number, cells in rows]


def table(
    data: bytes, names: Mapping[str, str], *, field: str, header: Text
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The known columns of a CSV file, and its lines with their numbers, without empty cells.

    `names` are those of columns as people write them, without spaces, in small letters.
    `InvalidRequest` about the field if the file cannot be read so; `header` says what its first
    line must be.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest.at(field, _NO_UTF_8) from None
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = _rows(text, delimiter)
    except csv.Error:
        raise InvalidRequest.at(field, _NO_CSV) from None
    if not rows:
        raise InvalidRequest.at(field, _EMPTY)
    if len(rows) > MAX_LINES + 1:
        raise InvalidRequest.at(field, _TOO_LONG)
    columns = [names.get(re.sub(r"[\W_]", "", name).lower()) for name in rows[0][1]]
    known = [name for name in columns if name]
    if len(set(known)) < len(known):
        raise InvalidRequest.at(field, header)
    found = []
    for number, cells in rows[1:]:
        named = zip(columns, cells, strict=False)
        found.append((number, {n: cell.strip() for n, cell in named if n and cell.strip()}))
    return known, found


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found = []
    for cells in rows:
        if any(cell.strip() for cell in cells):
            found.append((rows.line_num, cells))
        if len(found) > MAX_LINES + 1:
            break
    return found


def _line(number: int, cells: Mapping[str, str]) -> CsvLine:
    line = CsvLine(number, cells)
    return CsvLine(number, cells, _problem(line))


def _problem(line: CsvLine) -> Text | None:
    cells = line.cells
    said = [cell for name, cell in cells.items() if name != "file_name"]
    if any(one.startswith(_FORMULA) for one in (*said, *line.tags)):
        return Text(
            "A cell begins like a formula (= + - @).",
            "Ada sel yang diawali seperti rumus (= + - @).",
        )
    if any(_CONTROL.search(one) for one in said):
        return Text(
            "A cell has a line break or another control character.",
            "Ada sel yang berisi ganti baris atau karakter kendali lain.",
        )
    for name, longest in _LONGEST.items():
        if len(cells.get(name, "")) > longest:
            return Text(
                f"{name} has more than {longest} characters.",
                f"{name} lebih dari {longest} karakter.",
            )
    if len(line.tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in line.tags):
        return Text(
            f"At most {MAX_TAGS} tags of {MAX_TAG} characters each.",
            f"Paling banyak {MAX_TAGS} tag, masing-masing {MAX_TAG} karakter.",
        )
    return None


_HEADER = Text(
    "The first line names the columns: file_name or sku, and name, sku, tags; each once",
    "Baris pertama berisi nama kolom: file_name atau sku, serta name, sku, tags;"
    " masing-masing satu kali",
)
_NO_UTF_8 = Text("Not UTF-8; save it as CSV UTF-8", "Bukan UTF-8; simpan sebagai CSV UTF-8")
_NO_CSV = Text("Not a CSV file", "Bukan berkas CSV")
_EMPTY = Text("The file has no lines", "Berkas tidak memiliki baris")
_TOO_LONG = Text(
    f"A file has at most {MAX_LINES} lines", f"Satu berkas paling banyak {MAX_LINES} baris"
)
