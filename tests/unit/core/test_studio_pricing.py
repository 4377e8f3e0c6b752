"""The studio's price list, number by number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.apps.studio.prices import (
    BACKGROUNDS,
    STUDIO_PLANS,
    Export,
    Feature,
    batch_price,
    export_price,
    monthly_discount_percent,
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
LIGHTING, SHADOW = Feature.LIGHTING, Feature.SHADOW


@pytest.mark.parametrize(
    ("feature", "credits"),
    [
        ("background-removal", 5),
        ("solid-background", 10),
        ("template-background", 12),
        ("ai-background", 15),
        ("ai-complex-background", 25),
        ("lighting", 10),
        ("shadow", 8),
        ("template", 15),
    ],
)
def test_a_feature_alone_has_no_discount(feature: str, credits: int) -> None:
    found = workflow_price([Feature(feature)])

    assert (found.base, found.discount_percent, found.total) == (credits, 0, credits)


@pytest.mark.parametrize(
    ("features", "alone", "together"),
    [
        ([REMOVAL, SOLID, SHADOW], 23, 21),
        ([REMOVAL, AI, LIGHTING, SHADOW], 38, 35),
        ([REMOVAL, COMPLEX, LIGHTING, SHADOW], 48, 44),
        ([REMOVAL, SHADOW], 13, 12),
        ([REMOVAL, SOLID], 15, 14),
    ],
)
def test_features_together_are_a_bundle(features: list[Feature], alone: int, together: int) -> None:
    found = workflow_price(features)

    assert (found.base, found.total) == (alone, together)
    assert workflow_price(features[::-1]) == found


@pytest.mark.parametrize(
    "features",
    [
        [],
        [SHADOW, SHADOW],
        [SOLID, AI],
        [Feature.TEMPLATE, SHADOW],
        [REMOVAL, Feature.TEMPLATE],
    ],
)
def test_what_is_no_workflow_has_no_price(features: list[Feature]) -> None:
    with pytest.raises(InvalidRequest):
        workflow_price(features)


@pytest.mark.parametrize(
    ("items", "credits"), [(1, 15), (5, 35), (10, 60), (20, 110), (50, 260), (100, 510)]
)
def test_batches(items: int, credits: int) -> None:
    assert batch_price(items).total == credits


@pytest.mark.parametrize("items", [-1, 0, 101])
def test_batches_of_other_sizes_cannot_be_ordered(items: int) -> None:
    with pytest.raises(InvalidRequest):
        batch_price(items)


def test_exports_and_uploads() -> None:
    assert [export_price(export).total for export in Export] == [5, 10, 15]
    assert upload_price(50).total == 100
    with pytest.raises(InvalidRequest):
        upload_price(0)


@pytest.mark.parametrize(
    ("used", "percent"),
    [(0, 0), (500, 0), (501, 5), (2000, 5), (2001, 10), (5000, 10), (5001, 15), (10**9, 15)],
)
def test_the_months_volume_earns_a_discount(used: int, percent: int) -> None:
    assert monthly_discount_percent(used) == percent
    assert batch_price(100, credits_this_month=used).discount == 510 * percent // 100


def test_the_larger_discount_counts_and_they_do_not_add_up() -> None:
    bundle = [REMOVAL, COMPLEX, LIGHTING, SHADOW]

    assert workflow_price(bundle, credits_this_month=501).total == 44
    assert workflow_price(bundle, credits_this_month=2001).total == 44
    assert workflow_price(bundle, credits_this_month=5001).total == 41  # 48 - 7


def test_used_credits_are_never_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        monthly_discount_percent(-1)


def test_what_a_credit_costs_on_each_plan() -> None:
    listed = [(p.name, p.idr_per_credit, p.monthly_credits, p.monthly_idr) for p in STUDIO_PLANS]

    assert listed == [
        ("free", 200, 50, 0),
        ("payg", 100, 0, 0),
        ("professional", 80, 500, 40_000),
        ("premium", 60, 2000, 120_000),
    ]


combinable = st.sets(st.sampled_from([f for f in Feature if f is not Feature.TEMPLATE]), min_size=1)


@given(combinable.filter(lambda f: len(f & BACKGROUNDS) < 2), st.integers(0, 10_000))
def test_a_workflow_costs_at_most_the_sum_of_its_features(
    features: set[Feature], used: int
) -> None:
    found = workflow_price(features, credits_this_month=used)

    assert found.base == sum(workflow_price([feature]).base for feature in features)
    assert type(found.total) is int
    assert 0 <= found.discount * 100 <= found.base * found.discount_percent
    assert found.discount_percent in {0, 5, 10, 15}
    assert found.total <= workflow_price(features).total
