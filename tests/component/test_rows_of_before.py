"""Rows that were written before products had names are read as the background remover's.

`rows_of_before.json` is what the last version that knew tiers wrote: jobs and groups in every
state, a ledger, a plan with its use, and a finished day.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lumiku.adapters.money.business import BusinessTable
from lumiku.adapters.rows import Rows
from lumiku.apps.remover.options import Options
from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP, Tier, worth
from lumiku.apps.remover.workflow import background_removal
from lumiku.bootstrap.apps import CATALOGUE
from lumiku.domain.money.business import business
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.statistics import Figures, add_up
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.settling import settle
from lumiku.services.money.auditing import Auditing
from lumiku.services.transactions import ReleaseQuota
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.groups import Groups
from lumiku.services.work.jobs import Jobs
from lumiku.services.work.ordering import Ordering
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.retrying import Retrying
from lumiku.services.work.sweeping import GroupSweeping
from photo_steps import Parameters, Workflow
from tests.dynamodb import TABLE, moto_table
from tests.fake_groups import FakeExecutions
from tests.fake_photos import FakeBucket
from tests.fakes import FakeFetches, FakeLanes, Watch
from tests.faults.stores import Adapters
from tests.faults.world import CALLER

WRITTEN = datetime(2026, 1, 30, 12, tzinfo=UTC)
DAY = date(2026, 1, 30)
HALF_MADE, OPEN, CLOSED = (f"batch_{number:032x}" for number in (1, 2, 3))
PENDING, COMPLETED, FAILED, ON_PLAN = (f"job_{number:032x}" for number in (1, 2, 3, 4))
BASIC, PROFESSIONAL = Tier.BASIC.product, Tier.PROFESSIONAL.product


@pytest.fixture
def store() -> Iterator[Adapters]:
    """The table with those rows."""
    rows = json.loads(Path(__file__).with_suffix(".json").with_stem("rows_of_before").read_text())
    with moto_table() as client:
        for row in rows:
            client.put_item(TableName=TABLE, Item=row)
        yield Adapters(Rows(client, TABLE), CATALOGUE)


@pytest.fixture
def clock() -> Watch:
    return Watch(WRITTEN + timedelta(minutes=5))


@pytest.fixture
def closing(store: Adapters, clock: Watch) -> Closing:
    return Closing(store, FakeBucket(), FakeExecutions(), store, worth, clock)


@pytest.fixture
def grouping(store: Adapters, clock: Watch) -> Grouping:
    ordering = Ordering(store, store, store, clock)
    return Grouping(
        ordering, store, FakeBucket(), FakeExecutions(), FakeLanes(), FakeFetches(), clock
    )


def typed(workflow: Workflow) -> list[Parameters]:
    """Parameters as they are read: rows of before held numbers as text."""
    return [step.read(Parameters.kinds[step.name]) for step in workflow]


def test_a_job_is_the_removers(store: Adapters) -> None:
    job = store.get(PENDING)

    assert job is not None
    assert (job.app, job.product, job.price) == (APP, Tier.STANDARD.product, 8)
    options = Options(format="jpeg", background="white", crop=5, max_size=1600)
    assert typed(job.workflow) == typed(background_removal(Tier.STANDARD, options))
    done = store.get(COMPLETED)
    assert done is not None
    assert done.result is not None
    assert done.result.format == "jpeg"
    sent = done.submission_of(0)
    assert sent is not None
    assert sent.entry == "fal:bria"


def test_a_plan_and_its_use_are_the_removers(store: Adapters) -> None:
    subscription, usage = store.subscription("u1", APP), store.usage("u1", APP, str(DAY))

    assert subscription is not None
    assert subscription.plan == PLANS[PlanName.PRO]
    assert (usage.total, usage.of(BASIC), usage.of(PROFESSIONAL)) == (2, 1, 1)
    job = store.get(ON_PLAN)
    assert job is not None
    assert job.reservation is not None
    store.commit(ReleaseQuota(job.reservation))
    assert store.usage("u1", APP, str(DAY)).of(PROFESSIONAL) == 0


def test_the_ledger_counts_as_it_did(store: Adapters, clock: Watch) -> None:
    entries = store.read_entries("u1")

    found = add_up(entries, ["2026-01"], app=APP)
    assert found.of_product(BASIC) == Figures(
        photos=7, failed=2, credits_used=12, credits_refunded=3, quota_used=1
    )
    assert found.total.credits_used == 28
    clock.advance(86_400)
    assert Auditing(store, store, clock).audit().outcomes == Counter(balanced=1)


def test_a_day_that_is_read_from_the_indexes_is_the_one_that_was_kept(store: Adapters) -> None:
    days = BusinessTable(store.rows)

    [(day, kept)] = days.finished("2026-01")
    assert day == DAY
    assert kept == business(days.entries(DAY), days.incomes(DAY), days.made(DAY))
    assert kept.products[BASIC].credits_used == 12
    assert kept.microusd == {Tier.STANDARD.product: 3012, BASIC: 5}
    assert kept.credits_in == {EntryKind.GRANT: 1000, EntryKind.MONTHLY: 50}


def test_batches_are_found_again(
    store: Adapters, grouping: Grouping, closing: Closing, clock: Watch
) -> None:
    listing = Groups(store, grouping, closing, FakeBucket(), clock)

    page = listing.page(CALLER, APP, status=None, limit=9, cursor=None)

    found = [(view.group.id, view.status) for view in page.shown]
    assert found == [(CLOSED, "completed"), (OPEN, "pending"), (HALF_MADE, "pending")]


def test_photos_of_batches_are_found_again(store: Adapters, clock: Watch) -> None:
    listing = Jobs(store, store, FakeBucket(), clock)

    page = listing.page(CALLER, APP, with_groups=True, limit=99, cursor=None)

    photos = [f"{batch}_000{index}" for batch in (CLOSED, OPEN) for index in range(2)]
    assert [job.id for job in page.shown] == [ON_PLAN, FAILED, COMPLETED, PENDING, *photos]


def test_a_half_made_batch_is_made_from_its_row(
    store: Adapters, grouping: Grouping, closing: Closing, clock: Watch
) -> None:
    pausing = Pausing(grouping, closing, clock)

    assert GroupSweeping(store, grouping, closing, pausing, clock).sweep() == {"batch_made": 1}

    jobs = store.group_jobs(HALF_MADE)
    assert [job.file_name for job in jobs] == ["a.jpg", "b.jpg"]
    options = Options(background="#ffaa00", crop=0)
    assert [job.workflow for job in jobs] == [background_removal(Tier.BASIC, options)] * 2
    assert [str(job.source.key) for job in jobs] == [
        f"in/priority/u1/{HALF_MADE}/{index:04d}" for index in range(2)
    ]
    group = store.group(HALF_MADE)
    assert group is not None
    assert group.stage is Stage.OPEN


def test_an_open_batch_is_closed_at_its_prices(store: Adapters, closing: Closing) -> None:
    outcome = closing.close(OPEN)

    assert (outcome.expired, outcome.refund) == (2, 6)
    assert store.account("u1").balance == 1028


def test_a_closed_batch_is_shown_settled_and_tried_again(
    store: Adapters, grouping: Grouping, clock: Watch
) -> None:
    group, tally = store.group(CLOSED), store.tally(CLOSED)
    assert group is not None
    jobs = store.group_jobs(CLOSED)
    verdict = settle(group, jobs, worth)
    assert group.outcome == verdict.outcome
    assert group.archive is not None
    assert (tally.done, tally.failed, tally.total) == (1, 1, 2)

    for job in jobs:
        grouping.photos.write(job.source.key, b"photo", content_type="image/jpeg")
    placed, photos = Retrying(store, grouping, worth, clock).retry(
        CALLER, CLOSED, idempotency_key=None
    )

    assert typed(placed.order.workflow) == typed(group.workflow) == typed(jobs[1].workflow)
    assert [photo.key for photo in photos] == [jobs[1].source.key]
    assert placed.order.quota_day == str(DAY)


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
@pytest.mark.parametrize("background", [None, "transparent", "white", "black", "#FFAA00"])
@pytest.mark.parametrize("output", ["cutout", "mask"])
def test_every_workflow_of_before_is_what_it_was(
    format: str, background: str | None, output: str
) -> None:
    asked = {"format": format, "background": background, "output": output}
    unusable = background is not None if output == "mask" else background == "transparent"
    if unusable and (output == "mask" or format == "jpeg"):
        pytest.skip("was refused")
    given = {**asked, "crop": 5, "max_size": 1600}
    row = {
        "id": "g",
        "user_id": "u1",
        "app": APP,
        "tier": "basic",
        "options": {name: value for name, value in given.items() if value is not None},
        "lane": "standard",
        "photos": [],
        "price": 1,
        "pricing_type": "credits",
        "request_hash": "-",
        "created_at": WRITTEN,
        "closes_at": WRITTEN,
    }

    found = Group.model_validate(row)

    assert found.workflow == background_removal(Tier.BASIC, Options(**given))  # type: ignore[arg-type]


def test_jobs_of_before_end_as_they_were_to(store: Adapters) -> None:
    statuses = {name: Job.model_validate(store.get(name)).status for name in (PENDING, FAILED)}

    assert statuses == {PENDING: Status.PENDING, FAILED: Status.FAILED}
