"""One batch from the order to the results in OUT, wherever an earlier run left it."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lumiku_client._batch_models import Batch, BatchItem, BatchPhoto, BatchStatus, PhotoUpload
from lumiku_client._client import Client
from lumiku_client._errors import ApiProblem
from lumiku_client._models import JobStatus, UploadTicket
from lumiku_client._photos import printable

from .batch_state import BatchState, Planned, Problem
from .order_display import OrderDisplay
from .outcomes import Outcome, State
from .sentences import sentence
from .unpacking import ArchiveUnusable, Line, unpack

ARCHIVE_FILE = ".lumiku-batch.zip"
_OVER_UNSENT = {JobStatus.FAILED, JobStatus.EXPIRED, JobStatus.CANCELLED}


class BatchRun:
    """Goes on from `state`, which is saved in `out` at every step that must not be repeated."""

    def __init__(
        self, client: Client, state: BatchState, out: Path, *, parallel: int, watch: OrderDisplay
    ) -> None:
        self.state = state
        self._client = client
        self._out = out
        self._parallel = parallel
        self._watch = watch
        self._problems = dict(state.problems)
        self._lock = threading.Lock()

    def run(self) -> tuple[Batch, Sequence[Outcome]]:
        """The batch once it is over, and what became of its photos, in their order.

        Raises ApiProblem, OSError, or KeyboardInterrupt; another run can go on from there.
        """
        form = self._order() if self.state.batch_id is None else None
        batch_id = self.state.batch_id or ""
        if not self.state.finished:
            self._send(batch_id, form)
        batch = self._client.batches.wait(batch_id, on_look=self._watch.seen)
        items = {item.index: item for item in self._client.batches.items(batch_id)}
        lines = None if batch.status == BatchStatus.FAILED else self._fetch(batch)
        return batch, [
            self._outcome(
                index,
                planned,
                items[index],
                self._alone(planned, items[index]) if lines is None else lines[index],
            )
            for index, planned in enumerate(self.state.photos)
        ]

    def _order(self) -> UploadTicket | None:
        """Orders and pays, unless an earlier run with the same key has."""
        self.state.save(self._out)
        submission = self._client.batches.submit(
            [BatchPhoto(printable(p.path.name), p.size_bytes) for p in self.state.photos],
            self.state.tier,
            options=self.state.options,
            expected_credits=self.state.credits,
            idempotency_key=self.state.key,
        )
        keys = [file.key for file in sorted(submission.files, key=lambda file: file.index)]
        self.state = replace(
            self.state,
            batch_id=submission.batch_id,
            keys=keys,
            closes_at=submission.closes_at.isoformat(),
        )
        self.state.save(self._out)
        return submission.upload

    def _send(self, batch_id: str, form: UploadTicket | None) -> None:
        """Uploads what is not there yet, and says that no more comes."""
        todo = [
            PhotoUpload(index, photo.path, key)
            for index, (photo, key) in enumerate(
                zip(self.state.photos, self.state.keys, strict=True)
            )
        ]
        if form is None:
            there = {
                item.index
                for item in self._client.batches.items(batch_id)
                if item.uploaded or item.status in _OVER_UNSENT
            }
            todo = [photo for photo in todo if photo.index not in there]
        self._watch.sending(
            [self.state.photos[photo.index].size_bytes for photo in todo],
            sent=len(self.state.photos) - len(todo),
        )
        try:
            self._client.batches.upload(
                batch_id,
                todo,
                form,
                parallel=self._parallel,
                on_bytes=self._watch.sent_bytes,
                on_over=self._over,
            )
        except ApiProblem as problem:
            if problem.code != "batch_closed":
                raise
        self._client.batches.finish(batch_id)
        self.state = replace(self.state, finished=True, problems=self._problems)
        self.state.save(self._out)

    def _over(self, photo: PhotoUpload, problem: ApiProblem | None) -> None:
        if problem is not None:
            with self._lock:
                self._problems[photo.index] = Problem(problem.code, sentence(problem))
        self._watch.sent(photo, problem)

    def _fetch(self, batch: Batch) -> Sequence[Line] | None:
        """The manifests, once all results are in their places; None if a ZIP is not sound."""
        archive, parts = self._out / ARCHIVE_FILE, batch.zip_parts or 1
        targets = [self._target(photo) for photo in self.state.photos]
        lines: list[Line] = []
        try:
            for part in range(1, parts + 1):
                self._client.batches.download(
                    batch.batch_id, archive, self._watch.fetching, part=part
                )
                lines += unpack(archive, targets[len(lines) :], more=part < parts)
        except ArchiveUnusable:
            return None
        except ApiProblem as problem:
            if problem.status != 409:
                raise
            return None
        else:
            return lines
        finally:
            archive.unlink(missing_ok=True)

    def _alone(self, planned: Planned, item: BatchItem) -> Line:
        """Fetches one result by itself, where there is no ZIP to take it from."""
        if item.status != JobStatus.COMPLETED:
            return Line()
        try:
            job = self._client.job(item.job_id)
            self._client.download(item.job_id, self._target(planned))
        except ApiProblem as problem:
            return Line(code=problem.code, message=sentence(problem))
        code = job.warnings[0] if job.warnings else None
        seconds = (job.processing_time_ms or 0) / 1000
        return Line(planned.result, code, seconds=seconds, credits=job.credits_used)

    def _outcome(self, index: int, planned: Planned, item: BatchItem, line: Line) -> Outcome:
        outcome = Outcome(
            planned.path,
            self._target(planned),
            State.DONE,
            job_id=item.job_id,
            credits=line.credits,
            width_px=item.width,
            height_px=item.height,
            seconds=line.seconds,
            warnings=(line.code,) if line.result and line.code else (),
            job_over=True,
        )
        if line.result is not None:
            return outcome
        # What was seen here says more than what the server missed.
        if index in self._problems:
            seen = self._problems[index]
            return replace(outcome, state=State.FAILED, code=seen.code, error=seen.message)
        if line.code is not None:
            return outcome.failed(ApiProblem(code=line.code, title=line.message or line.code))
        if item.error is not None:
            return outcome.failed(ApiProblem(code=item.error.code, title=item.error.message))
        return outcome.failed(ApiProblem(code="failed", title="The photo could not be processed"))

    def _target(self, planned: Planned) -> Path:
        return self._out / planned.result
