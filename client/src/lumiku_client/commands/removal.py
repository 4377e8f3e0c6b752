"""Many photos at once: each is tried, whatever happens to the others."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lumiku_client._client import Client
from lumiku_client._errors import UNREACHABLE, ApiProblem
from lumiku_client._models import Progress, Stage, Tier
from lumiku_client._options import PLAIN, Options
from lumiku_client._photos import unreadable
from lumiku_client._workers import Stopped, Workers

from .outcomes import Outcome, State, hopeless

# After one of these no other photo would fare better.
_HOPELESS_STATUSES = {401, 402}
_HOPELESS_CODES = {UNREACHABLE, "stalled", "result_not_written"}

# So long may uploaded photos wait while none of the run gets on at all.
_STALL_S = 300.0

type Watch = Callable[[Outcome, Progress | None], None]


class Removal:
    """One run over some photos with `parallel` of them under way at a time.

    `watch` is called from worker threads at every step of a photo, and with no Progress when it
    is over. After a problem that would meet every photo (no credits, login, no connection, no
    room for results) no further one is begun. `pause` is for the client to wait with.
    """

    def __init__(
        self,
        targets: Mapping[Path, Path],
        tier: Tier,
        options: Options = PLAIN,
        *,
        parallel: int,
        watch: Watch,
    ) -> None:
        self._tier = tier
        self._options = options
        self._parallel = parallel
        self._watch = watch
        self._workers = Workers()
        self.pause = self._workers.pause
        self._left = False
        self._halt: str | None = None
        self._moved_at = time.monotonic()
        self._lock = threading.Lock()
        self._outcomes = {photo: Outcome(photo, target) for photo, target in targets.items()}

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
        fit = self._sorted_out()
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

    def _sorted_out(self) -> Sequence[Path]:
        """What can be sent; the others fail at once, before anything is sent or paid."""
        fit = []
        for photo in self._outcomes:
            reason = hopeless(photo)
            if reason is None:
                fit.append(photo)
            else:
                self._fail(photo, reason)
                self._tell(photo)
        return fit

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
            self._remove(client, photo)
        else:
            self._update(photo, state=State.NOT_SENT, error=f"Not sent. {self._halt}")
        self._tell(photo)

    def _remove(self, client: Client, photo: Path) -> None:
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
            job = client.remove(
                photo, self._tier, target, options=self._options, on_progress=on_progress
            ).job
        except Stopped:
            self._update(photo, state=State.INTERRUPTED)
            raise
        except ApiProblem as problem:
            self._fail(photo, problem)
        except OSError as error:
            self._fail(photo, self._not_readable_or_writable(photo, error))
        else:
            self._update(
                photo,
                state=State.DONE,
                credits=job.credits_used,
                width_px=job.metadata.width if job.metadata else None,
                height_px=job.metadata.height if job.metadata else None,
                warnings=job.warnings,
            )
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
