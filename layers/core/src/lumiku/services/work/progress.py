"""Noticing that the last job of a group is over.

Each worker adds its job's index to a set, which may be repeated; whoever sees the set full tells
the state machine. Nothing is settled from these sets: they only say when to look.
"""

from lumiku.domain.work.jobs import Job
from lumiku.services.work.ports import Executions, GroupStore


def mark_over(groups: GroupStore, executions: Executions, *jobs: Job) -> None:
    """Count jobs of one group that are over; does nothing for a job of its own."""
    if not jobs or jobs[0].group_id is None:
        return
    token = groups.mark(*jobs)
    if token is not None:
        executions.wake(token)
