"""In which formats an account may fetch a single picture."""

from dataclasses import dataclass

from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.prices import APP
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.variations import Variation
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets


@dataclass(frozen=True, slots=True)
class Formats:
    """Says before a download whether it is possible."""

    wallets: Wallets
    clock: Clock

    def check(self, caller: Caller, variation: Variation, format: str | None) -> None:
        """Refuse a format that the plan lacks with `NotInPlan`, one that is not stored as such."""
        if format is None:
            return
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        if refusal := missing(plan_of(wallet, now), [Need(Gate.FORMAT, format)]):
            raise refusal
        stored = variation.result.format
        if format != stored:
            raise InvalidRequest.at(
                "query.format",
                Text(
                    f"This picture is stored as {stored}; it is not rendered in another format",
                    f"Gambar ini disimpan sebagai {stored}; tidak dirender dalam format lain",
                ),
            )
