"""Providers that do what a script says, a breaker and slots in memory, and one clock for all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.hosting.tickets import Fault, Submission, Ticket
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.hosting.asking import Asked, Hosting
from lumiku.services.hosting.provider import Answer, Provider, ProviderFault, Sent, SentPhoto
from tests.fakes import START, Watch

RUN_S = 120.0
PHOTO = SentPhoto(b"photo", "image/jpeg", 40, 30)
ETAG = "etag of the photo"
ROUTE = "standard"
FIRST, SECOND = "fal:a", "segmind:b"


@dataclass(frozen=True)
class Says:
    """What a provider does at one call, after `takes_s` or when it has no time left.

    It answers, or gives a ticket, or (`fault`) refuses; None of a ticket means: not ready.
    """

    kind: str = "answer"
    takes_s: float = 1.0
    fault: Fault = Fault.TRANSIENT
    hint_s: float | None = None
    billed: bool = False


@dataclass
class Scripted:
    """One entry's provider. `sent` counts calls that took the photo; `cancelled` tickets."""

    entry: str
    clock: Watch
    script: list[Says] = field(default_factory=list)
    sent: int = 0
    may_bill: int = 0
    asked: int = 0
    cancelled: list[Ticket] = field(default_factory=list)

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        self.sent += 1
        says = self._next(time_left_s)
        if says.kind == "fault":
            self.may_bill += says.billed
            raise self._fault(says)
        self.may_bill += 1
        if says.kind == "ticket":
            return Ticket(
                entry=self.entry, request_id=f"r{self.sent}", status_url="s", result_url="u"
            )
        return Answer(says.kind.encode(), "cutout", f"r{self.sent}")

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        self.asked += 1
        says = self._next(time_left_s)
        if says.kind == "fault":
            raise self._fault(says)
        return None if says.kind == "ticket" else Answer(b"answer", "cutout", ticket.request_id)

    def cancel(self, ticket: Ticket) -> None:
        self.cancelled.append(ticket)

    def _next(self, time_left_s: float) -> Says:
        says = self.script.pop(0) if self.script else Says("fault", fault=Fault.GONE)
        if says.takes_s > time_left_s:
            self.clock.advance(time_left_s)
            return Says("fault", fault=Fault.TRANSIENT, billed=True)
        self.clock.advance(says.takes_s)
        return says

    @staticmethod
    def _fault(says: Says) -> ProviderFault:
        return ProviderFault(
            says.fault, "vendor's words", retry_after_s=says.hint_s, may_be_billed=says.billed
        )


@dataclass
class Chain:
    """The use case over scripts. Breaker and slots admit all but the entries in `shut`."""

    chain: tuple[str, ...] = (FIRST, SECOND)
    clock: Watch = field(default_factory=Watch)
    shut: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    budgets: dict[str, int] = field(default_factory=dict)
    counted: list[tuple[str, float | None]] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
    kept: list[Submission] = field(default_factory=list)
    naps: list[float] = field(default_factory=list)
    held: int = 0

    def __post_init__(self) -> None:
        self.by_entry = {entry: Scripted(entry, self.clock) for entry in self.chain}
        self.trip: Callable[[Provider], Provider] = lambda provider: provider

    def says(self, entry: str, *script: Says) -> None:
        self.by_entry[entry].script += script

    def ask(self, *before: Submission, step: int = 0) -> Asked[bytes]:
        return self.ask_for(leased(self.clock(), *before), self, step)

    def ask_for(self, job: Job, submissions: Any, step: int = 0) -> Asked[bytes]:
        hosting = Hosting(
            {ROUTE: self.chain},
            self._provider,
            lambda entry, _: {FIRST: 3_000, SECOND: 1_000}[entry],
            submissions,
            self,
            self,
            self,
            self.clock,
            self._nap,
            lambda: 1.0,
        )
        return hosting.ask(job, step, ROUTE, lambda: PHOTO, self._read)

    def _provider(self, entry: str) -> Provider:
        return self.trip(self.by_entry[entry])

    def _read(self, answer: Answer) -> bytes:
        if answer.data == b"rubbish":
            raise ProviderFault(Fault.TRANSIENT, "unusable", may_be_billed=True)
        return answer.data

    def _nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.clock.advance(seconds)

    def submit(self, job: Job, submission: Submission) -> None:
        self.kept.append(submission)

    def admits(self, entry: str) -> bool:
        return entry not in self.shut

    def succeeded(self, entry: str) -> None:
        self.good.append(entry)

    def failed(self, entry: str, open_s: float | None) -> bool:
        self.counted.append((entry, open_s))
        return open_s is not None

    @contextmanager
    def hold(self, provider: str, *, until: datetime) -> Iterator[bool]:
        self.held += 1
        yield provider not in self.full
        self.held -= 1

    def take(self, provider: str, microusd: int) -> bool:
        if microusd > self.budgets.get(provider, microusd):
            return False
        if provider in self.budgets:
            self.budgets[provider] -= microusd
        return True

    def give_back(self, provider: str, microusd: int) -> None:
        if provider in self.budgets:
            self.budgets[provider] += microusd

    @property
    def may_bill(self) -> int:
        """How many submissions may be billed, of all providers."""
        return sum(provider.may_bill for provider in self.by_entry.values())


def leased(now: datetime, *submissions: Submission) -> Job:
    """A job of tier standard in the hands of a worker that has two minutes."""
    return Job(
        id="j1",
        user_id="u1",
        app="background-remover",
        status=Status.PROCESSING,
        product=Tier.STANDARD.product,
        workflow=background_removal(Tier.STANDARD),
        price=8,
        pricing_type="credits",
        source={"kind": "upload", "key": "in/single/u1/j1", "etag": ETAG},
        file_name="a.jpg",
        content_type="image/jpeg",
        declared_bytes=9,
        request_hash="-",
        created_at=START,
        closes_at=START,
        tries=1,
        attempt_id="a1",
        lease_until=now + timedelta(seconds=RUN_S),
        submissions=submissions,
    )
