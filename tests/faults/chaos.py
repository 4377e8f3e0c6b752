"""Batches from order to mail while everything fails, by a seed; then calm, and everything is right.

The use cases are the real ones, the state machine's definition is the real one, the stores are
those of the world. Clients, queues, the bus and the schedule are here: they repeat, reorder and
lose what AWS may repeat, reorder and lose.
"""

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import Tier, worth
from lumiku.domain.errors import Refusal
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.people.limits import BATCH
from lumiku.domain.telling.mails import Mail
from lumiku.domain.work.groups import Archive, Group, PlannedPhoto, Stage
from lumiku.domain.work.jobs import Status
from lumiku.services.telling.announcing import Announcements
from lumiku.services.telling.mailing import Mailing
from lumiku.services.telling.ports import MailRefused
from lumiku.services.transactions import SetLimits
from lumiku.services.work.archiving import Archiving, Contents, Packed
from tests.faults.chaos_orders import Order, any_order
from tests.faults.execution import Execution, closed_in_time
from tests.faults.owed import owed
from tests.faults.queues import Message, Queue
from tests.faults.storm import ODDS, Storm
from tests.faults.weather import Killed
from tests.faults.world import SANDBOX_S, USER, World

GRANTED = 100_000
REST_ROUNDS = 100


class Chaos:
    """Orders over a world, from their clients to their mails, in weather of such odds."""

    def __init__(
        self, world: World, rng: random.Random, orders: Sequence[Order], odds: Mapping[str, float]
    ) -> None:
        self.world, self.clock, self.rng = world, world.clock, rng
        self.storm = Storm(rng, self.clock, odds, self._somebody_acts)
        self.executions: dict[str, Execution] = {}
        self.mails: Counter[str] = Counter()
        self.marked: set[tuple[str, datetime]] = set()
        self.dead: set[str] = set()
        self.lane = Queue(self._process, 6, lambda arrival: self._settle_later(arrival.key))
        self.settling = Queue(self._settle, 10, self.dead.add)
        self.mail = Queue(self._write, 10, self.dead.add)
        self.queues = [self.lane, self.settling, self.mail]
        self.archiving = Archiving(world.watched_rows, self, worth)
        self.announcements = Announcements(world.rows, self)
        self.mailing = Mailing(world.rows, world.rows, world.rows, self, self, world.clock)
        self.acts: list[Callable[[], object]] = [
            partial(self._order, f"k{n}", order) for n, order in enumerate(orders)
        ]
        self.swept_at = self.clock()
        world.grant(USER, GRANTED)
        world.rows.describe(USER, email="seller@example.com")
        limit = BATCH.model_copy(update={"count": 100_000})
        world.rows.commit(SetLimits(USER, {BATCH.name: limit}))
        world.weather, world.executions.reached = self.storm, self

    # What happens

    def storm_on(self, turns: int) -> None:
        """Let so many things happen in bad weather."""
        for _ in range(turns):
            hours_pass = self.rng.random() < 1 / turns
            self.clock.advance(self.rng.uniform(0, 7200 if hours_pass else 20))
            self._somebody_acts()

    def calm_down(self) -> None:
        """Nothing fails any more, and time passes until nothing is left to do."""
        self.storm.odds, self.storm.down_until = {}, self.clock()
        for _ in range(REST_ROUNDS):
            self.clock.advance(300)
            while self.acts or self._visible():
                self._somebody_acts()
            for execution in self.executions.values():
                execution.run(self.clock())
            self._sweep()
            if self._is_at_rest():
                return

    def _somebody_acts(self) -> None:
        chances: list[Callable[[], None]] = [self._client_acts] * bool(self.acts)
        visible = self._visible()
        chances += [partial(self._deliver, visible)] * 3 * bool(visible)
        chances += [self._run_an_execution] * bool(self.executions)
        if self.clock() - self.swept_at > timedelta(minutes=5):
            chances.append(self._sweep)
        if chances:
            self.rng.choice(chances)()

    def _client_acts(self) -> None:
        act = self.acts.pop(self.rng.randrange(len(self.acts)))
        try:
            act()
        except Refusal:
            return
        except (Exception, Killed):  # noqa: BLE001 - a client asks again whatever it was
            self.acts.append(act)

    def _visible(self) -> list[tuple[Queue, Message]]:
        now = self.clock()
        while self.world.queue.sent:
            self.settling.put(self.world.queue.sent.pop(), now)
        return [(q, m) for q in self.queues for m in q.messages if m.visible_at <= now]

    def _deliver(self, visible: list[tuple[Queue, Message]]) -> None:
        queue, message = self.rng.choice(visible)
        if self.storm.strikes("delivered twice"):
            queue.put(message.body, self.clock())
        queue.deliver(message, self.clock)

    def _run_an_execution(self) -> None:
        self.rng.choice(list(self.executions.values())).run(self.clock())

    def _sweep(self) -> None:
        self.swept_at = self.clock()
        for sweeping in (self.world.sweeping, self.world.group_sweeping):
            try:
                sweeping.sweep()
            except (Exception, Killed):  # noqa: BLE001 - the schedule calls it again
                self.storm.happened["sweep failed"] += 1

    # Clients

    def _order(self, key: str, order: Order) -> None:
        planned = tuple(
            PlannedPhoto(name=f"{i % 3}.jpg", size_bytes=9) for i in range(len(order.photos))
        )
        batch = NewBatch(Tier.BASIC, planned)
        group = self.world.batch(batch, key)
        uploads = {
            str(group.photo_key(index)): photo for index, photo in enumerate(order.photos) if photo
        }
        self.acts += [partial(self.upload, key, photo) for key, photo in uploads.items()]
        match order.then:
            case "finish":
                self.acts.append(partial(self._finish, group, uploads.keys()))
            case "hurry":
                self.acts.append(lambda: self.world.closing.finish(group))
            case "cancel":
                self.acts.append(lambda: self.world.closing.cancel(group))

    def _finish(self, group: Group, uploads: Set[str]) -> None:
        if uploads <= self.world.bucket.objects.keys():
            self.world.closing.finish(group)
        else:
            self.acts.append(partial(self._finish, group, uploads))

    def upload(self, key: str, photo: bytes) -> None:
        self.lane.put(self.world.bucket.upload(key, photo), self.clock())

    # Workers

    def _process(self, arrival: Any) -> float | None:
        self.world.attempts += 1
        done = self.world.processing.process(
            arrival, attempt_id=f"a{self.world.attempts}", time_left_s=SANDBOX_S
        )
        return getattr(done, "after_s", None)

    def _settle_later(self, key: str) -> None:
        _, _, _, group_id, index = key.split("/")
        self.settling.put(f"{group_id}_{index}", self.clock())

    def _settle(self, job_id: str) -> float | None:
        return getattr(self.world.settlement.settle(job_id), "after_s", None)

    def _write(self, group_id: str) -> float | None:
        self.mailing.write(group_id)
        return None

    # The state machine, and what its steps reach

    def start(self, group: Group) -> None:
        closing = self.world.closing
        functions: dict[str, Callable[[str], Any]] = {
            "AwaitPhotos": lambda group_id: closing.await_all(group_id, group_id),
            "CloseBatch": partial(closed_in_time, closing),
            "ZipBatch": lambda group_id: {"isLast": self.archiving.archive(group_id).left == 0},
            "AnnounceBatch": self.announcements.announce,
        }
        self.executions.setdefault(group.id, Execution(group.id, functions, self.clock()))

    def wake(self, token: str) -> None:
        if self.storm.strikes("callback dropped"):
            return
        for _ in range(1 + self.storm.strikes("callback doubled")):
            self.executions[token].wake()

    def write(self, key: str, contents: Contents, *, at: datetime) -> Packed:
        """A ZIP, in memory: whole or not at all."""
        file, objects, gone = io.BytesIO(), self.world.bucket.objects, set()
        with zipfile.ZipFile(file, "w") as archive:
            for entry in contents.members:
                self.storm.before("zip entry")
                if entry.key in objects:
                    archive.writestr(entry.name, objects[entry.key])
                else:
                    gone.add(entry.key)
            for name, content in contents.appendix(gone):
                archive.writestr(name, content)
        objects[key] = file.getvalue()
        written = Archive(key=key, size_bytes=len(file.getvalue()))
        return Packed(written, len(contents.members) - len(gone))

    def publish(self, kind: str, detail: dict[str, Any]) -> None:
        """The bus."""
        assert kind == "batch.closed"
        self.mail.put(detail["batchId"], self.clock())

    def mark(self, group: Group, closed_at: datetime) -> bool:
        """Which mails were begun."""
        new = (group.id, closed_at) not in self.marked
        self.marked.add((group.id, closed_at))
        return new

    def unmark(self, group: Group) -> None:
        self.marked = {mark for mark in self.marked if mark[0] != group.id}

    def send(self, address: str, mail: Mail) -> None:
        """SES."""
        if self.storm.strikes("mail refused"):
            raise MailRefused
        self.mails[mail.text.rsplit("Batch ", 1)[1].strip(" .\n")] += 1
        if self.storm.strikes("mail unanswered"):
            raise TimeoutError

    # What must hold

    def _is_at_rest(self) -> bool:
        busy = any(queue.messages for queue in self.queues) or self.acts or self.world.queue.sent
        over = all(execution.ended for execution in self.executions.values())
        return not busy and over and all(g.stage is Stage.CLOSED for g in self.world.all_groups())

    def check(self) -> None:
        """Every batch is closed, settled once and explained; the ledger is the balance."""
        world, entries = self.world, self.world.entries()
        assert self._is_at_rest()
        assert sum(entry.amount for entry in entries) == world.rows.account(USER).balance
        for group in world.all_groups():
            assert group.id in self.executions
            kinds = [entry.kind for entry in entries if entry.reference == group.id]
            jobs = world.rows.group_jobs(group.id)
            all_done = all(job.status is Status.COMPLETED for job in jobs)
            assert sorted(kinds) == [EntryKind.CHARGE, *[EntryKind.REFUND] * (not all_done)]
            assert -sum(e.amount for e in entries if e.reference == group.id) == owed(group, jobs)
            assert all(job.failure for job in jobs if job.status is not Status.COMPLETED)
            self._check_told(group, [job for job in jobs if job.status is Status.COMPLETED])

    def _check_told(self, group: Group, completed: list[Any]) -> None:
        objects, execution = self.world.bucket.objects, self.executions[group.id]
        assert all(o.key in objects for job in completed for o in job.outputs.values())
        assert self.mails[group.id] <= 1
        if execution.ended == "Succeed" and not execution.given_up:
            assert self.mails[group.id] == 1 or group.id in self.dead
            assert (group.archive is not None) == bool(completed)
        if group.archive is not None:
            archives = self.world.rows.archives(group.id) or [group.archive]
            names: Counter[str] = Counter()
            for one in archives:
                with zipfile.ZipFile(io.BytesIO(objects[one.key])) as archive:
                    names.update(archive.namelist())
            assert len(archives) == group.archive.parts
            assert {names.pop("manifest.json"), names.pop("manifest.csv")} == {len(archives)}
            assert set(names.values()) == {1}
            assert len(names) == len(completed)


def live(world: World, seed: int, *, batches: int = 4, photos: int = 8) -> Counter[str]:
    """One chaotic day over a fresh world; answers what happened, by kind."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, guards nothing
    orders = [any_order(rng, photos) for _ in range(batches)]
    chaos = Chaos(world, rng, orders, ODDS)
    try:
        chaos.storm_on(turns=8 * sum(len(order.photos) for order in orders))
        chaos.calm_down()
        chaos.check()
    except BaseException as error:
        error.add_note(f"seed {seed}, {batches} batches of up to {photos} photos")
        raise
    ends = Counter(f"execution {one.ended}" for one in chaos.executions.values())
    jobs = [job for group in world.all_groups() for job in world.rows.group_jobs(group.id)]
    ends += Counter(f"photo {job.status}" for job in jobs)
    return chaos.storm.happened + ends + Counter({"batch closed": len(world.all_groups())})


def small_day(world: World, seed: int) -> Counter[str]:
    """One with a single batch of few photos."""
    return live(world, seed, batches=1, photos=4)
