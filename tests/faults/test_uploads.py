"""Uploads while workers die: what is charged is kept or given back, and nothing is orphaned."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from lumiku.adapters.projects.projects import DUE, ProjectTable
from lumiku.adapters.projects.variations import VariationTable
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.uploads import UploadOrders
from lumiku.apps.studio.used import MonthlyUse
from lumiku.bootstrap.apps import worth
from lumiku.domain.projects.projects import Described
from lumiku.domain.work.groups import PlannedPhoto, Stage
from lumiku.domain.work.jobs import Status
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.projects.batches import SETTLED, BatchFinishing
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.items import Items
from lumiku.services.projects.keeping import Keeping
from lumiku.services.projects.projects import Projects
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.sweeping import GroupSweeping
from tests.dynamodb import all_rows
from tests.faults.stores import dynamodb_world
from tests.faults.weather import Killed, Tripwire
from tests.faults.world import CALLER, USER, World

PHOTOS = tuple(PlannedPhoto(name=f"{n}.jpg", size_bytes=9) for n in range(4))
SENT = {0: b"good", 1: b"bad", 2: b"better"}  # and the last one never
DEATHS = range(1, 38, 4)


class Desk:
    """The studio's use cases over a world's stores; every effect of them is one of the world's."""

    def __init__(self, world: World) -> None:
        self.world = world
        rows, clock = world.watched_rows, world.clock
        table = Tripwire(ProjectTable(world.rows.rows), world._trip, lambda _: None)
        bucket = Tripwire(world.bucket, world._trip, lambda _: None)
        grouping = Grouping(
            world.grouping.ordering,
            rows,
            bucket,
            world.executions,
            world.lanes,
            world.fetches,
            clock,
            APP,
        )
        closing = Closing(rows, bucket, world.executions, rows, worth, clock)
        variations = Tripwire(VariationTable(world.rows.rows), world._trip, lambda _: None)
        finishing = Finishing(table, variations, rows, bucket, rows, clock)
        self.projects = Projects(table, variations, bucket, clock)
        self.items = Items(table, rows, rows, bucket, clock)
        self.orders = UploadOrders(
            table, grouping, MonthlyUse(UsageStatistics(APP, world.rows, clock))
        )
        batches = BatchFinishing(table, variations, finishing, rows, closing, clock)
        self.keeping = Keeping(table, variations, finishing, batches, rows, bucket, closing, clock)
        pausing = Pausing(grouping, closing, clock)
        self.groups = GroupSweeping(rows, grouping, closing, pausing, clock)
        self.project = self.projects.create(CALLER, Described(name="Sepatu"))
        self.attempts = Counter[str]()

    def order(self) -> str:
        return self.orders.order(CALLER, self.project.id, PHOTOS, Request("k")).order.id

    def work(self, upload_id: str) -> None:
        """Deliver the event of each photo that came, and once more what comes back."""
        for index, photo in SENT.items():
            group = self.world.rows.group(upload_id)
            told = self.world.bucket.upload(str(group.photo_key(index)), photo)
            self.attempts["made"] += 1
            with suppress(Killed):
                self.world.processing.process(
                    told, attempt_id=f"a{self.attempts['made']}", time_left_s=120
                )

    def sweep(self, *, later: timedelta) -> None:
        self.world.clock.now += later
        self.groups.sweep()
        self.keeping.sweep()


def of_project(kind: str) -> list[dict[str, Any]]:
    return [row for row in all_rows() if row["pk"].startswith("PROJECT#") and kind in row["sk"]]


def kept(world: World) -> set[str]:
    return {key for key in world.bucket.objects if key.startswith("kept/")}


@pytest.mark.parametrize("then", ["nothing", "delete an item", "delete the project"])
@pytest.mark.parametrize("killed_at", [None, *DEATHS])
def test_wherever_a_worker_dies_photos_are_kept_or_given_back(
    killed_at: int | None, then: str
) -> None:
    with dynamodb_world() as world:
        world.grant(USER, 100)
        before = world.balance(USER)
        desk = Desk(world)
        if killed_at is not None:
            world.interrupt(killed_at, world.kill)
        with suppress(Killed):
            desk.order()
        upload_id = desk.order()  # the client asks again
        desk.work(upload_id)
        with suppress(Killed):
            desk.sweep(later=timedelta(minutes=4))
        desk.work(upload_id)
        with suppress(Killed):
            follow(desk, then)
        with suppress(Killed):
            desk.sweep(later=timedelta(minutes=20))
        with suppress(Killed):
            follow(desk, then)
        for _ in range(5):
            with suppress(Killed):
                desk.sweep(later=SETTLED)
        assert not world.plan, "nobody died"

        jobs = world.rows.group_jobs(upload_id)
        group = world.rows.group(upload_id)
        completed = [job for job in jobs if job.status is Status.COMPLETED]
        assert group.stage is Stage.CLOSED
        assert len(completed) == 2
        assert world.balance(USER) == before - 2 * len(completed)
        left = {"nothing": 2, "delete an item": 1, "delete the project": 0}[then]
        rows = of_project("ITEM#")
        files = {file["key"] for row in rows for file in row["files"].values()}
        assert len(rows) == left
        assert kept(world) == files
        assert not [row for row in all_rows() if row.get("gsi2pk") == DUE]
        for row in of_project("META"):
            sizes = [file["size_bytes"] for item in rows for file in item["files"].values()]
            assert (row["items"], row["size_bytes"]) == (left, sum(sizes))
        assert bool(of_project("META")) == (then != "delete the project")


def follow(desk: Desk, then: str) -> None:
    """Delete, unless that is done already."""
    project = desk.keeping.store.project(desk.project.id)
    if then == "delete the project" and project and not project.deleted_at:
        desk.projects.delete(CALLER, desk.project.id, version=None, cancel=True)
    if then == "delete an item" and not of_deleted():
        first = next(desk.items.all(desk.project.id), None)
        if first is not None:
            desk.items.delete(CALLER, first.id)


def of_deleted() -> list[dict[str, Any]]:
    return [row for row in of_project("ITEM#") if "deleted_at" in row]
