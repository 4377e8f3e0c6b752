"""Asking a chain of hosted providers for one step of a job, within its time and paid for once.

The one place where a refused call is repeated. Once a photo may be billed (a provider has taken
it, has answered, or fell silent after it was sent), only that provider's ticket is asked on, and no
other provider is sent the photo: what is left is the end of every chain, the embedded models. That
holds for the job's step: once its photo was replaced, the old one's ticket is not asked for either.
"""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lumiku.domain.hosting.routes import Chain
from lumiku.domain.hosting.tickets import LOCAL, Fault, Submission, Ticket
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.receipts import AskedFor, FaultMet, Receipt
from lumiku.services.clock import Clock
from lumiku.services.hosting.ports import Breaker, Budgets, Slots
from lumiku.services.hosting.provider import Answer, Provider, ProviderFault, Sent
from lumiku.services.work.ports import JobStore

LOCAL_RESERVE = timedelta(seconds=45)
"""Kept of a run for decoding, the embedded models from cold, and storing the result."""
MIN_CALL_S = 2.0
MAX_SUBMIT_S = 20.0
"""A provider that is silent for longer will not be waited for; such models take 1 to 5 s."""
MAX_TRIES = 3
BACKOFF_S, MAX_BACKOFF_S = 0.5, 8.0
COLD_S = 5.0
SHORT_WAIT_S = 5.0
"""How long a provider's limit is waited for; beyond that the next entry is quicker."""
POLL_S, POLL_GROWTH, MAX_POLL_S = 0.5, 1.5, 5.0
NEEDS_A_PERSON = {Fault.AUTH, Fault.CREDIT, Fault.GONE}
"""Whoever pays the provider must act; waiting changes nothing."""
OPEN_LONG_S = 900.0
"""How long an entry is left alone that needs a person."""

_PASSING = {Fault.TRANSIENT, Fault.RATE, Fault.COLD}
_OF_THE_PHOTO = {Fault.INPUT, Fault.CONTENT}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a provider, for metrics and the log; `fault` when it gave no picture."""

    entry: str
    ms: int
    fault: Fault | None = None
    detail: str = ""
    opened: bool = False


@dataclass(slots=True)
class Asked[T]:
    """What came of asking: `found` by `entry`, or None: it is left to the embedded models.

    `billed` is the entry that bills the photo or may do so, for `microusd`.
    """

    route: str = ""
    found: T | None = None
    entry: str | None = None
    request_id: str | None = None
    billed: str | None = None
    microusd: int = 0
    calls: list[Call] = field(default_factory=list)

    @property
    def receipt(self) -> Receipt:
        """The provider's part of the job's receipt."""
        faults = [FaultMet(entry=c.entry, kind=c.fault) for c in self.calls if c.fault is not None]
        return Receipt(
            entry=self.entry or LOCAL,
            request_id=self.request_id if self.entry else None,
            tries=len(self.calls),
            faults=tuple(faults),
            provider_microusd=self.microusd,
            asked={self.route: AskedFor(entry=self.entry or LOCAL, microusd=self.microusd)},
        )

    @property
    def is_refused(self) -> bool:
        """A provider does not want to see such a thing."""
        return self.found is None and any(call.fault is Fault.CONTENT for call in self.calls)


@dataclass(frozen=True, slots=True)
class Hosting:
    """The use case. `chains` are the hosted entries of routes; others know the models alone.

    `providers` gives the one of an entry or raises `ProviderFault`, `price_microusd` what an entry
    bills for an answer of so many pixels. `jitter` gives numbers from 0 to 1.
    """

    chains: Mapping[str, Chain]
    providers: Callable[[str], Provider]
    price_microusd: Callable[[str, int], int]
    jobs: JobStore
    breaker: Breaker
    slots: Slots
    budgets: Budgets
    clock: Clock
    sleep: Callable[[float], None]
    jitter: Callable[[], float]

    def ask[T](
        self,
        job: Job,
        step: int,
        route: str,
        sent: Callable[[], Sent],
        read: Callable[[Answer], T],
    ) -> Asked[T]:
        """Ask a route's chain for the job's step at that place of its workflow.

        The job is leased, and tells what was sent for the step before. `read` makes of an answer
        what is wanted and raises `ProviderFault` where it is none. Raises `LostLease`, and what the
        job's row cannot be written with.
        """
        asking = _Asking[T](self, job, step, self.chains.get(route, ()), sent, read)
        asking.run()
        asked = asking.asked
        asked.route = route
        asked.microusd = asking.price(asked.billed) if asked.billed else 0
        return asked


@dataclass(slots=True)
class _Asking[T]:
    """One step's photo on its way along a chain."""

    by: Hosting
    job: Job
    step: int
    chain: Chain
    sent: Callable[[], Sent]
    read: Callable[[Answer], T]
    asked: Asked[T] = field(default_factory=lambda: Asked[T]())

    def run(self) -> None:
        before = self.job.submission_of(self.step)
        if before is not None:
            # Another attempt sent one: perhaps it was taken, so nobody else is sent any.
            self.asked.billed = before.entry
            is_of_this_photo = before.etag == self.job.source.etag
            if (ticket := before.ticket) is not None and is_of_this_photo:
                self._call(before.entry, lambda: self._await(ticket))
            return
        for entry in self.chain:
            if self.asked.billed or self._left_s() < MIN_CALL_S:
                return
            with self.by.slots.hold(entry.partition(":")[0], until=self._deadline()) as held:
                if held and self.by.breaker.admits(entry):
                    self._try_within_budget(entry)

    def price(self, entry: str) -> int:
        """What the entry bills, in millionths of a dollar."""
        sent = self.sent()
        return self.by.price_microusd(entry, sent.width_px * sent.height_px)

    def _try_within_budget(self, entry: str) -> None:
        provider, price = entry.partition(":")[0], self.price(entry)
        if not self.by.budgets.take(provider, price):
            return
        self._try(entry)
        if self.asked.billed is None:
            self.by.budgets.give_back(provider, price)

    def _try(self, entry: str) -> None:
        """Send the photo, again after faults that pass, until it may be billed or time runs out."""
        self.by.jobs.submit(self.job, self._submission(entry))
        for number in range(MAX_TRIES):
            fault = self._call(entry, lambda: self._send(entry))
            is_last = number == MAX_TRIES - 1 or self.asked.calls[-1].opened
            if fault is None or self.asked.billed or is_last:
                return
            wait_s = self._wait_s(fault, number)
            if wait_s is None or wait_s + MIN_CALL_S > self._left_s():
                return
            self.by.sleep(wait_s)

    def _call(self, entry: str, action: Callable[[], T]) -> ProviderFault | None:
        """Take down how `action` ended; its fault, if it did not end well."""
        began = self.by.clock()
        try:
            self.asked.found = action()
        except ProviderFault as fault:
            if fault.may_be_billed:
                self.asked.billed = entry
            opened = self._count(entry, fault)
            self.asked.calls.append(
                Call(entry, self._ms_since(began), fault.kind, str(fault), opened)
            )
            return fault
        self.by.breaker.succeeded(entry)
        self.asked.entry = entry
        self.asked.calls.append(Call(entry, self._ms_since(began)))
        return None

    def _send(self, entry: str) -> T:
        provider = self.by.providers(entry)
        left_s = min(self._left_s(), MAX_SUBMIT_S)
        answered = provider.submit(self.sent(), time_left_s=left_s)
        self.asked.billed = entry
        if isinstance(answered, Answer):
            return self._take(answered)
        self.by.jobs.submit(self.job, self._submission(entry, answered))
        return self._await(answered)

    def _submission(self, entry: str, ticket: Ticket | None = None) -> Submission:
        etag = self.job.source.etag
        return Submission(entry=entry, step=self.step, etag=etag, ticket=ticket)

    def _await(self, ticket: Ticket) -> T:
        """Ask for the answer until it is there, it never will be, or time runs out."""
        provider = self.by.providers(ticket.entry)
        pause_s, troubles = POLL_S, 0
        while (left_s := self._left_s()) >= MIN_CALL_S:
            try:
                answer = provider.collect(ticket, time_left_s=min(left_s, MAX_SUBMIT_S))
                hint_s = 0.0
            except ProviderFault as fault:
                troubles += 1
                if fault.kind not in _PASSING or troubles == MAX_TRIES:
                    raise
                answer, hint_s = None, fault.retry_after_s or 0.0
            if answer is not None:
                return self._take(answer)
            self.by.sleep(max(0.0, min(max(pause_s, hint_s), self._left_s())))
            pause_s = min(pause_s * POLL_GROWTH, MAX_POLL_S)
        with suppress(ProviderFault):
            provider.cancel(ticket)
        raise ProviderFault(Fault.TRANSIENT, "no answer in time", may_be_billed=True)

    def _take(self, answer: Answer) -> T:
        self.asked.request_id = answer.request_id
        return self.read(answer)

    def _count(self, entry: str, fault: ProviderFault) -> bool:
        """Tell the breaker, unless the photo is the reason, or only a ticket is gone."""
        is_of_ticket = fault.kind is Fault.GONE and self.asked.billed is not None
        if fault.kind in _OF_THE_PHOTO or is_of_ticket:
            return False
        return self.by.breaker.failed(entry, _open_s(fault))

    def _wait_s(self, fault: ProviderFault, number: int) -> float | None:
        """Seconds until the same entry may do better; None: it will not."""
        backoff_s = self.by.jitter() * min(MAX_BACKOFF_S, math.ldexp(BACKOFF_S, number))
        hint_s = fault.retry_after_s
        if fault.kind is Fault.COLD:
            return backoff_s + (COLD_S if hint_s is None else hint_s)
        if fault.kind in _PASSING and (hint_s or 0.0) <= SHORT_WAIT_S:
            return backoff_s + (hint_s or 0.0)
        return None

    def _deadline(self) -> datetime:
        until = self.job.lease_until
        return (until or self.by.clock()) - LOCAL_RESERVE

    def _left_s(self) -> float:
        return (self._deadline() - self.by.clock()).total_seconds()

    def _ms_since(self, began: datetime) -> int:
        return round((self.by.clock() - began) / timedelta(milliseconds=1))


def _open_s(fault: ProviderFault) -> float | None:
    """How long this alone keeps the entry from being called; None: it only counts."""
    if fault.kind in NEEDS_A_PERSON:
        return OPEN_LONG_S
    hint_s = fault.retry_after_s or 0.0
    if fault.kind is Fault.RATE and hint_s > SHORT_WAIT_S:
        return min(hint_s, OPEN_LONG_S)
    return None
