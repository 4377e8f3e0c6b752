"""What the studio makes of items: orders, what became of them, variations."""

import re
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import AwareDatetime

from lumiku.apps.remover.prices import APP as REMOVER
from lumiku.apps.remover.prices import CREDITS_PER_PHOTO, Tier
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.batches import (
    AnyGeneration,
    BatchStatus,
    GenerationPage,
    batch_body,
)
from lumiku.apps.studio.http.generations import (
    Ordered,
    ShownStatus,
    VariationBody,
    VariationPage,
    generation_body,
    variation_body,
)
from lumiku.apps.studio.http.orders import (
    QUOTE_REFUSALS,
    REFUSALS,
    ItemQuoteBody,
    OrderInput,
    ProcessInput,
    RemoverInput,
    TemplateInput,
    UpscaleInput,
    WantedInput,
    quote_body,
)
from lumiku.apps.studio.http.projects import Deleted
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.wanted import GENERATIONS, of_removal
from lumiku.bootstrap import people, studio, templates
from lumiku.domain import errors
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import Variation
from lumiku.http.api import (
    CHARGED_HEADERS,
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
    make_api,
    refusals,
    request_id,
)
from lumiku.services.work.groups import BatchView

TAGS = ["generations"]
_ORDER_RESPONSES = (
    refusals(*REFUSALS)
    | done("It was made before: the variation, for nothing")
    | done("Charged, and on its way", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS)
)

RETRY_AFTER_S = 3
BATCH_ID = re.compile(r"genbatch_[0-9a-f]{32}")

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
orders = studio.generation_orders()
batches = studio.batches()
offers = templates.offers()
variations = studio.variations()


def _shown(variation: Variation, item: Item) -> VariationBody:
    return variation_body(variation, item, variations.shown(variation))


def _ordered(item_id: str, request: OrderInput, key: str | None) -> Response[Envelope[Ordered]]:
    who = caller(api)
    if isinstance(request, RemoverInput):
        tier = Tier(request.tier)
        wanted = of_removal(tier, CREDITS_PER_PHOTO[tier], REMOVER)
    else:
        wanted = request.wanted(offers.finder(who))
    placed = orders.order(who, item_id, wanted, request.request(key, request_id(api)))
    if isinstance(placed, Variation):
        shown = _shown(placed, variations.items.get(who, item_id))
        made = Ordered(credits_used=0, credits_remaining=None, generation=None, variation=shown)
        return answer(made)
    body = Ordered(
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        generation=generation_body(placed.order, who, language(api)),
        variation=None,
    )
    return answer(body, HTTPStatus.ACCEPTED, charged(placed))


@api.post(
    "/items/<item_id>/process", summary="Process an item", tags=TAGS, responses=_ORDER_RESPONSES
)
def process_item(
    item_id: Id,
    request: Annotated[ProcessInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[Ordered]]:
    """Charge for the workflow and start it; the result becomes the item's selected variation.

    The removal of the background is not charged again once an order of the item that held it, at
    the quality of the plan, is completed. A workflow that was made before, and whose variation is
    still there, is answered with that at once, for nothing.
    """
    return _ordered(item_id, request, idempotency_key)


@api.post(
    "/items/<item_id>/upscale",
    summary="Enlarge a picture of an item",
    tags=TAGS,
    responses=_ORDER_RESPONSES,
)
def upscale_item(
    item_id: Id,
    request: Annotated[UpscaleInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[Ordered]]:
    """What the item is shown by, or another variation, at 2 or 4 times its size, as a new one."""
    return _ordered(item_id, request, idempotency_key)


@api.post(
    "/items/<item_id>/use-background-remover",
    summary="Have the background remover cut an item out",
    tags=TAGS,
    responses=_ORDER_RESPONSES,
)
def use_background_remover(
    item_id: Id,
    request: Annotated[RemoverInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[Ordered]]:
    """At the price of its tier. The result becomes a variation, and the item's cut-out: what is
    ordered or previewed of the item after that is made from it, unless the plan's own is better.
    """
    return _ordered(item_id, request, idempotency_key)


@api.post(
    "/items/<item_id>/apply-template",
    summary="Apply a template to an item",
    tags=TAGS,
    responses=_ORDER_RESPONSES,
)
def apply_template(
    item_id: Id,
    request: Annotated[TemplateInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[Ordered]]:
    """Charge for a whole template, background, light and shadow together, and start it."""
    return _ordered(item_id, request, idempotency_key)


@api.post(
    "/items/<item_id>/quote",
    summary="Ask what an order for an item costs",
    tags=TAGS,
    responses=refusals(*QUOTE_REFUSALS) | done("The price, and its parts"),
)
def quote_item(item_id: Id, request: Annotated[WantedInput, FromBody()]) -> Envelope[ItemQuoteBody]:
    """What the order would be charged now; a removal that is paid for is not in it."""
    who = caller(api)
    quote = orders.quote(who, item_id, request.wanted(offers.finder(who)))
    return Envelope(data=quote_body(quote, language(api)))


@api.get(
    "/generations",
    summary="List generations",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("A page of generations"),
)
def list_generations(
    project_id: Annotated[str | None, Query(alias="projectId", max_length=128)] = None,
    status: Annotated[ShownStatus | BatchStatus | None, Query()] = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[GenerationPage]:
    """The caller's generations of the last week, and batches, newest first."""
    who = caller(api)
    page = variations.generations(
        who,
        APP,
        products=GENERATIONS,
        project_id=project_id,
        status=status,
        limit=limit,
        cursor=cursor,
    )
    shown = [
        batch_body(one, language(api))
        if isinstance(one, BatchView)
        else generation_body(one, who, language(api))
        for one in page.shown
    ]
    return Envelope(data=GenerationPage(generations=shown, next_cursor=page.cursor))


@api.get(
    "/generations/<generation_id>",
    summary="Show a generation",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("The generation; a batch with its ETag")
    | done("Nothing changed since the ETag of `If-None-Match`", status=HTTPStatus.NOT_MODIFIED),
)
def show_generation(
    generation_id: Id,
    wait: Wait = 0,
    since: Annotated[
        AwareDatetime | None,
        Query(description="Of a batch only items that are over since then; a few come once more"),
    ] = None,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", max_length=128)] = None,
) -> Response[Envelope[AnyGeneration]]:
    """One generation; with `wait`, as soon as it is over or after that many seconds.

    A batch is answered as soon as it differs from the ETag of `If-None-Match`. Its results are
    shown small as they come.
    """
    who = caller(api)
    if not BATCH_ID.fullmatch(generation_id):
        job = variations.generation(who, generation_id, wait_s=wait)
        return answer(AnyGeneration(generation_body(job, who, language(api))))
    known = if_none_match.strip('W/"') if if_none_match else None
    view = batches.show(who, generation_id, known_tag=known, wait_s=wait)
    headers = {"ETag": f'"{view.tag}"'}
    if not view.is_over:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if known == view.tag:
        raise NotModified(headers)
    shown = batch_body(view, language(api), batches.items(who, view, since=since))
    return answer(AnyGeneration(shown), headers=headers)


@api.get(
    "/items/<item_id>/variations",
    summary="List an item's variations",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("A page of variations"),
)
def list_variations(
    item_id: Id, limit: PageSize = 20, cursor: Cursor = None
) -> Envelope[VariationPage]:
    """All that became of the item, newest first."""
    item, page = variations.of_item(caller(api), item_id, limit=limit, cursor=cursor)
    shown = [_shown(one, item) for one in page.shown]
    return Envelope(data=VariationPage(variations=shown, next_cursor=page.cursor))


@api.post(
    "/variations/<variation_id>/select",
    summary="Select a variation",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("The variation, selected"),
)
def select_variation(variation_id: Id) -> Envelope[VariationBody]:
    """Show the item by this variation."""
    item, variation = variations.select(caller(api), variation_id)
    return Envelope(data=_shown(variation, item))


@api.delete(
    "/variations/<variation_id>",
    summary="Delete a variation",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy) | done("It is deleted"),
)
def delete_variation(variation_id: Id) -> Envelope[Deleted]:
    """The variation is gone at once, and its files within minutes."""
    variations.delete(caller(api), variation_id)
    return Envelope(data=Deleted(deleted=variation_id))


handler = answering(api)
