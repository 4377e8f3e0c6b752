"""Batches: takes up to 5,000 photos in, shows how far they are, hands out the ZIPs."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import AwareDatetime

from lumiku import settings
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.batch_orders import (
    BatchAccepted,
    BatchForm,
    BatchInput,
    accepted_batch_body,
)
from lumiku.apps.remover.http.batches import (
    BatchBody,
    BatchPage,
    ItemList,
    ZipBody,
    batch_body,
    item_body,
    no_such_part,
    zip_body,
)
from lumiku.apps.remover.http.jobs import UploadForm
from lumiku.apps.remover.ordering import Request
from lumiku.apps.remover.prices import APP
from lumiku.bootstrap import aws, people, remover, work
from lumiku.domain import errors
from lumiku.domain.work.archives import PART_PHOTOS
from lumiku.domain.work.groups import Group, Photos
from lumiku.http.api import (
    CHARGED_HEADERS,
    ORDER_REFUSALS,
    Cursor,
    Envelope,
    Id,
    IdempotencyKey,
    NotModified,
    PageSize,
    Wait,
    answer,
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
from lumiku.http.work.remote import check_addresses
from lumiku.services.work.groups import BatchStatus
from lumiku.services.work.ordering import Placed
from lumiku.services.work.ports import UploadPolicy

RETRY_AFTER_S = 3

api = make_api(door=people.door(), prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
orders = remover.batch_orders()
groups = work.groups(APP)
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
grouping = work.grouping(APP)
reach = aws.reach()
retrying = work.retrying(APP)


@api.post(
    "/batch",
    summary="Remove the backgrounds of 2 to 5,000 photos",
    tags=["batches"],
    responses=refusals(
        errors.PriceChanged, errors.PhotoTooLarge, errors.BatchTooLarge, *ORDER_REFUSALS
    )
    | done("Charged; now upload the photos", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS),
)
def submit_batch(
    request: Annotated[BatchInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[BatchAccepted]]:
    """Charge for a batch once, and answer with one form that uploads all its photos.

    A photo that is named by its `url` is fetched by us, within 15 seconds and 10 MiB, from public
    https addresses only; one that cannot be had is given back like another that fails.

    Asked with a multipart form that holds the photos (at most 4.5 MB together), they are
    uploaded already.
    """
    images = None
    if isinstance(request, BatchForm):
        images = [image.content for image in request.images]
    batch = request.batch()
    check_addresses(reach, batch.photos)
    placed = orders.order(
        caller(api),
        batch,
        Request(idempotency_key, request.expected_credits, request_id(api)),
        images=images,
    )
    awaited = images is None and placed.order.takes_uploads
    upload = grouping.permit(placed.order) if awaited else None
    return _created(placed, batch.photos, upload)


def _created(
    placed: Placed[Group], photos: Photos, upload: UploadPolicy | None
) -> Response[Envelope[BatchAccepted]]:
    body = accepted_batch_body(placed, photos, upload)
    return answer(body, HTTPStatus.CREATED, charged(placed))


@api.get(
    "/batches",
    summary="List batches",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest) | done("A page of batches"),
)
def list_batches(
    status: Annotated[BatchStatus | None, Query()] = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[BatchPage]:
    """The caller's batches of the last 90 days, newest first; each is kept longer than its ZIP."""
    page = groups.page(caller(api), APP, status=status, limit=limit, cursor=cursor)
    shown = [batch_body(view, language(api)) for view in page.shown]
    return Envelope(data=BatchPage(batches=shown, next_cursor=page.cursor))


@api.get(
    "/batch/<batch_id>",
    summary="Show a batch",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest, errors.NotFound)
    | done("The batch, with its ETag")
    | done("Nothing changed since the ETag of `If-None-Match`", status=HTTPStatus.NOT_MODIFIED),
)
def show_batch(
    batch_id: Id,
    wait: Wait = 0,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", max_length=128)] = None,
) -> Response[Envelope[BatchBody]]:
    """How far the batch is; with `wait`, as soon as that changes or after that many seconds."""
    known = if_none_match.strip('W/"') if if_none_match else None
    view = groups.show(caller(api), batch_id, known_tag=known, wait_s=wait)
    headers = {"ETag": f'"{view.tag}"'}
    if not view.is_over:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if known == view.tag:
        raise NotModified(headers)
    return answer(batch_body(view, language(api)), headers=headers)


@api.get(
    "/batch/<batch_id>/items",
    summary="List a batch's photos",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("A page of its photos"),
)
def list_batch_photos(
    batch_id: Id,
    since: Annotated[
        AwareDatetime | None,
        Query(description="Only photos that are over since then; a few may come once more"),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=PART_PHOTOS)] = PART_PHOTOS,
    cursor: Cursor = None,
) -> Envelope[ItemList]:
    """Every photo, whether it was uploaded, and what became of it."""
    found, as_of = groups.items(caller(api), batch_id, since=since, limit=limit, cursor=cursor)
    shown = [item_body(item, language(api)) for item in found.shown]
    return Envelope(data=ItemList(items=shown, next_cursor=found.cursor, as_of=as_of))


@api.get(
    "/batch/<batch_id>/download",
    summary="Fetch a batch's ZIP",
    tags=["batches"],
    responses=refusals(
        errors.InvalidRequest, errors.NotFound, errors.BatchNotCompleted, errors.ResultExpired
    )
    | done("A link to the ZIP, or to each of its parts")
    | done("With `redirect=true`: the ZIP is at `Location`", status=HTTPStatus.FOUND),
)
def download_batch(
    batch_id: Id,
    redirect: Annotated[bool, Query()] = False,
    part: Annotated[int, Query(ge=1, description="Which part, from 1")] = 1,
) -> Response[Envelope[ZipBody]]:
    """A link to the ZIP, made anew for 15 minutes whenever it is asked for.

    A batch of more than 500 photos has `parts` of at most 500 photos and 2 GiB, each a ZIP of its
    own with a manifest of its photos; `part` chooses the one that the answer is about.
    """
    links = groups.downloads(caller(api), batch_id)
    if part > len(links):
        raise no_such_part(part, len(links))
    return link_answer(zip_body(links, part), links[part - 1].url, redirect=redirect)


@api.post(
    "/batch/<batch_id>/upload-policy",
    summary="Renew the upload form",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.BatchClosed)
    | done("A new form"),
)
def renew_batch_policy(batch_id: Id) -> Envelope[UploadForm]:
    """A new form, for uploads that take longer than the first one lives.

    Refused with 409 once no uploads are awaited, and for a retry, which has none.
    """
    return Envelope(data=UploadForm.model_validate(groups.renew_policy(caller(api), batch_id)))


@api.post(
    "/batch/<batch_id>/finish",
    summary="No more photos will come",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("The batch"),
)
def finish_batch(batch_id: Id) -> Envelope[BatchBody]:
    """Photos that were not uploaded are given back, and the batch waits for the others only."""
    return Envelope(data=batch_body(groups.finish(caller(api), batch_id), language(api)))


@api.post(
    "/batch/<batch_id>/retry",
    summary="Try the failed photos again",
    tags=["batches"],
    responses=refusals(
        errors.NotFound,
        errors.BatchNotCompleted,
        errors.NothingToRetry,
        errors.ResultExpired,
        *ORDER_REFUSALS,
    )
    | done(
        "Charged; the photos are there already", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS
    ),
)
def retry_batch(
    batch_id: Id, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[BatchAccepted]]:
    """A new batch of the photos that failed, from their originals, at what came back for them."""
    placed, photos = retrying.retry(
        caller(api), batch_id, idempotency_key=idempotency_key, request_id=request_id(api)
    )
    return _created(placed, photos, None)


@api.delete(
    "/batch/<batch_id>",
    summary="Cancel a batch",
    tags=["batches"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.BatchClosed)
    | done("The batch, cancelled"),
)
def cancel_batch(batch_id: Id) -> Envelope[BatchBody]:
    """What has not begun is given back; what has begun goes on.

    Refused with 409 once all its photos are over: what is done is not undone. Of a batch that was
    cancelled before, the answer is the batch.
    """
    return Envelope(data=batch_body(groups.cancel(caller(api), batch_id), language(api)))


handler = answering(api)
