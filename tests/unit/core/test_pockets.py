"""Which credits pay, which come back and where to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.instant import iso
from lumiku.domain.money.pockets import Lots, expired, given_back, live, taken

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOON, LATER = (iso(NOW + timedelta(days=days)) for days in (1, 20))
OVER = iso(NOW)
AFTER = NOW + timedelta(days=2)  # SOON is over then
ANEW = iso(AFTER + timedelta(days=30))


@pytest.mark.parametrize(
    ("price", "lots"),
    [
        (0, {}),
        (4, {SOON: 4}),
        (5, {SOON: 5}),
        (7, {SOON: 5, LATER: 2}),
        (100, {SOON: 5, LATER: 8}),
    ],
)
def test_granted_credits_pay_first_those_that_expire_soonest_and_none_that_expired(
    price: int, lots: Lots
) -> None:
    assert taken({LATER: 8, OVER: 50, SOON: 5}, price, NOW) == lots


def test_a_lot_expires_at_its_moment() -> None:
    lots = {OVER: 2, SOON: 3, iso(NOW - timedelta(days=3)): 0}

    assert live(lots, NOW) == {SOON: 3}
    assert expired(lots, NOW) == {OVER: 2}
    assert live(lots, NOW - timedelta(milliseconds=1)) == {OVER: 2, SOON: 3}


@pytest.mark.parametrize(
    ("refund", "ours", "lots"),
    [
        # Of 20 credits, 5 were of a lot that is over, 8 of one that is not, and 7 were bought.
        (7, 0, {}),
        (7, 7, {}),
        (10, 0, {LATER: 3}),
        (10, 10, {LATER: 3}),
        (20, 0, {SOON: 5, LATER: 8}),
        (20, 20, {ANEW: 5, LATER: 8}),
        (20, 3, {ANEW: 3, SOON: 2, LATER: 8}),
        (20, 12, {ANEW: 5, LATER: 8}),
    ],
)
def test_what_comes_back_goes_to_its_pocket_and_only_our_failures_are_granted_anew(
    refund: int, ours: int, lots: Lots
) -> None:
    assert given_back({SOON: 5, LATER: 8}, 20, refund=refund, ours=ours, now=AFTER) == lots


def test_what_we_fail_to_do_before_the_expiry_goes_back_to_its_lot() -> None:
    assert given_back({SOON: 5}, 5, refund=5, ours=5, now=NOW) == {SOON: 5}


moments = st.integers(-5, 5).map(lambda days: iso(NOW + timedelta(days=days)))
pockets = st.dictionaries(moments, st.integers(0, 30), max_size=4)


@given(pockets, st.integers(0, 200), st.data())
def test_giving_a_part_up_is_as_if_it_had_not_been_ordered(
    lots: Lots, price: int, data: st.DataObject
) -> None:
    refund = data.draw(st.integers(0, price))
    later = NOW + timedelta(days=data.draw(st.integers(0, 9)))
    paid = taken(lots, price, NOW)

    back = given_back(paid, price, refund=refund, ours=0, now=later)

    kept = {until: n - back.get(until, 0) for until, n in paid.items()}
    assert {until: n for until, n in kept.items() if n} == taken(lots, price - refund, NOW)


@given(pockets, st.integers(0, 200), st.data())
def test_no_refund_gives_more_than_was_paid_of_any_pocket(
    lots: Lots, price: int, data: st.DataObject
) -> None:
    refund = data.draw(st.integers(0, price))
    ours = data.draw(st.integers(0, refund))
    paid = taken(lots, price, NOW)

    back = given_back(paid, price, refund=refund, ours=ours, now=AFTER)

    granted = sum(back.values())
    assert 0 <= refund - granted <= price - sum(paid.values())
    anew = back.get(ANEW, 0)
    over = {until for until in paid if until <= iso(AFTER)}
    assert anew <= min(ours, sum(paid[until] for until in over))
    assert anew + sum(back.get(until, 0) for until in over) <= sum(paid[u] for u in over)
    assert all(back[until] <= paid[until] for until in back if until != ANEW)
