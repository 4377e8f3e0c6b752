"""What accounts did with templates comes to the totals of all: what each lacks, once.

The uses of an account are counted by the transaction that keeps the picture, and its rating is put
by itself; both leave the account's row due. Only this adds to a total, so nobody waits for it.
"""

from dataclasses import dataclass

from lumiku.services.clock import Clock
from lumiku.services.projects.template_ports import TemplateStore


@dataclass(frozen=True, slots=True)
class TellingTotals:
    """The chore of keep_items that follows uses and ratings."""

    store: TemplateStore
    clock: Clock

    def tell(self, *, limit: int = 500) -> int:
        """Tell of up to `limit` uses; one that moves meanwhile is told of the next time."""
        return sum(map(self.store.tell, self.store.untold(self.clock(), limit=limit)))
