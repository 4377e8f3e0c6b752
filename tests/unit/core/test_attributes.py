"""Attributes are what boto3's own serializer makes of the same values."""

from decimal import Decimal, Inexact
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from lumiku.adapters.attributes import from_attribute, to_attribute

NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(-(10**9), 10**9, places=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | NUMBERS | st.sets(NUMBERS, min_size=1),
    lambda some: st.lists(some) | st.dictionaries(st.text(), some),
)


@given(VALUES)
def test_any_value_is_written_as_boto3_writes_it_and_read_as_boto3_reads_it(value: Any) -> None:
    attribute = TypeSerializer().serialize(value)

    assert to_attribute(value) == attribute
    assert from_attribute(attribute) == TypeDeserializer().deserialize(attribute)


@pytest.mark.parametrize("value", [1.5, b"bytes", {"text"}, object(), Decimal("NaN")])
def test_what_no_row_holds_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_attribute(value)


def test_a_number_that_would_be_rounded_is_refused() -> None:
    with pytest.raises(Inexact):
        to_attribute(Decimal("1." + "1" * 38))


def test_an_attribute_that_no_row_has_is_refused() -> None:
    with pytest.raises(TypeError, match="kind B"):
        from_attribute({"B": b"bytes"})
