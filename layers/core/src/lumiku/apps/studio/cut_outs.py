"""The cut-out of an item, for who needs it and pays for nothing."""

from dataclasses import dataclass

from lumiku.apps.studio.generations import job_of, starting
from lumiku.apps.studio.plans import Rendering
from lumiku.apps.studio.qualities import at_best, cut_out_name
from lumiku.apps.studio.steps import cut_out_steps
from lumiku.apps.studio.wanted import CUT_OUT
from lumiku.domain.errors import PhotoRefused
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import KeptCutOut
from lumiku.domain.work.jobs import ForItem, Job, Status
from lumiku.domain.work.reasons import reason
from lumiku.services.clock import Clock
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.ports import VariationStore
from lumiku.services.transactions import AlreadyDone, Insert, ItemChanged, Transactions
from lumiku.services.work.idempotency import row_id
from lumiku.services.work.ports import JobStore, Lanes
from photo_steps import Fit, Step
from photo_steps.weights import Precision

# Nobody is given the result of such a job: what counts is what it leaves behind.
SMALL_SIDE_PX = 64


@dataclass(frozen=True, slots=True)
class CutOuts:
    """Finds kept cut-outs, and lets those be made that are not there.

    What is made in this way is free, and never counts as a removal that was paid for.
    """

    variations: VariationStore
    finishing: Finishing
    jobs: JobStore
    transactions: Transactions
    lanes: Lanes
    precision: Precision
    clock: Clock

    def find(self, item: Item, rendering: Rendering) -> KeptCutOut | None:
        """The item's cut-out as a plan renders it: pictures that were packed, under their keys.

        None while it is made: a free job is started for that, one an hour at most. `PhotoRefused`
        if there will be none.
        """
        has, now = self.variations.belongings(item), self.clock()
        rendering = at_best(rendering, has, self.precision)
        name = cut_out_name(rendering.quality, self.precision)
        if (found := has.cut_out(name)) is not None:
            return found
        job_id = row_id("generation", item.user_id, f"{item.id} {name}", f"{now:%Y-%m-%dT%H}")
        if (begun := self.jobs.get(job_id)) is not None:
            return self._of(begun, item, name)
        told = ForItem(item_id=item.id, cut_out=name)
        job = job_of(
            item,
            told,
            id=job_id,
            product=CUT_OUT,
            workflow=(*cut_out_steps(rendering.quality), Step.of(Fit(side=SMALL_SIDE_PX))),
            price=0,
            pricing_type="free",
            request_hash="",
            has=has,
            now=now,
        )
        try:
            self.transactions.commit(Insert(job), *starting(job))
        except (AlreadyDone, ItemChanged):  # somebody else begins it, or it is deleted
            return None
        self.lanes.start(job.lane, job.id)
        return None

    def _of(self, job: Job, item: Item, name: str) -> KeptCutOut | None:
        if job.failure is not None and job.status.is_over:
            raise PhotoRefused(job.failure.code, reason(job.failure), job_id=job.id)
        if job.status is not Status.COMPLETED:
            return None
        if note := self.variations.generation(item.project_id, job.id):
            self.finishing.look(note)
        return self.variations.belongings(item).cut_out(name)
