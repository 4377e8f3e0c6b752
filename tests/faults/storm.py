"""Weather by a seed: deaths, throttling, lost answers and slow stores, at given odds."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes import START, Watch
from tests.faults.weather import Killed
from tests.faults.world import SANDBOX_S

OBJECTS = {"read", "write", "copy"}
NO_STORES = {"wake", "start", "send", "zip entry"}

ODDS: Mapping[str, float] = {
    "worker killed": 0.03,
    "killed in the zip": 0.03,
    "table throttled": 0.03,
    "outage of the table": 0.001,
    "answer of the table lost": 0.02,
    "S3 slow": 0.05,
    "overtaken": 0.05,
    "delivered twice": 0.1,
    "callback dropped": 0.3,
    "callback doubled": 0.1,
    "mail refused": 0.3,
    "mail unanswered": 0.1,
}


class Throttled(Exception):
    """What a store says when it is asked too much, or nothing that arrives."""


@dataclass
class Storm:
    """Strikes effects. `meanwhile` lets somebody else act ahead of an effect."""

    rng: random.Random
    clock: Watch
    odds: Mapping[str, float]
    meanwhile: Callable[[], None] = lambda: None
    happened: Counter[str] = field(default_factory=Counter)
    down_until: datetime = START
    depth: int = 0

    def strikes(self, fault: str) -> bool:
        """Whether it happens now; what happens is counted."""
        hit = self.rng.random() < self.odds.get(fault, 0)
        self.happened[fault] += hit
        return hit

    def before(self, effect: str) -> None:
        if self.depth == 0 and self.strikes("overtaken"):
            self.depth += 1
            try:
                self.meanwhile()
            finally:
                self.depth -= 1
        if self.strikes("killed in the zip" if effect == "zip entry" else "worker killed"):
            raise Killed
        if effect in OBJECTS and self.strikes("S3 slow"):
            seconds = self.rng.uniform(5, 1.5 * SANDBOX_S)
            self.clock.advance(seconds)
            if seconds > SANDBOX_S:
                raise Killed
        if effect in OBJECTS | NO_STORES:
            return
        if self.strikes("outage of the table"):
            self.down_until = self.clock() + timedelta(seconds=self.rng.uniform(60, 7200))
        if self.clock() < self.down_until or self.strikes("table throttled"):
            raise Throttled(effect)

    def after(self, effect: str) -> None:
        if effect not in OBJECTS | NO_STORES and self.strikes("answer of the table lost"):
            raise Throttled(effect)
