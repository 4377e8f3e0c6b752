"""The price list, number by number, and what holds for every order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.apps.remover.prices import CREDITS_PER_PHOTO, Tier, price
from lumiku.domain.errors import InvalidRequest

# Credits for so many photos, worked out by hand: basic 3, standard 8, professional 15, industry 25.
PRICE_LIST = {
    Tier.BASIC: {
        1: 3,
        2: 6,
        19: 57,
        20: 57,
        50: 143,
        51: 138,
        100: 270,
        101: 258,
        150: 383,
        200: 510,
        201: 483,
        500: 1200,
        501: 1203,
        5000: 12000,
    },
    Tier.STANDARD: {
        1: 8,
        2: 16,
        10: 80,
        19: 152,
        20: 152,
        50: 380,
        51: 368,
        100: 720,
        101: 687,
        150: 1020,
        200: 1360,
        201: 1287,
        500: 3200,
        5000: 32000,
    },
    Tier.PROFESSIONAL: {
        1: 15,
        2: 30,
        12: 180,
        19: 285,
        20: 285,
        50: 713,
        51: 689,
        100: 1350,
        101: 1288,
        150: 1913,
        200: 2550,
        201: 2412,
        500: 6000,
    },
    Tier.INDUSTRY: {
        1: 25,
        2: 50,
        19: 475,
        20: 475,
        50: 1188,
        51: 1148,
        100: 2250,
        101: 2147,
        150: 3188,
        200: 4250,
        201: 4020,
        500: 10000,
    },
}
BANDS = [(1, 19, 0), (20, 50, 5), (51, 100, 10), (101, 200, 15), (201, 5000, 20)]

tiers = st.sampled_from(Tier)
counts = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("tier", "photos", "credits"),
    [(tier, photos, total) for tier, row in PRICE_LIST.items() for photos, total in row.items()],
)
def test_the_price_list(tier: Tier, photos: int, credits: int) -> None:
    assert price(tier, photos).total == credits


@pytest.mark.parametrize(("first", "last", "percent"), BANDS)
def test_a_band_begins_and_ends_where_the_list_says(first: int, last: int, percent: int) -> None:
    assert {price(Tier.BASIC, n).discount_percent for n in range(first, last + 1)} == {percent}


@pytest.mark.parametrize("photos", [-1, 0, 5001, 10**30])
def test_other_numbers_cannot_be_ordered(photos: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        price(Tier.BASIC, photos)

    assert refused.value.facts["allowed"] == {"min": 1, "max": 5000}


def test_a_credit_is_a_hundred_rupiah() -> None:
    assert price(Tier.PROFESSIONAL, 200).idr == 255_000
    assert price(Tier.PROFESSIONAL, 20).idr == 28_500


@pytest.mark.parametrize(
    ("tier", "photos", "hundredths"),
    [
        (Tier.BASIC, 1, 300),
        (Tier.PROFESSIONAL, 150, 1275),  # 12.7533
        (Tier.BASIC, 50, 286),
        (Tier.STANDARD, 201, 640),  # 6.4030
        (Tier.INDUSTRY, 101, 2126),  # 21.2574
        (Tier.PROFESSIONAL, 50, 1426),
    ],
)
def test_the_shown_price_of_one_photo_is_rounded_to_the_nearest_hundredth(
    tier: Tier, photos: int, hundredths: int
) -> None:
    assert price(tier, photos).hundredths_per_photo == hundredths


@given(tiers, counts)
def test_every_price_is_whole_and_between_the_full_price_and_the_largest_discount(
    tier: Tier, photos: int
) -> None:
    found = price(tier, photos)

    assert all(
        type(number) is int
        for number in (found.base_total, found.discount, found.total, found.hundredths_per_photo)
    )
    assert found.base_total == CREDITS_PER_PHOTO[tier] * photos
    assert found.total + found.discount == found.base_total
    assert 0 <= found.discount * 100 <= found.base_total * found.discount_percent
    assert found.base_total * found.discount_percent < (found.discount + 1) * 100
    assert found.total * 100 >= found.base_total * 80


@given(tiers, counts, counts)
def test_within_a_band_more_photos_cost_more(tier: Tier, some: int, other: int) -> None:
    few, many = sorted((price(tier, some), price(tier, other)), key=lambda p: p.photos)
    if few.discount_percent == many.discount_percent and few.photos < many.photos:
        assert few.total < many.total


@given(tiers, counts, counts)
def test_one_photo_of_a_larger_order_is_never_dearer_but_by_rounding(
    tier: Tier, some: int, other: int
) -> None:
    few, many = sorted((price(tier, some), price(tier, other)), key=lambda p: p.photos)
    assert many.total * few.photos < few.total * many.photos + few.photos


@given(counts, tiers, tiers)
def test_a_better_tier_costs_more(photos: int, one: Tier, other: Tier) -> None:
    order = list(Tier)
    worse, better = sorted((one, other), key=order.index)
    if worse is not better:
        assert price(worse, photos).total < price(better, photos).total
