"""What asking providers needs beside them: one port for each kind of thing."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Breaker(Protocol):
    """Which entries of routes are left alone for a while, shared by all workers.

    It must not be the outage that it guards against: when it cannot tell, it admits.
    """

    def admits(self, entry: str) -> bool:
        """The entry may be called; when its time is over, one caller at a time may try."""

    def succeeded(self, entry: str) -> None:
        """The entry answered."""

    def failed(self, entry: str, open_s: float | None) -> bool:
        """The entry did not answer: open for `open_s`, or when it did not several times in a row.

        Answers whether this opened it.
        """


class Budgets(Protocol):
    """How much a provider may bill on a UTC day. What cannot be counted is not spent."""

    def take(self, provider: str, microusd: int) -> bool:
        """Set so much aside; False where it is more than is left of the day's budget."""

    def give_back(self, provider: str, microusd: int) -> None:
        """The same was not billed after all."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What one job of a group asks for all: `entry` is who made it, None as long as it is asked."""

    holder: str
    entry: str | None = None
    is_refused: bool = False

    @property
    def is_over(self) -> bool:
        """It is known what came of it."""
        return self.entry is not None


class SharedAnswers(Protocol):
    """What is asked for once by all jobs of a group, by name."""

    def begin(self, group_id: str, name: str, job_id: str) -> Shared:
        """How far it is; the first job to come holds it for good."""

    def end(self, group_id: str, name: str, shared: Shared) -> None:
        """Tell what came of it; what was told first counts."""


class Slots(Protocol):
    """How many photos a provider is sent at once, by all workers together."""

    def hold(self, provider: str, *, until: datetime) -> AbstractContextManager[bool]:
        """A slot, given back at the end or lost at `until`; False when none is free."""
