"""Batches of the studio: takes many items at once, pauses, resumes, cancels, repeats."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.batches import (
    GenerationBatch,
    GenerationBatchInput,
    GenerationBatchOrdered,
    batch_body,
)
from lumiku.bootstrap import people, studio, templates
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.templates import TemplateRetired
from lumiku.domain.work.groups import Group
from lumiku.http.api import (
    CHARGED_HEADERS,
    Envelope,
    Id,
    IdempotencyKey,
    answer,
    answering,
    caller,
    charged,
    done,
    language,
    make_api,
    refusals,
    request_id,
)
from lumiku.services.work.groups import BatchView
from lumiku.services.work.ordering import Placed

TAGS = ["generations"]
_ORDER_REFUSALS = (
    errors.InvalidRequest,
    errors.NotFound,
    errors.PriceChanged,
    errors.InsufficientCredits,
    errors.TooManyRequests,
    errors.IdempotencyKeyReused,
    errors.Busy,
)

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
orders = studio.batch_orders()
batches = studio.batches()
offers = templates.offers()


def _shown(who: Caller, view: BatchView) -> GenerationBatch:
    return batch_body(view, language(api), batches.items(who, view))


@api.post(
    "/projects/<project_id>/batch-process",
    summary="Process 1 to 100 items at once",
    tags=TAGS,
    responses=refusals(*_ORDER_REFUSALS, errors.PromptRefused, NotInPlan, TemplateRetired)
    | done("Charged, and on its way", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS),
)
def process_batch(
    project_id: Id,
    request: Annotated[GenerationBatchInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[GenerationBatchOrdered]]:
    """Charge 10 credits and 5 for each item, once, and start them; one item costs what it costs
    alone.

    All items get the same workflow or template, or each its own by a line of the settings. Every
    result becomes the selected variation of its item. What fails for reasons of the service or of
    the file is given back when the batch closes.
    """
    who, sent = caller(api), request.request(idempotency_key, request_id(api))
    said = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    placed = orders.order(who, project_id, request.chosen(), said, sent, find=offers.finder(who))
    return _accepted(placed)


def _accepted(placed: Placed[Group]) -> Response[Envelope[GenerationBatchOrdered]]:
    who = caller(api)
    body = GenerationBatchOrdered(
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        generation=_shown(who, batches.show(who, placed.order.id)),
    )
    return answer(body, HTTPStatus.ACCEPTED, charged(placed))


_CONTROL_REFUSALS = refusals(
    errors.InvalidRequest, errors.NotFound, errors.BatchClosed, errors.Busy
) | done("The batch as it is now")


@api.post(
    "/generations/<generation_id>/pause",
    summary="Pause a batch",
    tags=TAGS,
    responses=_CONTROL_REFUSALS,
)
def pause_generation(generation_id: Id) -> Envelope[GenerationBatch]:
    """Nothing new of it begins; what has begun goes on.

    It may be paused for 24 hours in all, and is cancelled then. Refused with 409 once nothing is
    left to begin.
    """
    who = caller(api)
    return Envelope(data=_shown(who, batches.pause(who, generation_id)))


@api.post(
    "/generations/<generation_id>/resume",
    summary="Resume a batch",
    tags=TAGS,
    responses=_CONTROL_REFUSALS,
)
def resume_generation(generation_id: Id) -> Envelope[GenerationBatch]:
    """It goes on; one that was not paused just does."""
    who = caller(api)
    return Envelope(data=_shown(who, batches.resume(who, generation_id)))


@api.post(
    "/generations/<generation_id>/cancel",
    summary="Cancel a batch",
    tags=TAGS,
    responses=_CONTROL_REFUSALS,
)
def cancel_generation(generation_id: Id) -> Envelope[GenerationBatch]:
    """What has not begun is given back; what has begun goes on.

    Refused with 409 once all items are over: what is done is not undone.
    """
    who = caller(api)
    return Envelope(data=_shown(who, batches.cancel(who, generation_id)))


@api.post(
    "/generations/<generation_id>/retry",
    summary="Try again what failed",
    tags=TAGS,
    responses=refusals(
        *_ORDER_REFUSALS, errors.BatchNotCompleted, errors.NothingToRetry, errors.ResultExpired
    )
    | done("Charged, and on its way", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS),
)
def retry_generation(
    generation_id: Id, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[GenerationBatchOrdered]]:
    """A new batch of the items that failed, at exactly what came back for them."""
    who = caller(api)
    batches.show(who, generation_id)  # which says whether there is such a batch
    sent = Request(idempotency_key, None, request_id(api))
    return _accepted(orders.retry(who, generation_id, sent))


handler = answering(api)
