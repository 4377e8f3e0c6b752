"""What may go wrong with a batch, one by one: it ends closed, settled once and explained."""

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from lumiku.domain.errors import BatchClosed
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH
from lumiku.domain.people.callers import person
from lumiku.domain.telling.group_mail import NAMES_PER_REASON, compose
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import CANCELLED, GAVE_UP, NEVER_UPLOADED, Status
from lumiku.services.work.groups import Groups
from tests.faults.chaos import GRANTED, Chaos
from tests.faults.chaos_orders import Order
from tests.faults.execution import Executions
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.weather import Calm, Killed
from tests.faults.world import USER, World

GOOD, BAD, MISSING = b"good", b"bad", b""
COMPLETED, FAILED, EXPIRED, CANCELLED_ONES = (
    Status.COMPLETED,
    Status.FAILED,
    Status.EXPIRED,
    Status.CANCELLED,
)
PRICE = 3  # of a photo in the tier basic, without any discount
DAMAGED = "The file is damaged."


@dataclass
class Ended:
    """A batch after its end, as its owner and its bookkeeper see it."""

    chaos: Chaos

    @property
    def world(self) -> World:
        return self.chaos.world

    @property
    def group(self) -> Group:
        [group] = self.world.all_groups()
        return group

    @property
    def statuses(self) -> dict[Status, int]:
        return dict(Counter(job.status for job in self.world.rows.group_jobs(self.group.id)))

    @property
    def charged(self) -> int:
        balance: int = self.world.rows.account(USER).balance
        return GRANTED + FREE_CREDITS_A_MONTH - balance

    @property
    def mail(self) -> str:
        """What the one mail says."""
        group = self.group
        assert self.chaos.mails == {group.id: 1}
        assert group.outcome is not None
        return compose(group, group.outcome, self.world.rows.group_jobs(group.id), "en").text

    def archive(self) -> zipfile.ZipFile:
        assert self.group.archive is not None
        content = self.world.bucket.objects[self.group.archive.key]
        return zipfile.ZipFile(io.BytesIO(content))


def end(world: World, order: Order, odds: Mapping[str, float] | None = None) -> Ended:
    """Let the order run to its end, under such odds for a while."""
    chaos = Chaos(world, random.Random(18), [order], odds or {})  # noqa: S311 - reproducible
    chaos.storm_on(turns=12 * len(order.photos))
    chaos.calm_down()
    chaos.check()
    return Ended(chaos)


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param(executions=Executions()) as opened:
        yield opened


def test_two_ordered_and_one_uploaded(world: World) -> None:
    ended = end(world, Order([GOOD, MISSING], "finish"))

    assert ended.statuses == {COMPLETED: 1, EXPIRED: 1}
    assert ended.charged == PRICE
    assert NEVER_UPLOADED.message.split(".")[0] in ended.mail


def test_one_that_nobody_finishes_ends_at_its_deadline(world: World) -> None:
    ended = end(world, Order([GOOD, MISSING]))

    assert ended.statuses == {COMPLETED: 1, EXPIRED: 1}
    assert ended.charged == PRICE


@pytest.mark.parametrize(("uploaded", "price"), [(0, 0), (20, 57)])
def test_500_ordered_and_few_uploaded(uploaded: int, price: int) -> None:
    """20 photos cost 60 less 5 %, not a share of what 500 cost."""
    with fake_world(executions=Executions()) as world:
        ended = end(world, Order([GOOD] * uploaded + [MISSING] * (500 - uploaded), "wait"))

        assert ended.statuses.get(COMPLETED, 0) == uploaded
        assert ended.statuses[EXPIRED] == 500 - uploaded
        assert ended.charged == price
        assert (ended.group.archive is None) == (uploaded == 0)
        unlisted = 500 - uploaded - NAMES_PER_REASON
        assert f"and {unlisted} more" in ended.mail


def test_files_of_one_name(world: World) -> None:
    """The fourth photo is called like the first."""
    with end(world, Order([GOOD] * 4)).archive() as archive:
        names = sorted(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))

    results = ["removed-0-2.png", "removed-0.png", "removed-1.png", "removed-2.png"]
    assert names == ["manifest.csv", "manifest.json", *results]
    assert sorted(line["result"] for line in manifest["photos"]) == results


def test_all_corrupt(world: World) -> None:
    ended = end(world, Order([BAD] * 5))

    assert ended.statuses == {FAILED: 5}
    assert ended.charged == 0
    assert DAMAGED in ended.mail
    assert ended.group.archive is None


def test_an_upload_after_the_close(world: World) -> None:
    ended = end(world, Order([GOOD, MISSING], "finish"))
    before = world.rows.group_jobs(ended.group.id), ended.group, world.entries()
    ended.chaos.upload(str(ended.group.photo_key(1)), GOOD)
    ended.chaos.calm_down()

    assert (world.rows.group_jobs(ended.group.id), ended.group, world.entries()) == before
    desk = Groups(world.rows, world.grouping, world.closing, world.bucket, world.clock)
    with pytest.raises(BatchClosed):
        desk.renew_policy(person(USER), ended.group.id)


def test_cancelled_while_it_runs(world: World) -> None:
    ended = end(world, Order([GOOD] * 6, "cancel"))

    count = ended.statuses
    assert count[CANCELLED_ONES] > 0
    assert count[COMPLETED] > 0
    assert ended.charged == PRICE * count[COMPLETED]
    assert CANCELLED.message.split(".")[0] in ended.mail


STORMS: dict[str, dict[str, float]] = {
    "the table is throttled": {"table throttled": 0.3, "answer of the table lost": 0.2},
    "the table is away": {"outage of the table": 0.05},
    "S3 is slow": {"S3 slow": 0.6},
    "the zip function is killed": {"killed in the zip": 0.6},
    "the callback comes twice": {"callback doubled": 1},
    "the callback never comes": {"callback dropped": 1},
    "the mail is refused": {"mail refused": 0.8},
    "everything comes twice": {"delivered twice": 0.6},
}


@pytest.mark.parametrize("name", STORMS)
def test_bad_weather_costs_no_photo(world: World, name: str) -> None:
    """What failed was not the photos, so each has its result or, rarely, its tries are used up."""
    ended = end(world, Order([GOOD] * 6 + [BAD]), STORMS[name])

    assert any(ended.chaos.storm.happened[fault] for fault in STORMS[name])
    done, gave_up = ended.statuses.get(COMPLETED, 0), ended.statuses[FAILED] - 1
    assert done + gave_up == 6
    assert done >= 4
    assert ended.charged == PRICE * done
    assert DAMAGED in ended.mail
    with ended.archive() as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == done + 2


class EveryThirdDies(Calm):
    """The worker of every third photo that is taken dies over it."""

    taken = 0

    def after(self, effect: str) -> None:
        if effect == "claim":
            self.taken += 1
            if self.taken % 3 == 0:
                raise Killed


def test_a_worker_is_killed_at_every_third_photo(world: World) -> None:
    chaos = Chaos(world, random.Random(1), [Order([GOOD] * 12)], {})  # noqa: S311 - reproducible
    deaths = EveryThirdDies()
    world.weather = deaths
    chaos.calm_down()
    chaos.check()

    ended = Ended(chaos)
    assert deaths.taken == 12 + deaths.taken // 3
    assert ended.statuses == {COMPLETED: 12}
    assert ended.charged == PRICE * 12


def test_a_photo_that_kills_every_worker_is_given_up(world: World) -> None:
    class AllDie(Calm):
        def after(self, effect: str) -> None:
            if effect == "claim":
                raise Killed

    chaos = Chaos(world, random.Random(1), [Order([GOOD, GOOD])], {})  # noqa: S311 - reproducible
    world.weather = AllDie()
    chaos.calm_down()
    chaos.check()

    ended = Ended(chaos)
    assert ended.statuses == {FAILED: 2}
    assert ended.charged == 0
    assert GAVE_UP.message.split(".")[0] in ended.mail
