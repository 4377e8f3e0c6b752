"""What a group comes to once its jobs are over: shares of results, and what comes back."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lumiku.domain.work.groups import Group, Outcome, Stage, share
from lumiku.domain.work.jobs import Cause, Job, Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a closed group comes to; credits by job: `shares` of results, `refunds` of what failed.

    Photos that were cancelled or never sent have neither.
    """

    outcome: Outcome
    shares: dict[str, int]
    refunds: dict[str, int]


type Worth = Callable[[Group, int], int]
"""What so many photos of a group cost in credits, at least 1; each app has its prices."""


def settle(group: Group, jobs: Sequence[Job], worth: Worth) -> Verdict:
    """Settle a group whose jobs are all over; one that was never made may lack some of them.

    The discount is earned by photos: with n ordered at price T, of which r came and are photos, the
    group is worth W = min(T, worth(r)); photo i of these has the share floor(W(i+1)/r) -
    floor(W*i/r), and what is not the share of a result is given back. One that the service failed
    on counts, even if no worker ever took it. What the customer cancelled or never sent does not,
    nor does a file that is refused: each of these n - r has a share of T - W, of the same kind. Of
    a group that is whole only results count, if there are any.
    What our own models made in a provider's place costs its share less what comes back for that.
    """
    is_made = group.stage is not Stage.OPEN or len(jobs) == group.total
    if not all(job.status.is_over for job in jobs) or len(jobs) > group.total or not is_made:
        raise ValueError(f"group {group.id} cannot be settled yet")
    causes = Counter(job.cause for job in jobs)
    count = Counter(job.status for job in jobs)
    never_made = group.total - len(jobs)
    photos = [job for job in jobs if job.cause in {None, Cause.SERVICE}]
    if group.is_whole:
        photos = [job for job in jobs if job.cause is None] or photos
    counted = {job.id for job in photos}
    others = [job for job in jobs if job.id not in counted]
    earned = min(group.price, worth(group, len(photos))) if photos else 0
    shares = _shares(earned, photos, of=len(photos))
    owed = {job.id: min(job.owed, shares[job.id]) for job in photos if job.cause is None}
    unearned = _shares(group.price - earned, others, of=group.total - len(photos))
    kept = {job.id: shares[job.id] - owed[job.id] for job in photos if job.cause is None}
    refunds = {job.id: shares[job.id] for job in photos if job.cause is not None}
    nobodys = group.price - earned - sum(unearned.values())  # of jobs that were never made
    outcome = Outcome(
        completed=count[Status.COMPLETED],
        failed=count[Status.FAILED],
        expired=count[Status.EXPIRED] + never_made,
        cancelled=count[Status.CANCELLED],
        never_sent=causes[Cause.NEVER_SENT] + never_made,
        refund=group.price - sum(kept.values()),
        is_delivered=group.is_delivered and group.is_zipped,
        ours=sum(refunds.values()) + sum(owed.values()) + nobodys,
    )
    refused = {job.id: unearned[job.id] for job in others if job.cause is Cause.FILE}
    missing = {job.id: 0 for job in others if job.cause is Cause.SERVICE}
    return Verdict(outcome, kept, refunds | refused | missing)


def _shares(credits: int, jobs: Sequence[Job], *, of: int) -> dict[str, int]:
    """Shares of the first `jobs` of so many, by their ids."""
    return {job.id: share(credits, place, of) for place, job in enumerate(jobs)}
