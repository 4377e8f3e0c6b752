"""What a batch comes to: photos earn the discount, and nothing else does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.apps.remover.prices import APP, Tier, price, worth
from lumiku.apps.studio import worth as studio
from lumiku.apps.studio.prices import MONTHLY_DISCOUNTS, OrderKind, upload_price
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage, planned_jobs
from lumiku.domain.work.jobs import (
    CANCELLED,
    GAVE_UP,
    NEVER_UPLOADED,
    Failure,
    Job,
    Status,
)
from lumiku.domain.work.photos import REFUSED_FILES, Lane
from lumiku.domain.work.receipts import IfOurs, Receipt
from lumiku.domain.work.settling import settle
from lumiku.services.work.closing import OUT_OF_TIME
from tests.fakes import START
from tests.faults.owed import owed

DONE = (Status.COMPLETED, None)
OURS = (Status.FAILED, GAVE_UP)
LATE = (Status.EXPIRED, OUT_OF_TIME)
JUNK = (Status.FAILED, Failure(code="unsupported_format", message="-"))
NEVER = (Status.EXPIRED, NEVER_UPLOADED)
STOPPED = (Status.CANCELLED, CANCELLED)
ENDS = [DONE, OURS, LATE, JUNK, NEVER, STOPPED]

type End = tuple[Status, Failure | None]


def ended(ends: Sequence[End], tier: Tier = Tier.STANDARD) -> tuple[Group, list[Job]]:
    """A batch whose photos ended so."""
    group = Group(
        id=f"batch_{1:032x}",
        user_id="u1",
        app=APP,
        product=tier.product,
        workflow=(),
        lane=Lane.STANDARD,
        total=len(ends),
        stage=Stage.OPEN,
        price=price(tier, len(ends)).total,
        pricing_type="credits",
        request_hash="-",
        created_at=START,
        closes_at=START,
    )
    jobs = planned_jobs(group, tuple(PlannedPhoto(name="a", size_bytes=1) for _ in ends))
    return group, [
        job.model_copy(update={"status": status, "failure": failure})
        for job, (status, failure) in zip(jobs, ends, strict=True)
    ]


@pytest.mark.parametrize("code", sorted(REFUSED_FILES))
def test_files_that_are_refused_buy_no_discount(code: str) -> None:
    junk = (Status.FAILED, Failure(code=code, message="-"))

    verdict = settle(*ended([DONE] * 2 + [junk] * 199), worth)

    assert sum(verdict.shares.values()) == 2 * 8
    assert verdict.outcome.refund == price(Tier.STANDARD, 201).total - 16


@pytest.mark.parametrize("failure", [OURS, LATE], ids=["failed", "not in time"])
def test_photos_that_the_service_failed_on_earn_their_discount(failure: End) -> None:
    verdict = settle(*ended([DONE] * 2 + [failure] * 199), worth)

    assert sum(verdict.shares.values()) == 12  # two of 201 shares, each 20 % off


@given(st.lists(st.sampled_from(ENDS), min_size=2, max_size=60), st.sampled_from(Tier))
def test_what_is_kept_is_what_the_photos_are_worth(ends: list[End], tier: Tier) -> None:
    group, jobs = ended(ends, tier)

    verdict = settle(group, jobs, worth)

    assert group.price - verdict.outcome.refund == sum(verdict.shares.values()) == owed(group, jobs)
    assert verdict.shares.keys() == {job.id for job in jobs if job.status is Status.COMPLETED}


@given(st.lists(st.sampled_from(ENDS), min_size=2, max_size=60))
def test_junk_is_worth_what_was_never_sent_is(ends: list[End]) -> None:
    without = [NEVER if end == JUNK else end for end in ends]

    with_junk, never_sent = settle(*ended(ends), worth), settle(*ended(without), worth)

    assert with_junk.shares == never_sent.shares
    assert with_junk.outcome.refund == never_sent.outcome.refund


@given(st.lists(st.sampled_from(ENDS), min_size=2, max_size=60))
def test_a_batch_and_its_retry_cost_no_more_than_it_was_ordered_at(ends: list[End]) -> None:
    group, jobs = ended(ends)
    verdict = settle(group, jobs, worth)
    failed = {job.id for job in jobs if job.status is Status.FAILED or job.failure == OUT_OF_TIME}

    assert verdict.refunds.keys() == failed
    assert all(credits >= 0 for credits in verdict.refunds.values())
    again = sum(verdict.refunds.values())
    assert again <= verdict.outcome.refund
    if {*ends} <= {DONE, OURS, LATE, JUNK}:
        assert again == verdict.outcome.refund


@given(
    st.lists(st.sampled_from(ENDS), min_size=1, max_size=60),
    st.sampled_from([percent for _, percent in MONTHLY_DISCOUNTS]),
)
def test_an_upload_keeps_the_month_s_discount_that_it_was_ordered_at(
    ends: list[End], percent: int
) -> None:
    batch, jobs = ended(ends)
    price = upload_price(len(ends), month_percent=percent).total
    terms = {"product": OrderKind.UPLOAD.product, "discount_percent": percent or None}
    upload = batch.model_copy(update={"price": price, **terms})

    outcome = settle(upload, jobs, studio.worth).outcome

    photos = sum(end in {DONE, OURS, LATE} for end in ends)
    worth = 2 * photos - 2 * photos * percent // 100
    assert upload.price - outcome.refund + outcome.ours == worth


def test_one_that_was_never_made_is_given_back_whole() -> None:
    group, jobs = ended([NEVER] * 5)
    never_made = group.model_copy(update={"stage": Stage.CREATING})

    for some in ([], jobs[:3]):
        outcome = settle(never_made, some, worth).outcome
        assert (outcome.refund, outcome.expired, outcome.never_sent) == (group.price, 5, 5)


@pytest.mark.parametrize("lacks", ["a job", "its end"])
def test_one_whose_jobs_are_not_all_over_is_not_settled(lacks: str) -> None:
    group, jobs = ended([DONE] * 3)
    begun = jobs[0].model_copy(update={"status": Status.PROCESSING})

    with pytest.raises(ValueError, match="cannot be settled yet"):
        settle(group, jobs[1:] if lacks == "a job" else [begun, *jobs[1:]], worth)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=40), st.integers(0, 5))
def test_what_our_own_models_made_costs_its_share_less_what_comes_back(
    back: list[int], failed: int
) -> None:
    group, jobs = ended([DONE] * len(back) + [OURS] * failed)
    plain = settle(group, jobs, worth)
    terms = [IfOurs(parts={"r": "p"}, credits={"r": credits}) for credits in back]
    made = [
        job.model_copy(update={"if_ours": one, "receipt": Receipt()})
        for job, one in zip(jobs, terms, strict=False)
    ]

    verdict = settle(group, made + jobs[len(made) :], worth)

    less = {job.id: min(one, plain.shares[job.id]) for job, one in zip(made, back, strict=True)}
    assert verdict.shares == {id_: share - less[id_] for id_, share in plain.shares.items()}
    assert verdict.outcome.refund == plain.outcome.refund + sum(less.values())
    assert verdict.outcome.ours == plain.outcome.ours + sum(less.values())
    assert verdict.refunds == plain.refunds


@given(st.lists(st.sampled_from(ENDS), min_size=1, max_size=12), st.sampled_from([5, 10, 15]))
def test_a_group_that_is_whole_costs_its_price_or_nothing(ends: list[End], cost: int) -> None:
    group, jobs = ended(ends)
    whole = group.model_copy(update={"is_whole": True, "price": cost})

    verdict = settle(whole, jobs, lambda group, _: group.price)

    assert verdict.outcome.refund == (0 if DONE in ends else cost)
    assert sum(verdict.shares.values()) == (cost if DONE in ends else 0)
    assert set(verdict.refunds.values()) <= ({0} if DONE in ends else set(range(cost + 1)))
