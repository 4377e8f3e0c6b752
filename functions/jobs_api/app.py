"""POST /remove, GET /jobs and below: takes photos in, shows what became of them."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku import settings
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.jobs import (
    DownloadLink,
    JobBody,
    JobPage,
    RemoveAccepted,
    RemoveByUrl,
    Removed,
    RemoveForm,
    RemoveInput,
    ShownStatus,
    accepted_body,
    job_body,
    removed_body,
)
from lumiku.apps.remover.ordering import Request
from lumiku.apps.remover.prices import APP
from lumiku.bootstrap import aws, people, remover, stores, work
from lumiku.domain import errors
from lumiku.domain.work.jobs import Job, Status
from lumiku.http.api import (
    CHARGED_HEADERS,
    MAX_WAIT_S,
    ORDER_REFUSALS,
    Cursor,
    Envelope,
    Id,
    IdempotencyKey,
    PageSize,
    Wait,
    answering,
    caller,
    charged,
    done,
    language,
    link_answer,
    make_api,
    refusals,
    request_id,
)
from lumiku.http.bodies import Body
from lumiku.services.work.fetching import Elsewhere
from lumiku.services.work.ordering import Placed

api = make_api(door=people.door(), prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
orders = remover.photo_orders()
jobs = work.jobs(APP)
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
fetches = stores.fetches()
reach = aws.reach()


@api.post(
    "/remove",
    summary="Remove a background",
    tags=["background remover"],
    responses=refusals(
        errors.PriceChanged,
        errors.PhotoTooLarge,
        errors.PhotoRefused,
        errors.UnsupportedPhoto,
        errors.OversizedPhoto,
        *ORDER_REFUSALS,
    )
    | done(
        "The finished result of a photo that came as a form",
        headers=CHARGED_HEADERS,
        content={"application/json": {"model": Envelope[Removed]}},
    )
    | done(
        "Charged; now upload the photo",
        status=HTTPStatus.ACCEPTED,
        headers=CHARGED_HEADERS,
        content={"application/json": {"model": Envelope[RemoveAccepted]}},
    ),
)
def remove(
    request: Annotated[RemoveInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    """Charge for one photo.

    Asked with JSON, answers 202 with the form that uploads the photo; with a `url` in it there is
    no form, and the photo is fetched from there: public https addresses only, within 15 seconds.
    Asked with a multipart form that holds the photo, waits for the result: 200, or 202 when it
    takes longer than 20 seconds.
    """
    if isinstance(request, RemoveForm):
        return _remove_now(request, idempotency_key)
    there = None
    if isinstance(request, RemoveByUrl):
        there = Elsewhere(photo=reach.check_url(request.url))
    placed = orders.order(
        caller(api),
        request.photo(),
        Request(idempotency_key, request.expected_credits, request_id(api)),
        there=there,
    )
    if there is None:
        body = accepted_body(placed, orders.permit(placed.order))
    else:
        if placed.order.status is Status.PENDING:
            fetches.put({placed.order.id: there})
        body = accepted_body(placed, None)
    return _charged(HTTPStatus.ACCEPTED, placed, body)


def _remove_now(
    form: RemoveForm, idempotency_key: str | None
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    who = caller(api)
    placed = orders.order(
        who,
        form.photo(),
        Request(idempotency_key, form.expected_credits, request_id(api)),
        image=form.image.content,
    )
    job, links = jobs.result(who, placed.order.id, wait_s=MAX_WAIT_S)
    if links is None:
        return _charged(HTTPStatus.ACCEPTED, placed, accepted_body(placed, None))
    return _charged(HTTPStatus.OK, placed, removed_body(job, links, who, language(api)))


def _charged[T: Body](
    status: HTTPStatus, placed: Placed[Job], body: T
) -> Response[Envelope[RemoveAccepted] | Envelope[Removed]]:
    return Response(
        status_code=status,
        content_type="application/json",
        headers=charged(placed),
        body=Envelope(data=body),
    )


@api.get(
    "/jobs",
    summary="List jobs",
    tags=["background remover"],
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("A page of jobs"),
)
def list_jobs(
    status: Annotated[ShownStatus | None, Query()] = None,
    batch_id: Annotated[
        str | None,
        Query(alias="batchId", max_length=128, description="The photos of this batch, in order"),
    ] = None,
    include_batches: Annotated[
        bool, Query(alias="includeBatches", description="Photos of batches too, among the others")
    ] = False,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[JobPage]:
    """The caller's jobs, newest first.

    With `status` a page may be shorter than `limit` and still have a `nextCursor`.
    """
    who = caller(api)
    page = jobs.page(
        who,
        APP,
        status=Status(status) if status else None,
        group_id=batch_id,
        with_groups=include_batches,
        limit=limit,
        cursor=cursor,
    )
    shown = [job_body(job, who, language(api)) for job in page.shown]
    return Envelope(data=JobPage(jobs=shown, next_cursor=page.cursor))


@api.get(
    "/jobs/<job_id>",
    summary="Show a job",
    tags=["background remover"],
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("The job"),
)
def show_job(job_id: Id, wait: Wait = 0) -> Envelope[JobBody]:
    """One job; with `wait`, as soon as it is over or after that many seconds."""
    who = caller(api)
    return Envelope(data=job_body(jobs.get(who, job_id, wait_s=wait), who, language(api)))


@api.get(
    "/jobs/<job_id>/download",
    summary="Fetch a result",
    tags=["background remover"],
    responses=refusals(
        errors.InvalidRequest, errors.NotFound, errors.JobNotCompleted, errors.ResultExpired
    )
    | done("A link to the result")
    | done(
        "With `redirect=true`: the same, and the link in `Location`",
        status=HTTPStatus.FOUND,
        headers={"Location": {"schema": {"type": "string", "format": "uri"}}},
    ),
)
def download(
    job_id: Id, redirect: Annotated[bool, Query()] = False
) -> Response[Envelope[DownloadLink]]:
    """A link to the result, made anew for 15 minutes whenever it is asked for."""
    link = jobs.download(caller(api), job_id)
    return link_answer(DownloadLink.model_validate(link), link.url, redirect=redirect)


handler = answering(api)
