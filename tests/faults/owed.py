"""What a settled batch costs, worked out from the rule and not from the code that settles."""

from collections.abc import Sequence
from itertools import pairwise

from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import GAVE_UP, Job, Status
from lumiku.services.work.closing import OUT_OF_TIME

OURS = {GAVE_UP.code, OUT_OF_TIME.code, "photo_missing"}


def owed(group: Group, jobs: Sequence[Job]) -> int:
    """Credits: the results' shares of what the photos cost that were photos, at most the price."""
    photos = [job for job in jobs if _is_photo(job)]
    if not photos:
        return 0
    worth = min(group.price, price(Tier.of(group.product), len(photos)).total)
    ends = [worth * place // len(photos) for place in range(len(photos) + 1)]
    shares = [after - before for before, after in pairwise(ends)]
    done = [job.status is Status.COMPLETED for job in photos]
    return sum(share for share, is_done in zip(shares, done, strict=True) if is_done)


def _is_photo(job: Job) -> bool:
    return job.status is Status.COMPLETED or (job.failure is not None and job.failure.code in OURS)
