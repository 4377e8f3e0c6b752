"""Many photos at once: each is tried, whatever happens to the others."""

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from lumiku_client._client import Client
from lumiku_client._errors import UNREACHABLE, ApiProblem
from lumiku_client._models import Progress, Stage, Tier
from lumiku_client._options import PLAIN, Options
from lumiku_client._photos import refusal

from .sentences import sentence

# Time for workers to put their tools down after Ctrl-C, before they are left behind.
_FAREWELL_S = 3.0

# After one of these no other photo would fare better.
_HOPELESS_STATUSES = {401, 402}
_HOPELESS_CODES = {UNREACHABLE, "stalled"}

# So long may uploaded photos wait while none of the run gets on at all.
_STALL_S = 300.0


class State(StrEnum):
    """What became of a photo."""

    WAITING = "waiting"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    DONE = "done"
    FAILED = "failed"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Outcome:
    """A photo and what became of it so far.

    credits     what it cost, after refunds
    warnings    codes of what is not as asked for in a result
    job_over    the server has said that nothing more will come of its job
    """

    photo: Path
    target: Path
    state: State = State.WAITING
    stage: Stage | None = None
    job_id: str | None = None
    credits: int = 0
    width_px: int | None = None
    height_px: int | None = None
    seconds: float = 0.0
    code: str | None = None
    error: str | None = None
    warnings: Sequence[str] = ()
    job_over: bool = False

    @property
    def unfetched(self) -> bool:
        """Whether a paid job may have a result that is not here yet."""
        return self.job_id is not None and self.state is not State.DONE and not self.job_over


type Watch = Callable[[Outcome, Progress | None], None]


class Interrupted(Exception):
    """Raised inside a worker to make it stop where it is."""


class Removal:
    """One run over some photos with `parallel` of them under way at a time.

    `watch` is called from worker threads at every step of a photo, and with no Progress when it
    is over. After a problem that would meet every photo (no credits, login, no connection, no
    room for results) no further one is begun.
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
        self._parallel = min(parallel, len(targets))
        self._watch = watch
        self._stopping = threading.Event()
        self._left = False
        self._halt: str | None = None
        self._moved_at = time.monotonic()
        self._lock = threading.Lock()
        self._outcomes = {photo: Outcome(photo, target) for photo, target in targets.items()}
        self._todo: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._bugs: queue.SimpleQueue[BaseException] = queue.SimpleQueue()

    @property
    def interrupted(self) -> bool:
        """Whether the person stopped it."""
        return self._stopping.is_set()

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """Every photo, in the order given."""
        with self._lock:
            return list(self._outcomes.values())

    def pause(self, seconds: float) -> None:
        """Sleeps, but not through an interruption; for the client to wait with."""
        if self._stopping.wait(seconds):
            raise Interrupted

    def run(self, client: Client) -> None:
        """Returns when all photos are over, or soon after Ctrl-C."""
        self._sort_out()
        # Daemons: a long poll must not hold the process back after Ctrl-C.
        workers = [
            threading.Thread(target=self._work, args=(client,), daemon=True)
            for _ in range(self._parallel)
        ]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                while worker.is_alive():
                    worker.join(0.2)
        except KeyboardInterrupt:
            self._stopping.set()
            deadline = time.monotonic() + _FAREWELL_S
            while self._transferring() and time.monotonic() < deadline:
                time.sleep(0.05)
            self._leave()
        if not self._bugs.empty():
            raise self._bugs.get()

    def _sort_out(self) -> None:
        """Fails at once what would certainly be refused, before anything is sent or paid."""
        for photo in self._outcomes:
            try:
                reason = refusal(photo)
            except OSError as error:
                self._fail_locally(photo, error)
            else:
                if reason is None:
                    self._todo.put(photo)
                    continue
                self._fail(photo, reason)
            self._tell(self._outcomes[photo])

    def _leave(self) -> None:
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

    def _tell(self, outcome: Outcome, progress: Progress | None = None) -> None:
        if not self._left:
            self._watch(outcome, progress)

    def _work(self, client: Client) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    photo = self._todo.get_nowait()
                except queue.Empty:
                    return
                if self._halt is None:
                    self._remove(client, photo)
                else:
                    self._update(photo, state=State.NOT_SENT, error=f"Not sent. {self._halt}")
                    self._tell(self._outcomes[photo])
        except Interrupted:
            return
        except BaseException as error:  # noqa: BLE001 - raised again by run, in the main thread
            self._bugs.put(error)
            self._stopping.set()

    def _remove(self, client: Client, photo: Path) -> None:
        begun = time.monotonic()

        def on_progress(progress: Progress) -> None:
            self._check_stall(photo, progress)
            outcome = self._update(
                photo,
                state=State.RUNNING,
                stage=progress.stage,
                job_id=progress.job_id or self._outcomes[photo].job_id,
                credits=progress.credits_used or self._outcomes[photo].credits,
            )
            if self._stopping.is_set():
                raise Interrupted
            self._tell(outcome, progress)

        target = self._outcomes[photo].target
        try:
            result = client.remove(
                photo, self._tier, target, options=self._options, on_progress=on_progress
            )
        except Interrupted:
            self._update(photo, state=State.INTERRUPTED)
            raise
        except ApiProblem as problem:
            self._fail(photo, problem)
        except OSError as error:
            self._fail_locally(photo, error)
        else:
            metadata = result.job.metadata
            self._update(
                photo,
                state=State.DONE,
                credits=result.job.credits_used,
                width_px=metadata.width if metadata else None,
                height_px=metadata.height if metadata else None,
                warnings=result.job.warnings,
            )
        self._tell(self._update(photo, seconds=time.monotonic() - begun))

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

    def _fail(self, photo: Path, problem: ApiProblem) -> None:
        told = sentence(problem)
        if problem.status in _HOPELESS_STATUSES or problem.code in _HOPELESS_CODES:
            self._halt = told
        job_over = "creditsRefunded" in problem.extra
        if job_over:
            self._moved_at = time.monotonic()
        self._update(
            photo,
            state=State.FAILED,
            code=problem.code,
            error=told,
            credits=problem.extra["creditsUsed"] if job_over else self._outcomes[photo].credits,
            job_over=job_over,
        )

    def _fail_locally(self, photo: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        if self._outcomes[photo].stage == Stage.DOWNLOADING:
            told = f"The result cannot be written: {reason}."
            self._halt = told
            code = "result_not_written"
        else:
            told, code = f"The photo cannot be read: {reason}.", "photo_not_read"
        self._update(photo, state=State.FAILED, code=code, error=told)

    def _update(self, photo: Path, **changes: object) -> Outcome:
        with self._lock:
            self._outcomes[photo] = replace(self._outcomes[photo], **changes)  # type: ignore[arg-type]
            return self._outcomes[photo]
