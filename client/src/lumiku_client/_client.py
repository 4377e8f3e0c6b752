"""The client: one method per thing the API does, and `remove` for all of it."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

import httpx

from ._account import Account
from ._api import PREFIX, Api
from ._batches import Batches
from ._billing import Billing
from ._connections import Connections
from ._errors import ApiProblem
from ._models import (
    Credits,
    DownloadLink,
    Job,
    JobPage,
    JobStatus,
    Progress,
    Result,
    Session,
    Stage,
    Submission,
    Tier,
    Workspace,
    Workspaces,
)
from ._options import PLAIN, Options
from ._photos import printable, refusal
from ._retry import Patience
from ._studio import Studio
from ._transfer import Storage, renewed_once
from ._waiting import until_over

# Each answers at once when over, as most photos are within the first; a watcher of one that takes
# longer sees "processing" soon.
_LONG_POLLS_S = (5, 10, 20)
_PAUSE_S = 1.0

type OnProgress = Callable[[Progress], None]


class Client:
    """Talks to one server as one account. May be shared by threads; close it or use `with`.

    Give an `api_key` and the address of the API for keys. Or give a `token`, or `email` and
    `password`: then a token is fetched when first needed and once more when it has expired. A
    `refresh_token` does that without the password, as long as it is good; `on_session` is told of
    every new token. With a `workspace` all is about that account, of whose team one is. Passing
    problems (connection, 429, 502, 503, 504) are waited out for at most `retry_for_s` seconds per
    call. What the server says to people is in `language`, `en` or `id`. Every method raises
    ApiProblem.

    >>> with Client("https://api.example.com", email="...", password="...") as client:
    ...     client.remove("mug.jpg", "standard", "mug-cut-out.png")
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        workspace: str | None = None,
        token: str | None = None,
        refresh_token: str | None = None,
        on_session: Callable[[Session], None] = lambda _: None,
        email: str | None = None,
        password: str | None = None,
        language: str | None = None,
        retry_for_s: float = 60,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience = Patience(retry_for_s, sleep)
        self._api = Api(
            base_url,
            self._patience,
            api_key=api_key,
            workspace=workspace,
            token=token,
            refresh_token=refresh_token,
            on_session=on_session,
            identity={"email": email, "password": password} if email and password else None,
            language=language,
            transport=transport,
        )
        self._storage = Storage(self._patience, transport)
        self.account = Account(self._api, self._storage)
        self.batches = Batches(self._api, self._storage, self._patience)
        self.billing = Billing(self._api)
        self.connections = Connections(self._api)
        self.studio = Studio(self._api, self._storage, self._patience)

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connections."""
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()
        self._storage.close()

    def be_patient(self, retry_for_s: float) -> None:
        """From now on waits out passing problems for at most so many seconds per call."""
        self._patience.retry_for_s = retry_for_s

    def login(self) -> Session:
        """Gets a token for the e-mail address and password; later calls use it."""
        return self._api.login()

    def workspaces(self) -> Sequence[Workspace]:
        """The accounts that one may act for, one's own first."""
        return self._api.get("/api/workspaces", Workspaces).workspaces

    def credits(self) -> Credits:
        """What the account can spend."""
        return self._api.get("/api/credits", Credits)

    def submit(
        self,
        photo: str | os.PathLike[str],
        tier: Tier | str,
        *,
        options: Options = PLAIN,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> Submission:
        """Announces and pays for a photo, whose bytes go into `upload` next.

        `expected_credits` is refused with 409 `price_changed` unless it is today's price.
        The same `idempotency_key` with the same photo, tier and options gives the same job,
        paid once.
        """
        path = Path(photo)
        body: dict[str, str | int] = {
            "fileName": printable(path.name),
            "fileSize": path.stat().st_size,
            "contentType": "",
            "tier": str(tier),
            **options.body(),
        }
        if expected_credits is not None:
            body["expectedCredits"] = expected_credits
        key = idempotency_key or str(uuid.uuid4())
        return self._api.post(f"{PREFIX}/remove", Submission, body, key=key)

    def upload(
        self,
        photo: str | os.PathLike[str],
        submission: Submission,
        on_progress: OnProgress = lambda _: None,
    ) -> None:
        """Sends the photo to where the submission says."""

        def on_bytes(done: int, total: int) -> None:
            on_progress(_at(Stage.UPLOADING, submission, done, total))

        self._storage.put(Path(photo), submission.upload, on_bytes)

    def job(self, job_id: str, *, wait_s: int = 0) -> Job:
        """A job as it stands, or as soon as it is over within `wait_s` (0 to 20) seconds."""
        return self._api.get(f"{PREFIX}/jobs/{job_id}", Job, {"wait": wait_s} if wait_s else None)

    def wait(
        self,
        job_id: str,
        *,
        timeout_s: float = 900,
        on_change: Callable[[Job], None] = lambda _: None,
    ) -> Job:
        """The job once it is over, whether well or not.

        Raises ApiProblem `still_running` after `timeout_s`; the job itself goes on.
        """
        polls = iter(_LONG_POLLS_S)

        def look() -> tuple[Job, float]:
            return self.job(job_id, wait_s=next(polls, _LONG_POLLS_S[-1])), _PAUSE_S

        return until_over(
            look,
            on_change,
            named={"jobId": job_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )

    def jobs(
        self,
        *,
        status: JobStatus | str | None = None,
        batch_id: str | None = None,
        include_batches: bool = False,
        page_size: int = 50,
    ) -> Iterator[Job]:
        """All jobs of the account, newest first, fetched page by page as they are consumed.

        Photos of batches are among them with `include_batches`; `batch_id` asks for one batch's.
        """
        pages = self._api.pages(
            f"{PREFIX}/jobs",
            JobPage,
            page_size=page_size,
            status=status,
            batchId=batch_id,
            includeBatches="true" if include_batches else None,
        )
        return (job for page in pages for job in page.jobs)

    def download(
        self, job_id: str, target: str | os.PathLike[str], on_progress: OnProgress = lambda _: None
    ) -> Path:
        """Writes the result of a completed job to `target`, which appears whole or not at all."""

        def on_bytes(done: int, total: int) -> None:
            on_progress(
                Progress(Stage.DOWNLOADING, job_id=job_id, done_bytes=done, total_bytes=total)
            )

        def ask() -> DownloadLink:
            return self._api.get(f"{PREFIX}/jobs/{job_id}/download", DownloadLink)

        return self._storage.download(ask, target, on_bytes)

    def remove(
        self,
        photo: str | os.PathLike[str],
        tier: Tier | str,
        target: str | os.PathLike[str],
        *,
        options: Options = PLAIN,
        timeout_s: float = 900,
        on_progress: OnProgress = lambda _: None,
    ) -> Result:
        """Cuts out one photo: submits, uploads, waits, and writes the result to `target`.

        A photo that could not be cut out is an ApiProblem too, with the job's code; its credits
        come back. `on_progress` may raise to give up.
        """
        path = Path(photo)
        on_progress(Progress(Stage.SUBMITTING))
        if (reason := refusal(path)) is not None:
            raise reason
        key = str(uuid.uuid4())

        def send() -> Submission:
            submission = self.submit(path, tier, options=options, idempotency_key=key)
            self.upload(path, submission, on_progress)
            return submission

        submission = renewed_once(send)

        def on_change(job: Job) -> None:
            queued = job.status == JobStatus.PENDING
            on_progress(_at(Stage.QUEUED if queued else Stage.PROCESSING, submission))

        on_progress(_at(Stage.QUEUED, submission))
        job = self.wait(submission.job_id, timeout_s=timeout_s, on_change=on_change)
        if job.status != JobStatus.COMPLETED:
            raise _failure(job)
        return Result(job, self.download(job.job_id, target, on_progress))


def _at(stage: Stage, submission: Submission, done: int = 0, total: int = 0) -> Progress:
    return Progress(stage, submission.job_id, submission.credits_used, done, total)


def _failure(job: Job) -> ApiProblem:
    if job.error is not None:
        code, message = job.error.code, job.error.message
    elif job.status == JobStatus.EXPIRED:
        code, message = "expired", "The photo did not arrive in time, or the result was deleted."
    else:
        code, message = "failed", "The photo could not be processed."
    return ApiProblem(
        code=code,
        title=message,
        extra={
            "jobId": job.job_id,
            "creditsUsed": job.credits_used,
            "creditsRefunded": job.credits_refunded,
        },
    )
