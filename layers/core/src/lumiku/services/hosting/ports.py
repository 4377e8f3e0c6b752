"""What asking providers needs beside them: one port for each kind of thing."""

from contextlib import AbstractContextManager
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


class Slots(Protocol):
    """How many photos a provider is sent at once, by all workers together."""

    def hold(self, provider: str, *, until: datetime) -> AbstractContextManager[bool]:
        """A slot, given back at the end or lost at `until`; False when none is free."""
