"""What becomes of generations: variations and cut-outs that are kept, or nothing.

A worker leaves what it made in the bucket and knows nothing of items; whoever looks at a generation
puts it where it stays. Each look can be repeated, by several at once.
"""

from contextlib import suppress
from dataclasses import dataclass

from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import (
    Generation,
    KeptCutOut,
    Variation,
    cut_out_of,
    variation_of,
)
from lumiku.domain.work.jobs import CANCELLED, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.projects.ports import ProjectStore, VariationStore
from lumiku.services.transactions import AlreadyDone, Post, Transactions
from lumiku.services.work.ports import JobStore, PhotoMissing, PhotoStore
from lumiku.services.work.settlement import end
from photo_steps import Leave


@dataclass(frozen=True, slots=True)
class Finishing:
    """Ends generations: of keep_items, and of looking at one."""

    store: ProjectStore
    variations: VariationStore
    jobs: JobStore
    photos: PhotoStore
    transactions: Transactions
    clock: Clock

    def look(self, generation: Generation) -> str:
        """Keep what it made, if it is done and its item is there; answers how far it is.

        Where the item is not there any more, a job that nobody has begun is given back.
        """
        job = self.jobs.get(generation.id)
        if job is not None and job.status is Status.COMPLETED and job.owed:
            self._give_back(job)
        item = self._item(generation)
        if job is None or (job.status.is_over and (item is None or job.result is None)):
            self.variations.forget_generation(generation)
            return "generation_ended"
        if item is None and job.status is Status.PENDING:
            return self._cancel(job)
        if item is None or job.status is not Status.COMPLETED:
            return "generation_open"
        try:
            return self._keep(generation, job, item)
        except PhotoMissing:  # results of jobs go after a week
            self.variations.forget_generation(generation)
            return "generation_expired"

    def _keep(self, generation: Generation, job: Job, item: Item) -> str:
        variation, cut_out = self.copied(job, item)
        if not self.variations.keep(generation, item, variation, cut_out):
            return "generation_kept_by_another"
        return "generation_kept"

    def copied(self, job: Job, item: Item) -> tuple[Variation | None, KeptCutOut | None]:
        """What a completed job made of its item, once its files are where they stay."""
        variation = variation_of(job, item)
        names = [step.name for step in job.workflow]
        left_at = names.index(Leave.step) if Leave.step in names else 0
        cut_out = cut_out_of(job, item, step=left_at)
        if variation is not None:
            for role, file in variation.files.items():
                self.photos.copy(job.outputs[role].key, file.key)
        if cut_out is not None:
            self.photos.copy(job.outputs["cutout"].key, cut_out.kept.key)
            if cut_out.preview is not None:
                self.photos.copy(job.outputs["preview"].key, cut_out.preview)
        return variation, cut_out

    def _give_back(self, job: Job) -> None:
        """Give back what our own models cost less, once: the note stays until that is done."""
        with suppress(AlreadyDone):
            self.transactions.commit(Post(job.refund_owed(self.clock())))

    def _cancel(self, job: Job) -> str:
        try:
            end(self.transactions, job, Status.CANCELLED, CANCELLED, self.clock())
        except AlreadyDone:
            return "generation_open"
        return "generation_cancelled"

    def _item(self, generation: Generation) -> Item | None:
        found = self.store.item(generation.item_id)
        if found is None:
            return None
        project, item = found
        return None if project.deleted_at or item.deleted_at else item
