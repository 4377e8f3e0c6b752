"""The studio's desk in a world: items of one project that are processed, looked after, deleted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lumiku.adapters.projects.projects import ProjectTable
from lumiku.adapters.projects.variations import VariationTable
from lumiku.adapters.rows import Rows
from lumiku.apps.studio.generations import GenerationOrders, Request
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.used import MonthlyUse
from lumiku.apps.studio.wanted import of_look
from lumiku.domain.projects.items import Item, Upload, item_id
from lumiku.domain.projects.projects import Project
from lumiku.domain.projects.variations import Variation
from lumiku.domain.work.jobs import Job, Output
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.items import Items
from lumiku.services.work.ordering import Placed
from tests.dynamodb import all_rows
from tests.fakes import FakeStore
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.weather import Tripwire
from tests.faults.world import CALLER, USER, World

PROJECT = "project_" + "0" * 32
# Whatever the plan allows; prices with and without the removal.
LOOKS: dict[str, tuple[dict[str, Any], int, int]] = {
    "removed": ({"background": {"action": "remove"}}, 5, 0),
    "dropped": ({"background": {"action": "remove"}, "shadow": {"type": "drop"}}, 12, 8),
    "painted": ({"background": {"action": "ai", "prompt": "marble table"}}, 18, 15),
    "framed": ({"background": {"action": "remove"}, "frame": {"width": 900}}, 5, 0),
}


@dataclass
class Studio:
    """Use cases over a world's stores; every effect of them is one of the world's."""

    world: World
    orders: GenerationOrders
    items: Items
    finishing: Finishing
    all_variations: Callable[[], list[Variation]]
    item_ids: list[str]

    def order(self, item: str, look: str, key: str | None = None) -> Placed[Job] | Variation:
        wanted = replace(of_look(Look.model_validate(LOOKS[look][0]), shipped), needs=())
        return self.orders.order(CALLER, item, wanted, Request(key))

    def look_at_all(self) -> list[str]:
        """What keep_items does of generations."""
        notes = self.finishing.variations.generations(PROJECT)
        return [self.finishing.look(note) for note in notes]

    def item(self, item: str) -> Item | None:
        found = self.finishing.store.item(item)
        return None if found is None or found[1].deleted_at else found[1]


def studio_of(
    world: World,
    projects: Any,
    variations: Any,
    all_variations: Callable[[], list[Variation]],
    orders_class: type[GenerationOrders] = GenerationOrders,
    finishing_class: type[Finishing] = Finishing,
    count: int = 2,
) -> Studio:
    """The use cases, over these stores."""
    rows, clock = world.watched_rows, world.clock
    store, made = (
        Tripwire(inner, world._trip, lambda effect: world.weather.after(effect))
        for inner in (projects, variations)
    )
    bucket = Tripwire(world.bucket, world._trip, lambda _: None)
    items = Items(store, rows, rows, bucket, clock)
    used = MonthlyUse(UsageStatistics(APP, rows, clock))
    ordering = world.grouping.ordering
    orders = orders_class(
        ordering, items, made, rows, world.grouping.lanes, used, "int8", ["ai-simple"]
    )
    finishing = finishing_class(store, made, rows, bucket, rows, clock)
    ids = [item.id for item in items_of(world, count)]
    return Studio(world, orders, items, finishing, all_variations, ids)


def items_of(world: World, count: int) -> list[Item]:
    """Items of the project, whose photos are in the bucket."""
    now = world.clock()
    upload = Upload(id="upload_" + "1" * 32, project_id=PROJECT, user_id=USER, created_at=now)
    made = []
    for index in range(count):
        under = f"kept/{USER}/{PROJECT}/{item_id(upload, index)}"
        photo = Output(
            key=f"{under}/original.jpg", size_bytes=4, width_px=9, height_px=9, format="jpeg"
        )
        world.bucket.upload(photo.key, b"good")
        made.append(
            Item(
                id=item_id(upload, index),
                user_id=USER,
                project_id=PROJECT,
                file_name=f"{index}.jpg",
                name=str(index),
                files={"result": photo},
                created_at=now,
                updated_at=now,
            )
        )
    return made


def _project(now: datetime) -> Project:
    return Project(
        id=PROJECT, user_id=USER, name="p", request_hash="", created_at=now, updated_at=now
    )


@contextmanager
def fake_studio(
    rows: FakeStore | None = None, *, count: int = 2, **options: Any
) -> Iterator[Studio]:
    """A studio in memory, with so many items."""
    rows = rows or FakeStore()
    with fake_world(rows=rows) as world:
        of_items = rows.of_items
        of_items.the_project = _project(world.clock())
        of_items.items = {item.id: item for item in items_of(world, count)}
        yield studio_of(
            world,
            of_items,
            of_items,
            lambda: list(of_items.all_variations()),
            count=count,
            **options,
        )


@contextmanager
def dynamodb_studio(*, count: int = 2, **options: Any) -> Iterator[Studio]:
    """A studio over the adapters, with so many items."""
    with dynamodb_world() as world:
        rows: Rows = world.rows.rows
        projects = ProjectTable(rows)
        now = world.clock()
        projects.add(_project(now))
        made = items_of(world, count)
        upload = Upload(id="upload_" + "1" * 32, project_id=PROJECT, user_id=USER, created_at=now)
        projects.begin(upload)
        projects.keep(upload, list(enumerate(made)))
        projects.end(upload)

        def variations() -> list[Variation]:
            of_items = [row for row in all_rows() if "#VARIATION#" in row["sk"]]
            return list(map(Variation.model_validate, of_items))

        made_of = VariationTable(rows)
        yield studio_of(world, projects, made_of, variations, count=count, **options)
