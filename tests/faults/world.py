"""One user, one photo at a time, and everything that can go wrong between the machines.

The use cases are the real ones. Stores are the fakes or the adapters on moto; each side effect of
a use case passes a tripwire first, where a worker may die or somebody else may get in between.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lumiku.adapters.money.sandbox_gateway import SandboxGateway
from lumiku.apps.remover.ordering import (
    BatchOrders,
    NewBatch,
    NewPhoto,
    PhotoOrders,
    Request,
)
from lumiku.apps.remover.plans import PLANS
from lumiku.apps.remover.prices import APP, Tier, worth
from lumiku.apps.studio.plans import PLANS as STUDIO_PLANS
from lumiku.apps.studio.prices import APP as STUDIO
from lumiku.bootstrap.apps import CATALOGUE
from lumiku.domain.hosting.tickets import LOCAL
from lumiku.domain.money import ledger
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.quotas import Payment
from lumiku.domain.people.callers import Caller, person
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.receipts import AskedFor, Receipt
from lumiku.services.money.credits import current
from lumiku.services.money.payments import Payments
from lumiku.services.money.ports import PaymentGateway
from lumiku.services.money.subscriptions import Subscriptions
from lumiku.services.transactions import Post
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.ordering import Ordering, Placed
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.processing import Arrival, Processing, Start
from lumiku.services.work.retrying import Retrying
from lumiku.services.work.settlement import Settlement
from lumiku.services.work.sweeping import GroupSweeping, Sweeping
from tests.fake_groups import FakeExecutions
from tests.fake_photos import FakeBucket, developed
from tests.fakes import FakeFetches, FakeLanes, FakeQueue, Watch
from tests.faults.weather import Calm, Killed, Tripwire, Weather

USER = "u1"
CALLER = person(USER)
SANDBOX_S = 120.0
VISIBILITY_S = 180.0


LOST = object()


@dataclass
class World:
    """The service with its stores. `rows` holds jobs, balances and the ledger."""

    rows: Any
    entries: Callable[[], list[Entry]]
    all_jobs: Callable[[], list[Job]]
    all_groups: Callable[[], list[Group]]
    bucket: FakeBucket = field(default_factory=FakeBucket)
    queue: FakeQueue = field(default_factory=FakeQueue)
    lanes: FakeLanes = field(default_factory=FakeLanes)
    fetches: FakeFetches = field(default_factory=FakeFetches)
    executions: Any = field(default_factory=FakeExecutions)
    weather: Weather = field(default_factory=Calm)
    clock: Watch = field(default_factory=Watch)
    lane: list[Arrival] = field(default_factory=list)
    plan: dict[int, Callable[[], object]] = field(default_factory=dict)
    effects: int = 0
    attempts: int = 0
    developed: int = 0
    processing_class: type[Processing] = Processing
    settlement_class: type[Settlement] = Settlement
    closing_class: type[Closing] = Closing
    pausing_class: type[Pausing] = Pausing
    payments_class: type[Payments] = Payments
    gateway: PaymentGateway = field(default_factory=SandboxGateway)

    def __post_init__(self) -> None:
        rows, bucket, queue, lanes, executions = (
            Tripwire(inner, self._trip, lambda effect: self.weather.after(effect))
            for inner in (self.rows, self.bucket, self.queue, self.lanes, self.executions)
        )
        self.watched_rows = rows
        self.payments = self.payments_class(
            rows, rows, rows, rows, CATALOGUE, rows, self.gateway, self.clock
        )
        self.subscriptions = Subscriptions(APP, PLANS, rows, self.payments, rows, self.clock)
        self.studio_subscriptions = Subscriptions(
            STUDIO, STUDIO_PLANS, rows, self.payments, rows, self.clock
        )
        ordering = Ordering(rows, rows, rows, self.clock)
        self.photo_orders = PhotoOrders(ordering, bucket, self.clock)
        self.processing = self.processing_class(
            rows, bucket, queue, rows, executions, self._develop, self.clock
        )
        self.settlement = self.settlement_class(rows, rows, executions, rows, self.clock)
        self.grouping = Grouping(
            ordering, rows, bucket, executions, lanes, self.fetches, self.clock
        )
        self.batch_orders = BatchOrders(self.grouping, bucket)
        self.retrying = Retrying(rows, self.grouping, worth, self.clock)
        self.closing = self.closing_class(rows, bucket, executions, rows, worth, self.clock)
        self.pausing = self.pausing_class(self.grouping, self.closing, self.clock)
        self.group_sweeping = GroupSweeping(
            rows, self.grouping, self.closing, self.pausing, self.clock
        )
        self.sweeping = Sweeping(rows, bucket, queue, lanes, rows, self.clock)

    def grant(self, user_id: str, amount: int) -> None:
        """Give credits, as an administrator does."""
        entry = ledger.grant(user_id, amount, "start", self.clock(), None)
        self.watched_rows.commit(Post(entry))

    def balance(self, user_id: str) -> int:
        """Credits that the user has now, the month's free ones among them."""
        account = self.watched_rows.account(user_id)
        return current(self.watched_rows, user_id, account, self.clock()).balance

    def _develop(self, attempt: Attempt) -> Developed:
        """A workflow by content: b"bad..." is no photo, b"flaky..." fails as networks do.

        Of b"ours..." our own models make all of it.
        """
        self.developed += 1
        photo = attempt.photo
        if photo.startswith(b"bad"):
            raise PhotoRejected("damaged_photo", "The file is damaged.")
        if photo.startswith(b"flaky"):
            raise TimeoutError
        by = LOCAL if photo.startswith(b"ours") else "fal:flux-schnell"
        routes = attempt.job.if_ours.parts if attempt.job.if_ours else ()
        asked = {route: AskedFor(entry=by) for route in routes}
        return developed(b"cut " + photo, receipt=Receipt(asked=asked))

    def _trip(self, name: str) -> bool:
        self.weather.before(name)
        self.effects += 1
        act = self.plan.pop(self.effects, None)
        return act is not None and act() is LOST

    def interrupt(self, at: int, act: Callable[[], object]) -> None:
        """Run `act` ahead of the `at`-th side effect from now on."""
        self.plan = {self.effects + at: act}

    @staticmethod
    def kill() -> None:
        """Act of a dying sandbox."""
        raise Killed

    @staticmethod
    def lose_answer() -> object:
        """Act of a network that loses the answer of a write."""
        return LOST

    def job(self, job_id: str) -> Job:
        """The job as it is now."""
        found = self.rows.get(job_id)
        assert isinstance(found, Job)
        return found

    def submit(
        self,
        tier: Tier,
        *,
        key: str | None = None,
        payment: Payment = Payment.AUTO,
        caller: Caller = CALLER,
    ) -> Job:
        photo = NewPhoto("shoe.jpg", 10, "image/jpeg", tier, payment)
        return self.order_photo(photo, key, caller).order

    def order_photo(
        self, photo: NewPhoto, key: str | None = None, caller: Caller = CALLER
    ) -> Placed[Job]:
        return self.photo_orders.order(caller, photo, Request(key))

    def order_batch(
        self, batch: NewBatch, key: str | None = None, *, images: Sequence[bytes] | None = None
    ) -> Placed[Group]:
        return self.batch_orders.order(CALLER, batch, Request(key), images=images)

    def retry(self, group: Group) -> Group:
        placed, _ = self.retrying.retry(CALLER, group.id, idempotency_key=None)
        return placed.order

    def batch(self, batch: NewBatch, key: str | None = None) -> Group:
        return self.order_batch(batch, key).order

    def upload(self, job: Job, data: bytes) -> Arrival:
        arrival = self.bucket.upload(job.source.key, data)
        self.lane.append(arrival)
        return arrival

    def work(self, arrival: Arrival | Start) -> str:
        """One delivery; answers what became of it. The message stays in the lane unless done."""
        self.attempts += 1
        try:
            result = self.processing.process(
                arrival, attempt_id=f"a{self.attempts}", time_left_s=SANDBOX_S
            )
        except Killed:
            return "killed"
        outcome = getattr(result, "outcome", None)
        if outcome is not None and isinstance(arrival, Arrival) and arrival in self.lane:
            self.lane.remove(arrival)
        return outcome or "retry"

    def begin(self) -> list[str]:
        """Deliver what the lanes were told to start; answers what became of each."""
        told, self.lanes.sent = self.lanes.sent, []
        return [self.work(Start(job_id)) for _, job_id in dict.fromkeys(told)]

    def settle_all(self) -> None:
        """Deliver what is in the settle queue; what must wait or died stays."""
        for job_id in list(self.queue.sent):
            try:
                waits = hasattr(self.settlement.settle(job_id), "after_s")
            except Killed:
                continue
            if not waits:
                self.queue.sent.remove(job_id)

    def dead_letter(self, arrival: Arrival) -> None:
        """The lane gives a message up; settle_job gets it."""
        if arrival in self.lane:
            self.lane.remove(arrival)
        self.queue.sent.append(arrival.key.rsplit("/", 1)[-1])
        self.settle_all()

    def sweep(self) -> Counter[str]:
        try:
            return self.sweeping.sweep()
        except Killed:
            return Counter()

    def come_to_rest(self) -> None:
        """Let time pass until every message is handled and every job is over."""
        self.plan = {}
        for _ in range(12):
            self.clock.advance(VISIBILITY_S)
            for arrival in reversed(self.lane.copy()):
                self.work(arrival)
            self.settle_all()
        self.clock.advance(7200)
        self.sweep()
        self.settle_all()

    def check(self, *, at_rest: bool = False) -> None:
        """What must hold at any moment; at rest also that every job is over."""
        entries = self.entries()
        balance = self.rows.account(USER).balance
        assert balance >= 0
        assert sum(entry.amount for entry in entries) == balance
        for job in self.all_jobs():
            mine = [e for e in entries if e.reference.startswith(job.id)]
            charges = [e.amount for e in mine if e.kind is EntryKind.CHARGE]
            refunds = [e.amount for e in mine if e.kind is EntryKind.REFUND]
            assert charges == ([] if job.is_free else [-job.price])
            refunded = job.status in {Status.FAILED, Status.EXPIRED, Status.CANCELLED}
            refunded = refunded and not job.is_free
            if job.status is Status.COMPLETED:
                # What our own models made in a provider's place is given back by who looks at it.
                whole = [job.owed] if job.owed else []
                assert refunds == whole or (not at_rest and not refunds)
            else:
                assert refunds == ([job.price] if refunded else [])
            if job.status is Status.COMPLETED:
                assert job.result is not None
                assert {output.key for output in job.outputs.values()} <= self.bucket.objects.keys()
            if at_rest:
                assert job.status.is_over
