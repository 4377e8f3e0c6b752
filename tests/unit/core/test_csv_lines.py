"""CSV files of people: whatever they hold, each line is used or says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.projects.csv_lines import MAX_LINES, read_lines


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace"))
)
def test_any_bytes_are_lines_or_refused(data: bytes) -> None:
    for file in (data, b"sku,name\n" + data, b"\xef\xbb\xbfname;file_name\n" + data):
        try:
            lines = read_lines(file)
        except InvalidRequest:
            continue
        assert all(line.number > 1 for line in lines)


@given(st.lists(st.text("abc ,;|\"'\n", min_size=1, max_size=20), min_size=1, max_size=5))
def test_quoted_cells_come_back_as_they_were(names: list[str]) -> None:
    quoted = "\n".join(
        f'{n},"{name.replace(chr(34), chr(34) * 2)}"' for n, name in enumerate(names)
    )

    lines = read_lines(f"sku,name\n{quoted}\n".encode())

    assert [line.cells.get("name", "") for line in lines] == [name.strip() for name in names]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d"])
@pytest.mark.parametrize("column", ["name", "sku", "tags"])
def test_what_a_spreadsheet_would_calculate_is_not_taken(start: str, column: str) -> None:
    [line] = read_lines(f"file_name,{column}\na.jpg,{start}1+1\n".encode())

    assert line.problem is not None
    assert "formula" in line.problem.en


@pytest.mark.parametrize("cell", ['"Sepatu\nmerah"', "Sepatu\x00", "a\x1b[2Jb"])
def test_a_cell_of_several_lines_or_with_control_characters_is_not_taken(cell: str) -> None:
    [line] = read_lines(f"file_name,name\na.jpg,{cell}\n".encode())

    assert line.problem is not None


def test_a_tag_behind_another_is_no_formula_either() -> None:
    [line] = read_lines(b"file_name,tags\na.jpg,red|=1+1\n")

    assert line.problem is not None


def test_as_many_lines_are_taken_as_is_said_and_empty_ones_do_not_count() -> None:
    lines = read_lines(b"sku,name\n" + b"a,b\n\n,\n" * MAX_LINES)

    assert len(lines) == MAX_LINES
    with pytest.raises(InvalidRequest):
        read_lines(b"sku,name\n" + b"a,b\n" * (MAX_LINES + 1))
