"""What is kept and what rows tell of it are the same, whatever happened in whatever order.

Random histories of uploads, imports and deletions, with workers that die in the middle. At any time
the files of every item are there; once all is looked after, no other file is.
"""

import random
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial

import pytest

from lumiku.apps.remover.ordering import NewPhoto
from lumiku.apps.remover.ordering import Request as RemovalRequest
from lumiku.apps.remover.prices import APP as REMOVER
from lumiku.apps.remover.prices import Tier
from lumiku.apps.studio.imports import Imports
from lumiku.apps.studio.uploads import Request
from lumiku.domain.errors import Refusal
from lumiku.domain.projects.items import Upload, item_of
from lumiku.domain.projects.projects import Described, Project
from lumiku.domain.work.groups import PlannedPhoto
from lumiku.domain.work.jobs import Job
from lumiku.services.projects.keeping import SETTLED, Keeping
from lumiku.services.work.jobs import Jobs
from lumiku.services.work.processing import Arrival, Start
from tests.faults.machine import assert_caught
from tests.faults.stores import dynamodb_world
from tests.faults.test_uploads import Desk, kept, of_project
from tests.faults.weather import Killed
from tests.faults.world import CALLER, USER, World

STEPS = 25
CONTENTS = (b"good", b"better", b"bad", None)


class History:
    """One random life of a desk, which the seed decides."""

    def __init__(self, world: World, seed: int, keeping: type[Keeping] = Keeping) -> None:
        self.world, self.random = world, random.Random(seed)  # noqa: S311 - not for secrets
        self.desk = desk = Desk(world)
        desk.keeping = keeping(**{f.name: getattr(desk.keeping, f.name) for f in fields(Keeping)})
        self.projects = [desk.project]
        rows = world.watched_rows
        self.imports = Imports(
            desk.orders,
            desk.items,
            Jobs(rows, rows, world.bucket, world.clock, app=REMOVER),
            world.grouping,
            world.clock,
        )
        self.removals = [self._removal(number) for number in range(4)]
        self.read: list[tuple[datetime, Upload]] = []
        self.uploads = self.attempts = 0

    def _removal(self, number: int) -> str:
        photo = NewPhoto(f"{number}.jpg", 4, "image/jpeg", Tier.BASIC)
        job = self.world.photo_orders.order(CALLER, photo, RemovalRequest(str(number))).order
        told = self.world.bucket.upload(job.source.key, b"good")
        self.world.processing.process(told, attempt_id="a", time_left_s=120)
        return job.id

    def live(self) -> None:
        """Do one thing after the other, and then look after all that is left."""
        often = [self.work, self.sweep] * 2
        keep = [self.look, self.be_late]
        steps = [*often, *keep, self.upload, self.bring, self.delete_item, self.delete_project]
        for _ in range(STEPS):
            self.world.clock.now += timedelta(seconds=30)
            if self.random.random() < 0.4:
                self.world.interrupt(self.random.randint(1, 9), self.world.kill)
            with suppress(Killed, Refusal):
                self.random.choice(steps)()
            self.world.plan.clear()
            assert files_of_items() <= kept(self.world)
        for _ in range(6):
            self.desk.sweep(later=SETTLED)
        assert kept(self.world) == files_of_items()

    def upload(self) -> None:
        """Order an upload of up to three photos; what they are is found when they arrive."""
        names = [f"{n}.jpg" for n in range(self.random.randint(1, 3))]
        photos = tuple(PlannedPhoto(name=name, size_bytes=9) for name in names)
        self.uploads += 1
        request = Request(f"upload {self.uploads}")
        self.desk.orders.order(CALLER, self._project().id, photos, request)

    def bring(self) -> None:
        """Import some removals."""
        some = self.random.sample(self.removals, self.random.randint(1, 4))
        self.imports.order(CALLER, self._project().id, some, [], Request())

    def work(self) -> None:
        """Let photos arrive, and workers be at them; also of what its client never heard of."""
        for row in of_project("UPLOAD#"):
            for job in self.world.rows.group_jobs(row["id"]):
                told: Arrival | Start = Start(job.id)
                if job.source.kind == "upload":
                    content = self.random.choice(CONTENTS)
                    if content is None:
                        continue
                    told = self.world.bucket.upload(job.source.key, content)
                self.attempts += 1
                self.world.processing.process(told, attempt_id=f"a{self.attempts}", time_left_s=20)

    def sweep(self) -> None:
        """Look after what is due."""
        self.desk.sweep(later=timedelta(minutes=self.random.choice([2, 20])))

    def look(self) -> None:
        """Look at all uploads, as their owner does."""
        for row in of_project("UPLOAD#"):
            upload = Upload.model_validate(row)
            self.read.append((self.world.clock(), upload))
            self.desk.keeping.keep(upload, at_most=1)

    def be_late(self) -> None:
        """Keep an upload as it was read a while ago; nobody is later than by an hour."""
        now = self.world.clock()
        recent = [upload for moment, upload in self.read if now - moment < SETTLED]
        if recent:
            self.desk.keeping.keep(self.random.choice(recent))

    def delete_item(self) -> None:
        """Delete some item."""
        for item in self.desk.items.all(self._project().id):
            if self.random.random() < 0.5:
                self.desk.items.delete(CALLER, item.id)

    def delete_project(self) -> None:
        """Delete a project, seldom, and make another one."""
        if self.random.random() < 0.5:
            self.desk.projects.delete(CALLER, self._project().id, version=None, cancel=True)
            self.projects.append(self.desk.projects.create(CALLER, Described(name="Tas")))

    def _project(self) -> Project:
        there = [row["id"] for row in of_project("META") if "deleted_at" not in row]
        alive = [project for project in self.projects if project.id in there]
        return self.random.choice(alive or self.projects)


def files_of_items() -> set[str]:
    """Keys of the files of all items that are there, and of their variations."""
    alive = {row["pk"] for row in of_project("META") if "deleted_at" not in row}
    items = [row for row in of_project("ITEM#") if "deleted_at" not in row and row["pk"] in alive]
    ids = {row["id"] for row in items}
    variations = [row for row in of_project("VARIATION#") if row["item_id"] in ids]
    return {file["key"] for row in (*items, *variations) for file in row["files"].values()}


def live(seed: int, keeping: type[Keeping] = Keeping) -> None:
    """One whole history."""
    with dynamodb_world() as world:
        world.grant(USER, 1000)
        History(world, seed, keeping).live()


@pytest.mark.parametrize("seed", range(5))
def test_every_kept_file_is_an_item_s_and_every_item_has_its_files(seed: int) -> None:
    live(seed)


class PutsItemsFirst(Keeping):
    """An item is there before its files are."""

    def _keep(self, upload: Upload, jobs: list[Job]) -> bool:
        items = [(job.index or 0, item_of(upload, job, self.clock())) for job in jobs]
        is_kept = self.store.keep(upload, items)
        return super()._keep(upload, jobs) or is_kept


class LeavesVariations(Keeping):
    """Of a deleted item only its own files go."""

    def _delete_files(self, prefix: str) -> None:
        for key in self.photos.keys(prefix):
            if "/variations/" not in key:
                self.photos.delete(key)


@pytest.mark.parametrize(("bug", "known"), [(PutsItemsFirst, 0), (LeavesVariations, 0)])
def test_bugs_of_keeping_are_caught(bug: type[Keeping], known: int) -> None:
    assert_caught(partial(live, keeping=bug), known)
