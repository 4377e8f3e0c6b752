"""One attempt at a job: what it starts from, and what it leaves in the bucket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lumiku.domain.work.jobs import Failure, Job, KeptStep, Output
from lumiku.domain.work.photos import kept_key, media_type, output_key
from lumiku.domain.work.reasons import Fact, in_indonesian
from lumiku.domain.work.receipts import Receipt
from lumiku.services.work.ports import JobStore, LostLease, PhotoMissing, PhotoStore
from photo_steps import PictureFile, Role


class PhotoRejected(Exception):
    """The photo itself is the reason; no other try will do better."""

    def __init__(self, code: str, message: str, facts: Mapping[str, Fact] | None = None) -> None:
        super().__init__(message)
        told = in_indonesian(code, facts or {})
        self.failure = Failure(code=code, message=message, indonesian=told)


@dataclass(frozen=True, slots=True)
class Developed:
    """What became of a photo, by role, with a `result` at least.

    `note` tells its owner what is not as asked for, `receipt` how it was made, as far as the pixels
    go.
    """

    files: Mapping[Role, PictureFile]
    note: str | None = None
    receipt: Receipt = field(default_factory=Receipt)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job that is leased until the run must end, with its photo."""

    job: Job
    photo: bytes
    photos: PhotoStore
    jobs: JobStore

    def kept(self) -> bytes | None:
        """The picture that `job.kept` tells of; None if there is none of this photo any more."""
        kept = self.job.kept
        if kept is None or kept.etag != self.job.source.etag:
            return None
        try:
            return self.photos.read(kept.key).data
        except PhotoMissing:
            return None

    def keep(self, step: int, picture: bytes, receipt: Receipt) -> None:
        """Store the picture after a step for later attempts. Raises `LostLease`."""
        job = self.job
        key = kept_key(job.user_id, job.id, job.attempt_id or "", step)
        self.photos.write(key, picture, content_type="image/png")
        try:
            self.jobs.keep(job, KeptStep(step=step, key=key, etag=job.source.etag, receipt=receipt))
        except LostLease:
            self.photos.delete(key)
            raise

    def store(self, developed: Developed) -> dict[Role, Output]:
        """Put what became of the photo under keys of this attempt's own.

        A result without a thumbnail is one too: only a result that cannot be stored is an error.
        """
        outputs: dict[Role, Output] = {}
        for role, file in developed.files.items():
            output = self._output(role, file, developed.note if role == "result" else None)
            try:
                self.photos.write(output.key, file.data, content_type=media_type(file.format))
            except Exception:  # nothing is silent: what is missing is told of with the outcome
                if role == "result":
                    raise
            else:
                outputs[role] = output
        return outputs

    def _output(self, role: Role, file: PictureFile, note: str | None) -> Output:
        job = self.job
        return Output(
            key=output_key(job.user_id, job.id, job.attempt_id or "", role, file.format),
            size_bytes=len(file.data),
            width_px=file.width_px,
            height_px=file.height_px,
            format=file.format,
            note=note,
        )


type Develop = Callable[[Attempt], Developed]
"""Runs the workflow of an attempt's job; may raise `PhotoRejected` and `LostLease`."""
