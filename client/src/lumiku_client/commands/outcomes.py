"""What became of each photo of a command."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from lumiku_client._errors import ApiProblem
from lumiku_client._models import Stage
from lumiku_client._photos import MAX_PHOTO_BYTES, refusal, unreadable

from .sentences import hint, sentence


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

    item_id     the item of the studio that it is a picture of
    credits     what it cost, after refunds
    warnings    codes of what is not as asked for in a result
    job_over    the server has said that nothing more will come of its job
    """

    photo: Path
    target: Path
    state: State = State.WAITING
    stage: Stage | None = None
    item_id: str | None = None
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
    def is_done(self) -> bool:
        """Whether its result is here."""
        return self.state is State.DONE

    @property
    def unfetched(self) -> bool:
        """Whether a paid job may have a result that is not here yet."""
        return self.job_id is not None and not self.is_done and not self.job_over

    @property
    def remark(self) -> str:
        """Why there is no result, or what is not as asked for in it."""
        return self.error or " ".join(map(hint, self.warnings))

    def failed(self, problem: ApiProblem, **changes: object) -> Self:
        """The same, with the reason why it has no result."""
        told = {"code": problem.code, "error": sentence(problem), **changes}
        return replace(self, state=State.FAILED, **told)  # type: ignore[arg-type]


def hopeless(photo: Path, max_bytes: int = MAX_PHOTO_BYTES) -> ApiProblem | None:
    """Why a photo would certainly be refused, or cannot be read."""
    try:
        reason = refusal(photo, max_bytes)
        if reason is None:
            photo.open("rb").close()
        return reason
    except OSError as error:
        return unreadable(error)


def waiting(photo: Path, target: Path) -> Outcome:
    """A photo to send; one that would certainly be refused has failed already."""
    reason, outcome = hopeless(photo), Outcome(photo, target)
    return outcome if reason is None else outcome.failed(reason)


def all_done(outcomes: Iterable[Outcome]) -> bool:
    """Whether every photo has its result."""
    return all(outcome.is_done for outcome in outcomes)
