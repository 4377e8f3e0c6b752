"""Batches of items as a machine of rules: pauses, resumptions, calls off, deaths at any moment."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lumiku.apps.studio.batches import BatchOrders
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.settings import Chosen
from lumiku.bootstrap.apps import worth
from lumiku.domain.errors import BatchClosed, Refusal
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.people import limits
from lumiku.domain.work.groups import AWAITED, Group, Stage
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.projects.batches import BatchFinishing
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.pausing import FOLLOW_WITHIN, Pausing
from lumiku.services.work.processing import Start
from lumiku.services.work.retrying import Retrying
from lumiku.services.work.sweeping import GroupSweeping
from tests.faults.owed import OURS
from tests.faults.studio import PROJECT, Studio
from tests.faults.weather import Killed
from tests.faults.world import CALLER, USER, VISIBILITY_S, World

LOOK = {"background": {"action": "remove"}}
ALONE = 5
"""What that costs one item."""
AT = st.integers(1, 12)


@dataclass
class BatchDesk:
    """Use cases of batches over a studio's stores; every effect of them is one of the world's."""

    studio: Studio
    pausing_class: type[Pausing] = Pausing

    def __post_init__(self) -> None:
        self.world = world = self.studio.world
        rows, clock, finishing = world.watched_rows, world.clock, self.studio.finishing
        outside = world.grouping
        self.closing = Closing(rows, finishing.photos, outside.executions, rows, worth, clock)
        self.grouping = Grouping(
            outside.ordering,
            rows,
            finishing.photos,
            outside.executions,
            outside.lanes,
            outside.fetches,
            clock,
            APP,
        )
        self.pausing = self.pausing_class(self.grouping, self.closing, clock)
        self.sweeping = GroupSweeping(rows, self.grouping, self.closing, self.pausing, clock)
        retrying = Retrying(rows, self.grouping, worth, clock, limits.STUDIO)
        self.orders = BatchOrders(self.studio.orders, self.grouping, retrying)
        self.finishing = BatchFinishing(
            finishing.store, finishing.variations, finishing, rows, self.closing, clock
        )

    def order(self, items: int, key: str | None = None) -> Group:
        chosen = Chosen(self.studio.item_ids[:items], Look.model_validate(LOOK))
        said = {"items": items}
        placed = self.orders.order(CALLER, PROJECT, chosen, said, Request(key), find=shipped)
        return placed.order

    def group(self, group_id: str) -> Group:
        found: Group = self.world.rows.group(group_id)
        return found

    def jobs(self, group_id: str) -> list[Job]:
        found: list[Job] = self.world.rows.group_jobs(group_id)
        return found

    def check_results(self, completed: set[str]) -> None:
        """Each job that is done has a variation."""
        assert {one.generation_id for one in self.studio.all_variations()} == completed

    def look(self) -> None:
        """What keep_items does of batches."""
        for batch in self.finishing.store.batches(PROJECT):
            self.finishing.look(batch)

    def execute(self) -> None:
        """What executions do: close what is all over, or awaited for long enough."""
        for group in self.world.all_groups():
            is_late = self.world.clock() >= group.created_at + AWAITED
            if group.stage is Stage.OPEN and (is_late or self._is_over(group)):
                self.closing.close_in_time(group.id)

    def _is_over(self, group: Group) -> bool:
        return all(job.status.is_over for job in self.jobs(group.id))

    def owed(self, group: Group) -> int:
        """What a closed batch costs, worked out from the rule."""
        jobs = self.jobs(group.id)
        codes = {job.failure.code for job in jobs if job.failure}
        assert codes <= OURS | {"damaged_photo", "cancelled"}
        photos = [job for job in jobs if job.failure is None or job.failure.code in OURS]
        received = len(photos)
        if group.terms is None:
            earned = group.price * received // group.total
        else:
            earned = ALONE if received == 1 else 10 + 5 * received
        earned = min(group.price, earned)
        return sum(
            earned * (place + 1) // received - earned * place // received
            for place, job in enumerate(photos)
            if job.status is Status.COMPLETED
        )


class Batches(RuleBasedStateMachine):
    """The rules; `open_world` opens a desk."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._open = type(self).open_world()
        self.desk: BatchDesk = self._open.__enter__()
        self.world: World = self.desk.world
        self.world.grant(USER, 400)
        self.done: dict[str, Any] = {}
        self.messages: list[str] = []

    @rule(
        items=st.integers(2, 3),
        key=st.sampled_from(["k1", "k2"]),
        killed_at=st.sampled_from([None, None, 1, 2, 3, 4, 5, 6, 7, 8]),
    )
    def order(self, items: int, key: str, killed_at: int | None) -> None:
        if killed_at is not None:
            self.world.interrupt(killed_at, self.world.kill)
        with suppress(Refusal, Killed):
            self.desk.order(items, key)
        self.world.plan = {}

    def _groups(self, *stages: Stage) -> list[Group]:
        found = [group for group in self.world.all_groups() if group.stage in stages]
        return sorted(found, key=lambda group: (group.created_at, group.id))

    def _collect(self) -> None:
        self.messages += [job_id for _, job_id in self.world.lanes.sent]
        self.world.lanes.sent = []

    def _act(self, what: str, group: Any) -> None:
        acts: dict[str, Callable[[], object]] = {
            "pause": lambda: self.desk.pausing.pause(group),
            "resume": lambda: self.desk.pausing.resume(group),
            "cancel": lambda: self.desk.closing.cancel(group),
            "sweep": self.desk.sweeping.sweep,
            "look": self.desk.look,
            "execute": self.desk.execute,
            "kill": self.world.kill,
        }
        if what in acts:
            with suppress(BatchClosed):
                acts[what]()

    @precondition(lambda self: self._groups(Stage.OPEN, Stage.CREATING))
    @rule(
        data=st.data(),
        what=st.sampled_from(["pause", "pause", "resume", "resume", "cancel"]),
        at=AT,
        then=st.sampled_from(
            ["nothing", "nothing", "kill", "pause", "resume", "cancel", "sweep", "deliver"]
        ),
    )
    def control(self, data: st.DataObject, what: str, at: int, then: str) -> None:
        """In the middle of which another one comes, a worker, or death."""
        group = data.draw(st.sampled_from(self._groups(Stage.OPEN, Stage.CREATING)))
        if then == "deliver":
            self.world.interrupt(at, lambda: self._deliver_all(b"good"))
        elif then != "nothing":
            self.world.interrupt(at, lambda: self._act(then, group))
        with suppress(Killed):
            self._act(what, group)
        self.world.plan = {}

    @precondition(lambda self: self.messages or self.world.lanes.sent)
    @rule(
        data=st.data(),
        photo=st.sampled_from([b"good", b"good", b"good", b"bad", b"flaky"]),
        at=AT,
        what=st.sampled_from(["nothing", "nothing", "kill", "pause", "resume", "cancel", "twin"]),
    )
    def deliver(self, data: st.DataObject, photo: bytes, at: int, what: str) -> None:
        self._collect()
        job_id = data.draw(st.sampled_from(sorted(self.messages)))
        job = self.world.rows.get(job_id)
        group = self.desk.group(job.group_id)
        if what == "twin":
            self.world.interrupt(at, lambda: self.world.work(Start(job_id)))
        elif what != "nothing":
            self.world.interrupt(at, lambda: self._act(what, group))
        outcome = self._deliver(job_id, photo)
        self.world.plan = {}
        if what == "nothing" and group.is_paused and group.pause.is_done:
            assert not (job.status.is_unbegun and outcome == "completed"), "it is paused"

    def _deliver(self, job_id: str, photo: bytes) -> str:
        job = self.world.rows.get(job_id)
        if job.source.key in self.world.bucket.objects:
            self.world.bucket.upload(job.source.key, photo)
        outcome = self.world.work(Start(job_id))
        if outcome not in {"killed", "retry"} and job_id in self.messages:
            self.messages.remove(job_id)
        return outcome

    def _deliver_all(self, photo: bytes) -> None:
        self._collect()
        for job_id in sorted(set(self.messages)):
            self._deliver(job_id, photo)

    @rule(what=st.sampled_from(["sweep", "look", "execute"]), killed_at=st.integers(0, 6))
    def operate(self, what: str, killed_at: int) -> None:
        if killed_at:
            self.world.interrupt(killed_at, self.world.kill)
        with suppress(Killed):
            self._act(what, None)
        self.world.plan = {}

    @precondition(lambda self: self._groups(Stage.CLOSED))
    @rule(data=st.data(), killed_at=st.sampled_from([None, 1, 2, 3, 4]))
    def retry(self, data: st.DataObject, killed_at: int | None) -> None:
        group = data.draw(st.sampled_from(self._groups(Stage.CLOSED)))
        if killed_at is not None:
            self.world.interrupt(killed_at, self.world.kill)
        with suppress(Refusal, Killed):
            again = self.desk.orders.retry(CALLER, group.id, Request()).order
            assert group.outcome is not None
            assert again.price <= group.outcome.refund
        self.world.plan = {}

    @rule(seconds=st.sampled_from([1, VISIBILITY_S, 1800, 7200, 23 * 3600]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @invariant()
    def money_is_right(self) -> None:
        world, entries = self.world, self.world.entries()
        assert world.rows.account(USER).balance == sum(entry.amount for entry in entries) >= 0
        for group in world.all_groups():
            mine = [entry for entry in entries if entry.reference == group.id]
            charges = [entry.amount for entry in mine if entry.kind is EntryKind.CHARGE]
            assert charges == [-group.price]
            if group.stage is Stage.CLOSED:
                assert all(job.status.is_over for job in self.desk.jobs(group.id))
                assert -sum(entry.amount for entry in mine) == self.desk.owed(group)

    @invariant()
    def what_is_done_stays_as_it_is(self) -> None:
        for group in self.world.all_groups():
            for job in self.desk.jobs(group.id):
                if job.id in self.done or job.status.is_over:
                    is_now = job.status, job.tries, dict(job.outputs)
                    assert self.done.setdefault(job.id, is_now) == is_now

    def teardown(self) -> None:
        """Nothing fails any more: each open batch is resumed and ends, and nothing is lost."""
        try:
            self.world.plan = {}
            self.desk.sweeping.sweep()  # those that were paused for too long end
            open_now = [
                group
                for group in self._groups(Stage.OPEN, Stage.CREATING)
                if self.world.clock() < group.created_at + AWAITED
            ]
            for group in open_now:
                self._act("resume", group)
            for _ in range(8):
                self._deliver_all(b"good")
                self.world.clock.advance(max(VISIBILITY_S, FOLLOW_WITHIN.total_seconds() + 1))
                self.desk.sweeping.sweep()
            for group in open_now:
                for job in self.desk.jobs(group.id):
                    assert job.status.is_over, "a message was lost"
            for _ in range(6):
                self.world.clock.advance(5 * 3600)
                self.desk.sweeping.sweep()
                self._deliver_all(b"good")
                self.desk.execute()
            self.desk.look()
            self.money_is_right()
            assert all(group.stage is Stage.CLOSED for group in self.world.all_groups())
            assert self.desk.finishing.store.batches(PROJECT) == []
            jobs = [job for one in self.world.all_groups() for job in self.desk.jobs(one.id)]
            self.desk.check_results({job.id for job in jobs if job.status is Status.COMPLETED})
        finally:
            self._open.__exit__(None, None, None)
