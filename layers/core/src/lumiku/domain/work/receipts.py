"""How a photo was made: by whom, with how many tries, in what time, at what cost."""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel

from lumiku.domain.hosting.tickets import LOCAL, Fault
from lumiku.domain.money.costs import lambda_cost_microusd


class FaultMet(BaseModel, frozen=True, defer_build=True):
    """A route's entry that did not answer, and the kind of its reason; never its words."""

    entry: str
    kind: Fault


class AskedFor(BaseModel, frozen=True, defer_build=True):
    """Who made what a route was asked for, `local` where nobody else did, and what that cost."""

    entry: str = LOCAL
    microusd: int = 0


class Receipt(BaseModel, frozen=True, defer_build=True):
    """What made a result. A job that fails has none, even where a provider billed its photo.

    `entry` is the route's entry that answered. `tries` counts calls of hosted providers in the
    attempt that ended well; asking after a ticket is part of its call. `provider_microusd` is also
    there when a provider that did not answer may bill; `asked` has the same by route.
    `weights` are SHA-256 by model, of local results. `stage_ms` are milliseconds by
    stage, in order.
    """

    entry: str = LOCAL
    request_id: str | None = None
    weights: Mapping[str, str] = {}
    tries: int = 0
    faults: tuple[FaultMet, ...] = ()
    provider_microusd: int = 0
    asked: Mapping[str, AskedFor] = {}
    memory_mb: int = 0
    stage_ms: Mapping[str, int] = {}

    @property
    def provider(self) -> str:
        """Who made it."""
        return self.entry.partition(":")[0]

    @property
    def model(self) -> str | None:
        """The provider's model, or those of our own that took part; None when none was asked."""
        return self.entry.partition(":")[2] or "+".join(self.weights) or None

    def are_ours(self, routes: Iterable[str]) -> bool:
        """By none of these routes a provider made anything."""
        return all(self.asked.get(route, AskedFor()).entry == LOCAL for route in routes)

    def plus(self, step: "Receipt") -> "Receipt":
        """With what one more step took; who answered last is who made it."""
        last = step if step.entry != LOCAL else self
        return self.model_copy(
            update={
                "entry": last.entry,
                "request_id": last.request_id,
                "tries": self.tries + step.tries,
                "faults": self.faults + step.faults,
                "provider_microusd": self.provider_microusd + step.provider_microusd,
                "asked": {**self.asked, **step.asked},
            }
        )

    def cost_microusd(self, day: date) -> int:
        """All that the photo cost: the provider's list price and an estimate for Lambda."""
        return self.provider_microusd + self.lambda_microusd(day)

    def lambda_microusd(self, day: date) -> int:
        """What its run on Lambda cost, by estimate, at the prices of `day`."""
        return lambda_cost_microusd(self.memory_mb, sum(self.stage_ms.values()), day)


class IfOurs(BaseModel, frozen=True, defer_build=True):
    """What comes back of a price where our own models made what providers were asked for.

    `parts` are the parts of the price by route, `credits` what comes back, by the routes by which
    no provider made anything, in order and joined by spaces.
    """

    parts: Mapping[str, str]
    credits: Mapping[str, int]

    def owed(self, receipt: Receipt) -> int:
        """Credits that come back of what was made as the receipt says."""
        ours = [route for route in self.parts if receipt.are_ours([route])]
        return self.credits.get(" ".join(sorted(ours)), 0)
