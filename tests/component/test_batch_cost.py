"""What a photo of a batch asks of AWS stays as ADR 0019 has it."""

import json

import pytest

from benchmarks.batch_cost import BUYS, PER_BATCH, Bill, record
from benchmarks.recording import Call
from benchmarks.row_units import row_bytes, write_units

ROW = {"pk": {"S": "GROUP#é"}, "n": {"N": "-120"}, "m": {"M": {"a": {"L": [{"BOOL": True}]}}}}


@pytest.fixture(scope="module")
def bill() -> Bill:
    return record(3)


def test_a_photo_of_a_batch_makes_no_request_that_nobody_needs(bill: Bill) -> None:
    assert {request.name for request in bill.requests("PNG")} == {*BUYS, PER_BATCH}
    once = [request.name for request in bill.recorded if request.a_photo == 1]
    assert sorted(once) == [
        "claim job",
        "count job",
        "finish job",
        "get photo",
        "get result",
        "put result",
        "put thumbnail",
    ]


def test_the_rows_of_a_photo_are_written_with_seven_units(bill: Bill) -> None:
    units = {one.name: one.paid.get("dynamodb_write_unit") for one in bill.recorded}
    rows = ("insert job", "claim job", "finish job", "count job")
    assert [units[row] for row in rows] == [2, 1, 3, 1]


def test_the_distribution_changes_what_the_zip_costs_to_send_and_one_request(bill: Bill) -> None:
    direct = bill.usd_per_1000("us-east-1", 0.1)
    through = bill.usd_per_1000("us-east-1", 0.1, by_distribution=True)

    assert through["sending the ZIP"] == pytest.approx(direct["sending the ZIP"] * 0.085 / 0.09)
    assert {name for name in direct if direct[name] != through[name]} == {
        "sending the ZIP",
        "everything else",
    }


def test_a_row_is_as_large_as_its_names_and_values() -> None:
    assert row_bytes(ROW) == len("pknm") + 8 + 3 + (3 + 1 + len("a") + (3 + 1 + 1))


@pytest.mark.parametrize(
    ("name", "body", "units"),
    [
        ("PutItem", {"Item": ROW}, 1),
        ("PutItem", {"Item": {**ROW, "text": {"S": "x" * 1024}}}, 2),
        ("PutItem", {"Item": {**ROW, "gsi2pk": {"S": "DUE"}}}, 2),
        ("PutItem", {"Item": {**ROW, "gsi1pk": {"S": "x" * 1024}}}, 4),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": ROW}}] * 3}, 6),
        ("GetItem", {"Key": ROW}, 0),
    ],
)
def test_writes_are_counted_by_size_index_and_transaction(
    name: str, body: object, units: int
) -> None:
    assert write_units(Call("dynamodb", name, "/", json.dumps(body))) == units
