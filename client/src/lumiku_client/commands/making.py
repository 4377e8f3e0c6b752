"""Many photos at once: each is tried, whatever happens to the others."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lumiku_client._client import Client
from lumiku_client._errors import UNREACHABLE, ApiProblem
from lumiku_client._models import Progress, Stage
from lumiku_client._photos import unreadable
from lumiku_client._workers import Stopped, Workers

from .outcomes import Outcome, State

# After one of these no other photo would fare better.
_HOPELESS_STATUSES = {401, 402}
_HOPELESS_CODES = {UNREACHABLE, "stalled", "result_not_written"}

# So long may uploaded photos wait while none of the run gets on at all.
_STALL_S = 300.0

type Watch = Callable[[Outcome, Progress | None], None]
type Make = Callable[[Client, Path, Path, Callable[[Progress], None]], Mapping[str, object]]
"""Makes the result of a photo at its target; answers what its outcome is told of it."""


class Making:
    """One run over the photos that wait, with `parallel` of them under way at a time.

    `watch` is called from worker threads at every step of a photo, and with no Progress when it
    is over. After a problem that would meet every photo (no credits, login, no connection, no
    room for results) no further one is begun. `pause` is for the client to wait with.
    """

    def __init__(
        self,
        outcomes: Iterable[Outcome],
        make: Make,
        *,
        parallel: int,
        watch: Watch,
    ) -> None:
        self._make = make
        self._parallel = parallel
        self._watch = watch
        self._workers = Workers()
        self.pause = self._workers.pause
        self._left = False
        self._halt: str | None = None
        self._moved_at = time.monotonic()
        self._lock = threading.Lock()
        self._outcomes = {outcome.photo: outcome for outcome in outcomes}

    @property
    def interrupted(self) -> bool:
        """Whether the person stopped it."""
        return self._workers.stopping

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """Every photo, in the order given."""
        with self._lock:
            return list(self._outcomes.values())

    def run(self, client: Client) -> None:
        """Returns when all photos are over, or soon after Ctrl-C."""
        fit = []
        for outcome in self.outcomes:
            if outcome.state is State.WAITING:
                fit.append(outcome.photo)
            else:
                self._tell(outcome.photo)
        try:
            self._workers.run(
                fit,
                lambda photo: self._work(client, photo),
                parallel=self._parallel,
                worth_waiting=self._transferring,
            )
        except KeyboardInterrupt:
            self._left = True
            for outcome in self.outcomes:
                if outcome.state is State.RUNNING:
                    self._update(outcome.photo, state=State.INTERRUPTED)

    def _transferring(self) -> bool:
        """Whether a worker holds something better put down than dropped."""
        return any(
            outcome.state is State.RUNNING and outcome.stage not in (Stage.QUEUED, Stage.PROCESSING)
            for outcome in self.outcomes
        )

    def _tell(self, photo: Path, progress: Progress | None = None) -> None:
        if not self._left:
            self._watch(self._outcomes[photo], progress)

    def _work(self, client: Client, photo: Path) -> None:
        if self._halt is None:
            self._try(client, photo)
        else:
            self._update(photo, state=State.NOT_SENT, error=f"Not sent. {self._halt}")
        self._tell(photo)

    def _try(self, client: Client, photo: Path) -> None:
        begun = time.monotonic()

        def on_progress(progress: Progress) -> None:
            self._check_stall(photo, progress)
            known = self._outcomes[photo]
            self._update(
                photo,
                state=State.RUNNING,
                stage=progress.stage,
                job_id=progress.job_id or known.job_id,
                credits=progress.credits_used or known.credits,
            )
            self._workers.check()
            self._tell(photo, progress)

        target = self._outcomes[photo].target
        try:
            made = self._make(client, photo, target, on_progress)
        except Stopped:
            self._update(photo, state=State.INTERRUPTED)
            raise
        except ApiProblem as problem:
            self._fail(photo, problem)
        except OSError as error:
            self._fail(photo, self._not_readable_or_writable(photo, error))
        else:
            self._update(photo, state=State.DONE, **made)
        self._update(photo, seconds=time.monotonic() - begun)

    def _check_stall(self, photo: Path, progress: Progress) -> None:
        """Gives up a photo that nobody begins while no other one gets on either."""
        if progress.stage != self._outcomes[photo].stage or progress.done_bytes:
            self._moved_at = time.monotonic()
        elif progress.stage is Stage.QUEUED and time.monotonic() - self._moved_at > _STALL_S:
            raise ApiProblem(
                code="stalled",
                title="The photo was uploaded, but the service does not begin with it",
                detail=f"Nothing has moved for {_STALL_S / 60:.0f} minutes",
                extra={"jobId": progress.job_id},
            )

    def _not_readable_or_writable(self, photo: Path, error: OSError) -> ApiProblem:
        if self._outcomes[photo].stage != Stage.DOWNLOADING:
            return unreadable(error)
        told = f"The result cannot be written: {error.strerror or error}"
        return ApiProblem(code="result_not_written", title=told)

    def _fail(self, photo: Path, problem: ApiProblem) -> None:
        known = self._outcomes[photo]
        job_over = "creditsRefunded" in problem.extra
        if job_over:
            self._moved_at = time.monotonic()
        credits = problem.extra["creditsUsed"] if job_over else known.credits
        with self._lock:
            failed = known.failed(problem, credits=credits, job_over=job_over)
            self._outcomes[photo] = failed
        if problem.status in _HOPELESS_STATUSES or problem.code in _HOPELESS_CODES:
            self._halt = failed.error

    def _update(self, photo: Path, **changes: object) -> None:
        with self._lock:
            self._outcomes[photo] = replace(self._outcomes[photo], **changes)  # type: ignore[arg-type]
