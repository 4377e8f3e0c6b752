"""Prices of batches by hand, what parts of them are worth, and how pauses add up."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from lumiku.apps.studio import prices
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.plans import Rendering
from lumiku.apps.studio.prices import Feature, OrderKind, batch_price
from lumiku.apps.studio.wanted import of_template
from lumiku.apps.studio.worth import worth
from lumiku.domain.work.groups import Group, Outcome, PlannedPhoto, planned_jobs
from lumiku.domain.work.jobs import CANCELLED, GAVE_UP, Failure, Status
from lumiku.domain.work.pauses import Pause
from lumiku.domain.work.photos import Lane
from lumiku.domain.work.settling import settle
from photo_steps import Step
from photo_steps.templates import Template, templates

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
WHITE = (Feature.BACKGROUND_REMOVAL, Feature.SOLID_BACKGROUND, Feature.NATURAL_SHADOW)
DAMAGED = Failure(code="damaged_photo", message="-")


def batch(price: int, total: int, *, percent: int = 0, surcharges: int = 0) -> Group:
    return Group(
        id=f"genbatch_{'0' * 32}",
        user_id="u1",
        app="product-photo-studio",
        product=OrderKind.BATCH.product,
        workflow=(),
        lane=Lane.STANDARD,
        total=total,
        price=price,
        discount_percent=percent,
        terms={"single": 21, "surcharges": surcharges},
        pricing_type="credits",
        request_hash="",
        created_at=NOW,
        closes_at=NOW,
    )


def settled(group: Group, *failures: Failure | None) -> Outcome:
    photos = [PlannedPhoto(name="a", size_bytes=1, key="k")] * group.total
    jobs = [
        job.model_copy(
            update={"status": Status.FAILED if why else Status.COMPLETED, "failure": why}
        )
        for job, why in zip(planned_jobs(group, tuple(photos)), failures, strict=True)
    ]
    return settle(group.model_copy(update={"stage": "open"}), jobs, worth).outcome


@pytest.mark.parametrize(("items", "total"), [(2, 20), (10, 60), (20, 110), (50, 260), (100, 510)])
def test_a_batch_costs_10_and_5_for_each(items: int, total: int) -> None:
    assert batch_price([WHITE] * items).total == total


def test_the_discount_of_the_month_counts_and_surcharges_are_of_each_item() -> None:
    assert batch_price([WHITE] * 50, credits_this_month=501).total == 247  # 260 less 5 %: 13
    with patch.dict(prices.BATCH_SURCHARGES, {Feature.NATURAL_SHADOW: 3}):
        assert batch_price([WHITE, WHITE, (Feature.BACKGROUND_REMOVAL,)]).total == 31


@pytest.mark.parametrize(
    ("received", "credits"), [(1, 21), (2, 20), (9, 55), (10, 60)], ids=["1", "2", "9", "10"]
)
def test_a_part_is_worth_what_so_many_cost(received: int, credits: int) -> None:
    assert worth(batch(60, 10), received) == credits


def test_a_part_keeps_the_discount_and_surcharges_of_its_order() -> None:
    assert worth(batch(57, 10, percent=5), 9) == 53  # 55 less 2
    assert worth(batch(90, 10, surcharges=30), 5) == 50  # 35 and half of 30


def test_what_the_service_failed_on_is_given_back_and_earns_the_batch() -> None:
    assert settled(batch(60, 10), *[None] * 9, GAVE_UP).refund == 6


def test_a_refused_file_and_a_cancelled_item_are_5_less() -> None:
    assert settled(batch(60, 10), *[None] * 8, DAMAGED, CANCELLED).refund == 10


def test_a_retry_is_worth_its_share() -> None:
    retry = batch(18, 3).model_copy(update={"terms": None})
    assert settled(retry, None, None, DAMAGED).refund == 6
    assert settled(retry, None, None, None).refund == 0


def test_pauses_add_up_to_a_day() -> None:
    pause = Pause().begun(NOW)
    assert pause.ends_at == NOW + timedelta(hours=24)
    resumed = pause.over(NOW + timedelta(hours=10))
    assert (resumed.turn, resumed.since, resumed.is_done) == (2, None, False)
    assert resumed.lasted(NOW + timedelta(hours=20)) == timedelta(hours=10)
    again = resumed.begun(NOW + timedelta(hours=20))
    assert again.ends_at == NOW + timedelta(hours=34)
    assert again.lasted(NOW + timedelta(hours=21)) == timedelta(hours=11)


def test_a_group_that_was_never_paused_is_awaited_no_longer_than_others() -> None:
    group = batch(60, 10)
    assert not group.is_awaited(NOW)
    paused = group.model_copy(update={"pause": Pause().begun(NOW).over(NOW + timedelta(hours=1))})
    assert paused.is_awaited(NOW + timedelta(hours=2, minutes=59))
    assert not paused.is_awaited(NOW + timedelta(hours=3))


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.id)
def test_every_template_can_stand_on_a_colour(template: Template) -> None:
    wanted = of_template(template.id, shipped, colour="#123456")
    steps: tuple[Step, ...] = wanted.steps(Rendering("standard"))
    assert [step for step in steps if step.name == "on-colour"]
    assert not [step for step in steps if step.name in {"in-scene", "on-gradient"}]
