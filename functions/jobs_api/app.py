"""POST /remove, GET /jobs and below: takes photos in, shows what became of them."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.apps.remover.http.jobs import (
    DownloadLink,
    JobBody,
    JobPage,
    RemoveAccepted,
    Removed,
    RemoveForm,
    RemoveInput,
    ShownStatus,
    accepted_body,
    job_body,
    link_body,
    removed_body,
)
from lumiku.apps.remover.submissions import Accepted
from lumiku.bootstrap import orders
from lumiku.domain.errors import (
    Busy,
    IdempotencyKeyReused,
    InsufficientCredits,
    InvalidRequest,
    JobNotCompleted,
    NoSubscription,
    NotFound,
    OversizedPhoto,
    PhotoRefused,
    PhotoTooLarge,
    PriceChanged,
    QuotaExceeded,
    ResultExpired,
    TierNotInPlan,
    TooManyRequests,
    UnsupportedPhoto,
)
from lumiku.domain.work.jobs import Status
from lumiku.http.api import (
    CREDIT_HEADERS,
    REMOVER_ALIAS,
    REMOVER_PREFIX,
    Body,
    Envelope,
    caller_id,
    make_api,
    pace_headers,
    refusals,
    request_id,
)
from lumiku.http.problems import RATE_HEADERS

JobId = Annotated[str, Path(max_length=128)]
MAX_WAIT_S = 20

logger = Logger()
api = make_api(prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
submissions = orders.submissions()
jobs = orders.jobs()


@api.post(
    "/remove",
    summary="Remove a background",
    tags=["background remover"],
    responses=refusals(
        InvalidRequest,
        InsufficientCredits,
        PriceChanged,
        NoSubscription,
        TierNotInPlan,
        QuotaExceeded,
        TooManyRequests,
        PhotoTooLarge,
        PhotoRefused,
        UnsupportedPhoto,
        OversizedPhoto,
        IdempotencyKeyReused,
        Busy,
    )
    | {
        200: {
            "description": "The finished result of a photo that came as a form",
            "headers": CREDIT_HEADERS | RATE_HEADERS,
            "content": {"application/json": {"model": Envelope[Removed]}},
        },
        202: {
            "description": "Charged; now upload the photo",
            "headers": CREDIT_HEADERS | RATE_HEADERS,
            "content": {"application/json": {"model": Envelope[RemoveAccepted]}},
        },
    },
)
def remove(
    request: Annotated[RemoveInput, FromBody()],
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)
    ] = None,
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    """Charge for one photo.

    Asked with JSON, answers 202 with the form that uploads the photo. Asked with a multipart form
    that holds the photo, waits for the result: 200, or 202 when it takes longer than 20 seconds.
    """
    if isinstance(request, RemoveForm):
        return _remove_now(request, idempotency_key)
    accepted = submissions.submit(
        caller_id(api),
        request.photo(),
        idempotency_key=idempotency_key,
        expected_credits=request.expected_credits,
        request_id=request_id(api),
    )
    return _charged(HTTPStatus.ACCEPTED, accepted, accepted_body(accepted, with_form=True))


def _remove_now(
    form: RemoveForm, idempotency_key: str | None
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    user_id = caller_id(api)
    accepted = submissions.submit_inline(
        user_id,
        form.photo(),
        form.image.content,
        idempotency_key=idempotency_key,
        expected_credits=form.expected_credits,
        request_id=request_id(api),
    )
    job, links = jobs.result(user_id, accepted.job.id, wait_s=MAX_WAIT_S)
    if links is None:
        return _charged(HTTPStatus.ACCEPTED, accepted, accepted_body(accepted, with_form=False))
    return _charged(HTTPStatus.OK, accepted, removed_body(job, links))


def _charged[T: Body](
    status: HTTPStatus, accepted: Accepted, body: T
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    return Response(
        status_code=status,
        content_type="application/json",
        headers={
            "X-Credits-Used": str(accepted.job.price),
            "X-Credits-Remaining": str(accepted.balance),
            **pace_headers(accepted.pace),
        },
        body=Envelope(data=body),
    )


@api.get(
    "/jobs",
    summary="List jobs",
    tags=["background remover"],
    responses=refusals(InvalidRequest) | {200: {"description": "A page of jobs"}},
)
def list_jobs(
    status: Annotated[ShownStatus | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Envelope[JobPage]:
    """The caller's jobs, newest first."""
    page = jobs.page(
        caller_id(api), status=Status(status) if status else None, limit=limit, cursor=cursor
    )
    return Envelope(data=JobPage(jobs=[job_body(j) for j in page.jobs], next_cursor=page.cursor))


@api.get(
    "/jobs/<job_id>",
    summary="Show a job",
    tags=["background remover"],
    responses=refusals(InvalidRequest, NotFound) | {200: {"description": "The job"}},
)
def show_job(
    job_id: JobId, wait: Annotated[int, Query(ge=0, le=MAX_WAIT_S, description="Seconds")] = 0
) -> Envelope[JobBody]:
    """One job; with `wait`, as soon as it is over or after that many seconds."""
    return Envelope(data=job_body(jobs.get(caller_id(api), job_id, wait_s=wait)))


@api.get(
    "/jobs/<job_id>/download",
    summary="Fetch a result",
    tags=["background remover"],
    responses=refusals(InvalidRequest, NotFound, JobNotCompleted, ResultExpired)
    | {
        200: {"description": "A link to the result"},
        302: {
            "description": "With `redirect=true`: the same, and the link in `Location`",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
        },
    },
)
def download(
    job_id: JobId, redirect: Annotated[bool, Query()] = False
) -> Response[Envelope[DownloadLink]]:
    """A link to the result, made anew for 15 minutes whenever it is asked for."""
    link = jobs.download(caller_id(api), job_id)
    return Response(
        status_code=HTTPStatus.FOUND if redirect else HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": link.url} if redirect else {},
        body=Envelope(data=link_body(link)),
    )


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP request."""
    logger.info("request", route=event.get("routeKey"))
    return api.resolve(event, context)
