"""Exports under any order of deliveries, deaths, calls off, time-outs and retries.

An export costs its price as soon as one picture came, and nothing otherwise; its retry costs what
came back.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from lumiku.apps.studio.exports import ExportOrders, Wished
from lumiku.apps.studio.generations import Request
from lumiku.bootstrap.apps import worth
from lumiku.domain.people import limits
from lumiku.domain.projects.variations import Variation, files_under
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job, Output, Status
from lumiku.domain.work.settling import Verdict, Worth, settle
from lumiku.services.work import closing
from lumiku.services.work.retrying import Retrying
from photo_steps.exports import targets
from tests.faults.batches import BatchDesk, Batches
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.studio import PROJECT, Studio, dynamodb_studio, fake_studio
from tests.faults.world import CALLER, USER

PRICE = 5


class ExportDesk(BatchDesk):
    """The same desk, at which exports are ordered."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        rows, clock, variations = self.world.watched_rows, self.world.clock, studio.finishing
        retrying = Retrying(rows, self.grouping, worth, clock, limits.STUDIO)
        self.exports = ExportOrders(
            studio.items, variations.variations, self.grouping, retrying, studio.orders.used
        )
        self.orders: Any = self.exports
        for item_id in studio.item_ids:
            self._make(item_id)

    def _make(self, item_id: str) -> None:
        item = self.studio.item(item_id)
        assert item is not None
        place = f"{0:011x}{1:020x}"
        picture = Output(
            key=f"{files_under(item, place)}result.png",
            size_bytes=4,
            width_px=9,
            height_px=9,
            format="png",
        )
        self.world.bucket.upload(picture.key, b"good")
        self.studio.finishing.variations.add(
            Variation(
                id=f"variation_{item_id.removeprefix('item_')}_{place}",
                item_id=item_id,
                user_id=USER,
                generation_id="-",
                product="studio/single",
                asked={},
                identity="",
                credits=0,
                source=item.original.key,
                files={"result": picture},
                created_at=self.world.clock(),
            )
        )

    def order(self, items: int, key: str | None = None) -> Group:
        wished = Wished(
            self.studio.item_ids[:items], targets(("png",), [None], []), "{name}-{n}", "none", "en"
        )
        return self.exports.order(CALLER, PROJECT, wished, {"items": items}, Request(key)).order

    def check_results(self, _: set[str]) -> None:
        """Exports make nothing of their items."""
        assert {one.generation_id for one in self.studio.all_variations()} == {"-"}

    def owed(self, group: Group) -> int:
        """All or nothing."""
        assert group.is_whole
        assert group.price in {0, PRICE}
        is_any = any(job.status is Status.COMPLETED for job in self.jobs(group.id))
        return group.price if is_any else 0


@contextmanager
def fake_desk() -> Iterator[ExportDesk]:
    """A desk in memory, with three pictures of somebody who bought credits."""
    with fake_studio(count=3) as studio:
        rows = studio.world.rows
        account = rows.account(USER)
        rows.accounts[USER] = account.model_copy(update={"topped_up": True})
        yield ExportDesk(studio)


@contextmanager
def dynamodb_desk() -> Iterator[ExportDesk]:
    """The same over the adapters."""
    with dynamodb_studio(count=3) as studio:
        studio.world.rows.rows.update(
            (f"USER#{USER}", "ACCOUNT"), "SET topped_up = :yes", {":yes": True}
        )
        yield ExportDesk(studio)


def test_on_the_fakes() -> None:
    run(Batches, fake_desk, examples=200, steps=25)


def test_on_dynamodb() -> None:
    run(Batches, dynamodb_desk, examples=6, steps=15)


def by_shares(group: Group, jobs: Sequence[Job], _: Worth) -> Verdict:
    """Planted bug: what did not come is given back by its share."""
    return settle(group, jobs, lambda group, received: group.price * received // group.total)


def test_an_export_that_gives_back_shares_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "settle", by_shares)
    desk: Callable[..., Any] = fake_desk
    assert_caught(partial(run_briefly, Batches, desk), 0)
