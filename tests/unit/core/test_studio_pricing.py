"""The studio's price list, number by number."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.apps.studio.prices import (
    ALONE,
    BACKGROUNDS,
    BATCH_SURCHARGES,
    LIGHTING,
    PRESETS,
    SHADOWS,
    UPSCALING,
    Feature,
    Part,
    Preset,
    export_price,
    monthly_discount_percent,
    order_price,
    upload_price,
    workflow_price,
)
from lumiku.domain.errors import InvalidRequest

REMOVAL, SOLID, AI, COMPLEX = (
    Feature.BACKGROUND_REMOVAL,
    Feature.SOLID_BACKGROUND,
    Feature.AI_BACKGROUND,
    Feature.AI_COMPLEX_BACKGROUND,
)
LIGHT, SHADOW = Feature.LIGHTING, Feature.NATURAL_SHADOW


@pytest.mark.parametrize(
    ("feature", "credits"),
    [
        ("background-removal", 5),
        ("solid-background", 10),
        ("template-background", 12),
        ("ai-background", 15),
        ("ai-complex-background", 25),
        ("auto-lighting", 8),
        ("lighting", 10),
        ("natural-shadow", 8),
        ("drop-shadow", 8),
        ("reflection", 10),
        ("upscale-2x", 10),
        ("upscale-4x", 20),
        ("carousel", 30),
        ("template", 15),
    ],
)
def test_a_feature_alone_has_no_discount(feature: str, credits: int) -> None:
    found = workflow_price([Feature(feature)])

    assert (found.base, found.discount_percent, found.total) == (credits, 0, credits)


def test_every_feature_has_a_price() -> None:
    assert all(workflow_price([feature]).total > 0 for feature in Feature)


@pytest.mark.parametrize(
    ("preset", "alone", "together"),
    [(Preset.STANDARD, 23, 21), (Preset.PROFESSIONAL, 38, 35), (Preset.PREMIUM, 48, 44)],
)
def test_the_presets_cost_what_the_price_list_says(
    preset: Preset, alone: int, together: int
) -> None:
    found = workflow_price(PRESETS[preset])

    assert (found.base, found.total) == (alone, together)


@pytest.mark.parametrize(
    ("features", "alone", "together"),
    [
        ([REMOVAL, SHADOW], 13, 12),  # 1.3 off is 1
        ([REMOVAL, SOLID], 15, 14),  # 1.5 off is 1
        ([REMOVAL, SOLID, Feature.AUTO_LIGHTING, Feature.REFLECTION], 33, 30),
        ([REMOVAL, COMPLEX, LIGHT, SHADOW, Feature.UPSCALE_4X], 68, 62),
    ],
)
def test_features_together_are_a_bundle(features: list[Feature], alone: int, together: int) -> None:
    found = workflow_price(features)

    assert (found.base, found.total) == (alone, together)
    assert workflow_price(features[::-1]).total == found.total


@pytest.mark.parametrize(
    "features",
    [
        [],
        [SHADOW, SHADOW],
        [SOLID, AI],
        [LIGHT, Feature.AUTO_LIGHTING],
        [SHADOW, Feature.REFLECTION],
        [Feature.UPSCALE_2X, Feature.UPSCALE_4X],
        [Feature.TEMPLATE, SHADOW],
        [REMOVAL, Feature.TEMPLATE],
        [REMOVAL, Feature.CAROUSEL],
    ],
)
@pytest.mark.parametrize("items", [1, 2])
def test_what_is_no_workflow_has_no_price(features: list[Feature], items: int) -> None:
    with pytest.raises(InvalidRequest):
        order_price(features, items)


@pytest.mark.parametrize(
    ("items", "credits"), [(1, 35), (2, 20), (5, 35), (10, 60), (20, 110), (50, 260), (100, 510)]
)
def test_batches_cost_10_and_5_an_item_and_a_batch_of_one_is_a_single_order(
    items: int, credits: int
) -> None:
    assert order_price(PRESETS[Preset.PROFESSIONAL], items).total == credits


@pytest.mark.parametrize("items", [-1, 0, 101])
def test_batches_of_other_sizes_cannot_be_ordered(items: int) -> None:
    with pytest.raises(InvalidRequest):
        order_price([REMOVAL], items)


def test_a_surcharge_is_paid_for_each_item_of_a_batch_and_only_there() -> None:
    with patch.dict(BATCH_SURCHARGES, {AI: 3}):
        assert order_price([REMOVAL, AI], 10).total == 90  # 10 + 10 * (5 + 3)
        assert order_price([REMOVAL, SOLID], 10).total == 60
        assert order_price([REMOVAL, AI], 1).total == 18


@pytest.mark.parametrize(
    ("formats", "platforms", "credits"),
    [
        (1, 0, 5),
        (1, 1, 5),
        (2, 0, 10),
        (3, 0, 10),
        (1, 2, 10),
        (1, 3, 15),
        (1, 5, 15),
        (2, 1, 15),
        (3, 3, 15),
    ],
)
def test_exports_cost_by_formats_and_platforms(formats: int, platforms: int, credits: int) -> None:
    assert export_price(formats, platforms).total == credits


def test_the_source_s_months_are_worth_what_it_says() -> None:
    # 10 photos: 20 + 60 + 5; 50: 100 + 260 + 10; 100: 200 + 510 + 15
    def project(photos: int, formats: int, platforms: int) -> int:
        prices = (
            upload_price(photos),
            order_price([REMOVAL, SOLID, SHADOW], photos),
            export_price(formats, platforms),
        )
        return sum(price.total for price in prices)

    assert (project(10, 1, 0), project(50, 3, 0), project(100, 1, 3)) == (85, 370, 725)


@pytest.mark.parametrize(
    ("used", "percent"),
    [(0, 0), (500, 0), (501, 5), (2000, 5), (2001, 10), (5000, 10), (5001, 15), (10**9, 15)],
)
def test_the_months_volume_earns_a_discount(used: int, percent: int) -> None:
    assert monthly_discount_percent(used) == percent
    assert order_price([SOLID], 100, credits_this_month=used).discount == 510 * percent // 100


def test_the_larger_discount_counts_and_they_do_not_add_up() -> None:
    bundle = PRESETS[Preset.PREMIUM]

    assert workflow_price(bundle, credits_this_month=501).total == 44
    assert workflow_price(bundle, credits_this_month=2001).total == 44
    assert workflow_price(bundle, credits_this_month=5001).total == 41  # 48 - 7


def test_a_price_shows_its_parts() -> None:
    assert order_price([REMOVAL], 3).parts == (Part("batch", 10), Part("item", 5, 3))
    assert workflow_price([REMOVAL, SHADOW]).parts == (
        Part("background-removal", 5),
        Part("natural-shadow", 8),
    )


def test_used_credits_are_never_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        monthly_discount_percent(-1)


combinable = st.sets(st.sampled_from(sorted(set(Feature) - ALONE)), min_size=1).filter(
    lambda f: all(len(f & kind) < 2 for kind in (BACKGROUNDS, LIGHTING, SHADOWS, UPSCALING))
)


@given(combinable, st.integers(0, 10_000))
def test_a_workflow_costs_at_most_the_sum_of_its_features(
    features: set[Feature], used: int
) -> None:
    found = workflow_price(features, credits_this_month=used)

    assert found.base == sum(workflow_price([feature]).base for feature in features)
    assert type(found.total) is int
    assert 0 <= found.discount * 100 <= found.base * found.discount_percent
    assert found.discount_percent in {0, 5, 10, 15}
    assert found.total <= workflow_price(features).total
