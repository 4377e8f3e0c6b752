"""The fault tests of generations must catch these bugs, or they are worth nothing."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest

from lumiku.apps.studio.generations import GenerationOrders
from lumiku.domain.projects.variations import Generation, PaidFor
from lumiku.domain.work.jobs import Job, Output, Status
from lumiku.services.projects.generations import Finishing
from lumiku.services.transactions import AlreadyDone, Change, Post, TakeBack
from tests.fake_items import FakeItems
from tests.fakes import FakeStore
from tests.faults.machine import assert_caught, run_briefly
from tests.faults.studio import fake_studio
from tests.faults.test_generations import Generations


class ChargesRemovalsTwice(GenerationOrders):
    """Planted bug: nobody remembers what was paid for."""

    def _payer(self, notes: Iterable[PaidFor]) -> str | None:
        return None


class NeverChargesRemovals(GenerationOrders):
    """Planted bug: an order that may yet be given back pays for the next one's removal."""

    def _payer(self, notes: Iterable[PaidFor]) -> str | None:
        return next((note.job_id for note in notes), None)


class NotesStay(FakeItems):
    """Planted bug: a refund leaves the note that the removal was paid for, and rows go."""

    def apply(self, change: Change) -> None:
        if not isinstance(change, TakeBack):
            super().apply(change)


class TrustsNotes(GenerationOrders):
    """With it: whoever has a note is taken for somebody who paid, once his job is over."""

    def _payer(self, notes: Iterable[PaidFor]) -> str | None:
        for note in notes:
            job = self.jobs.get(note.job_id)
            if job is None or job.status.is_over:
                return note.job_id
        return None


class KeepsWhatFailed(Finishing):
    """Planted bug: whatever is over becomes a variation."""

    def look(self, generation: Generation) -> str:
        job, item = self.jobs.get(generation.id), self._item(generation)
        if job is None or item is None or job.status is not Status.FAILED:
            return super().look(generation)
        file = Output(key="out/x", size_bytes=1, width_px=1, height_px=1, format="png")
        seeming = job.model_copy(update={"outputs": {"result": file}})
        self.photos.write("out/x", b"x", content_type="image/png")
        return self._keep(generation, seeming, item)


class ForgetsWhatIsOwed(Finishing):
    """Planted bug: what our own models made costs what a provider's would."""

    def _give_back(self, job: Job) -> None:
        """Nothing."""


class GivesBackAgain(Finishing):
    """Planted bug: each look gives back what comes back."""

    def _give_back(self, job: Job) -> None:
        refund = job.refund_owed(self.clock())
        try:
            self.transactions.commit(Post(refund))
        except AlreadyDone:
            again = refund.model_copy(update={"reference": f"{job.id} again"})
            self.transactions.commit(Post(again))


def over(of_items: FakeItems, **options: Any) -> Callable[..., Any]:
    """A studio with these items."""
    return lambda: fake_studio(rows=FakeStore(of_items=of_items), **options)


@pytest.mark.parametrize(
    ("bug", "known"),
    [
        (lambda: fake_studio(orders_class=ChargesRemovalsTwice), 1),
        (lambda: fake_studio(orders_class=NeverChargesRemovals), 0),
        (lambda: over(NotesStay(), orders_class=TrustsNotes)(), 1),
        (lambda: fake_studio(finishing_class=KeepsWhatFailed), 1),
        (lambda: fake_studio(finishing_class=ForgetsWhatIsOwed), 1),
        (lambda: fake_studio(finishing_class=GivesBackAgain), 7),
    ],
    ids=[
        "removal charged twice",
        "removal never charged",
        "notes of refunded removals stay",
        "variation of a failed job kept",
        "what a provider did not make is not given back",
        "what a provider did not make is given back at each look",
    ],
)
def test_bugs_of_generations_are_caught(bug: Callable[..., Any], known: int) -> None:
    assert_caught(partial(run_briefly, Generations, bug), known)
