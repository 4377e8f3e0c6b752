"""Waiting for a job or a batch that goes on by itself."""

import time
from collections.abc import Callable

from ._batch_models import Batch
from ._errors import ApiProblem
from ._models import Job


def until_over[M: (Job, Batch)](
    look: Callable[[], tuple[M, float]],
    on_look: Callable[[M], None],
    *,
    timeout_s: float,
    sleep: Callable[[float], None],
) -> M:
    """What `look` sees once it is over; looks again after as many seconds as each look says.

    Raises ApiProblem `still_running` after `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        asked = time.monotonic()
        seen, pause_s = look()
        on_look(seen)
        if seen.is_over:
            return seen
        if time.monotonic() >= deadline:
            break
        sleep(max(0.0, asked + pause_s - time.monotonic()))
    if isinstance(seen, Job):
        what, stood, extra = "job", str(seen.status), {"jobId": seen.job_id}
    else:
        what, stood, extra = "batch", "not over", {"batchId": seen.batch_id}
    raise ApiProblem(
        code="still_running",
        title=f"The {what} is still running",
        detail=f"It was {stood} after {timeout_s:.0f} s.",
        extra=extra,
    )
