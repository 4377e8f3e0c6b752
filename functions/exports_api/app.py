"""Exports and carousels: takes them in, shows how far they are, links to ZIPs and reports."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.carousels import (
    CarouselBody,
    CarouselInput,
    CarouselOrdered,
    Layouts,
    carousel_body,
    layouts_body,
)
from lumiku.apps.studio.http.exports import (
    ExportBody,
    ExportInput,
    ExportLink,
    ExportOrdered,
    export_body,
    export_link,
)
from lumiku.bootstrap import exporting, people
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.groups import Group
from lumiku.http.api import (
    CHARGED_HEADERS,
    Envelope,
    Id,
    IdempotencyKey,
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
from lumiku.services.work.groups import BatchView
from lumiku.services.work.ordering import Placed

TAGS, CAROUSELS = ["exports"], ["carousels"]
_LINK_RESPONSES = (
    refusals(errors.InvalidRequest, errors.NotFound, errors.BatchNotCompleted, errors.ResultExpired)
    | done("A link to the file")
    | done(
        "With `redirect=true`: the same, and the link in `Location`",
        status=HTTPStatus.FOUND,
        headers={"Location": {"schema": {"type": "string", "format": "uri"}}},
    )
)

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
orders = exporting.export_orders()
exports = exporting.exports()
carousel_orders = exporting.carousel_orders()
carousels = exporting.carousels()


def _shown(view: BatchView) -> ExportBody:
    return export_body(view, exports.jobs(view), language(api))


def _carousel(who: Caller, view: BatchView) -> CarouselBody:
    return carousel_body(view, carousels.slides(who, view.group.id), language(api))


@api.post(
    "/projects/<project_id>/export-zip",
    summary="Export pictures as a ZIP",
    tags=TAGS,
    responses=refusals(*_ORDER_REFUSALS, NotInPlan)
    | done("Charged, and on its way", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS),
)
def export_zip(
    project_id: Id,
    request: Annotated[ExportInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[ExportOrdered]]:
    """Charge 5, 10 or 15 credits and make files of up to 100 pictures for sizes and platforms.

    Each item is exported as it is shown: its selected variation, else the newest. The ZIP has
    `metadata.json`, `report.csv` and `report.html` beside the files: each is measured by the rules
    of its place. At most 2 GB. A picture that could not be exported is missing in it; credits come
    back if none could.
    """
    said = request.model_dump(mode="json", by_alias=True, exclude={"expected_credits"})
    sent = request.request(idempotency_key, request_id(api))
    placed = orders.order(caller(api), project_id, request.wished(language(api)), said, sent)
    return _accepted(placed)


def _accepted(placed: Placed[Group]) -> Response[Envelope[ExportOrdered]]:
    body = ExportOrdered(
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        export=_shown(exports.show(caller(api), placed.order.id)),
    )
    return answer(body, HTTPStatus.ACCEPTED, charged(placed))


@api.post(
    "/projects/<project_id>/create-carousel",
    summary="Create a carousel",
    tags=CAROUSELS,
    responses=refusals(*_ORDER_REFUSALS, NotInPlan)
    | done("Charged, and on its way", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS),
)
def create_carousel(
    project_id: Id,
    request: Annotated[CarouselInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[CarouselOrdered]]:
    """Charge 30 credits and lay 2 to 10 pictures out as slides, with a few words on each.

    The slides are files of one size, in a ZIP in their order. The share of one that could not be
    made is given back.
    """
    who = caller(api)
    said = request.model_dump(mode="json", by_alias=True, exclude={"expected_credits"})
    sent = request.request(idempotency_key, request_id(api))
    placed = carousel_orders.order(who, project_id, request.wished(), said, sent)
    body = CarouselOrdered(
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        carousel=_carousel(who, carousels.show(who, placed.order.id)),
    )
    return answer(body, HTTPStatus.ACCEPTED, charged(placed))


@api.get(
    "/carousel-layouts", summary="List layouts of slides", tags=CAROUSELS, responses=done("All")
)
def list_layouts() -> Envelope[Layouts]:
    """What slides can look like, in which sizes, and how much can be written on one."""
    return Envelope(data=layouts_body(language(api)))


@api.get(
    "/carousels/<carousel_id>",
    summary="Show a carousel",
    tags=CAROUSELS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("The carousel"),
)
def show_carousel(carousel_id: Id, wait: Wait = 0) -> Envelope[CarouselBody]:
    """How far it is; with `wait`, as soon as it is over or after that many seconds."""
    who = caller(api)
    return Envelope(data=_carousel(who, carousels.show(who, carousel_id, wait_s=wait)))


@api.get(
    "/carousels/<carousel_id>/download",
    summary="Fetch a carousel's ZIP",
    tags=CAROUSELS,
    responses=_LINK_RESPONSES,
)
def download_carousel(
    carousel_id: Id, redirect: Annotated[bool, Query()] = False
) -> Response[Envelope[ExportLink]]:
    """A link to the ZIP, made anew for 15 minutes whenever it is asked for, for 7 days."""
    link = carousels.download(caller(api), carousel_id)
    return link_answer(export_link(carousel_id, link), link.url, redirect=redirect)


@api.get(
    "/exports/<export_id>",
    summary="Show an export",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("The export"),
)
def show_export(export_id: Id, wait: Wait = 0) -> Envelope[ExportBody]:
    """How far it is; with `wait`, as soon as it is over or after that many seconds."""
    return Envelope(data=_shown(exports.show(caller(api), export_id, wait_s=wait)))


@api.get(
    "/exports/<export_id>/download",
    summary="Fetch an export's ZIP",
    tags=TAGS,
    responses=_LINK_RESPONSES,
)
def download_export(
    export_id: Id, redirect: Annotated[bool, Query()] = False
) -> Response[Envelope[ExportLink]]:
    """A link to the ZIP, made anew for 15 minutes whenever it is asked for, for 7 days."""
    link = exports.download(caller(api), export_id)
    return link_answer(export_link(export_id, link), link.url, redirect=redirect)


@api.get(
    "/exports/<export_id>/report",
    summary="Fetch an export's report",
    tags=TAGS,
    responses=_LINK_RESPONSES,
)
def export_report(
    export_id: Id, redirect: Annotated[bool, Query()] = False
) -> Response[Envelope[ExportLink]]:
    """A link to `report.html`, which is in the ZIP as well: rule by rule what was measured."""
    link = exports.report(caller(api), export_id)
    return link_answer(export_link(export_id, link), link.url, redirect=redirect)


@api.post(
    "/exports/<export_id>/cancel",
    summary="Cancel an export",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.BatchClosed, errors.Busy)
    | done("The export as it is now"),
)
def cancel_export(export_id: Id) -> Envelope[ExportBody]:
    """Pictures that nobody has begun are left out of the ZIP.

    Credits come back if nothing of it came; refused with 409 once all pictures are over.
    """
    return Envelope(data=_shown(exports.cancel(caller(api), export_id)))


@api.post(
    "/exports/<export_id>/retry",
    summary="Export again what failed",
    tags=TAGS,
    responses=refusals(
        *_ORDER_REFUSALS, errors.BatchNotCompleted, errors.NothingToRetry, errors.ResultExpired
    )
    | done("On its way again", status=HTTPStatus.ACCEPTED, headers=CHARGED_HEADERS),
)
def retry_export(
    export_id: Id, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[ExportOrdered]]:
    """A new export of the pictures that failed, at what came back for them.

    Where others came, nothing came back: then those that the service failed on cost nothing, once.
    """
    exports.show(caller(api), export_id)  # which says whether there is such an export
    return _accepted(
        orders.retry(caller(api), export_id, Request(idempotency_key, None, request_id(api)))
    )


handler = answering(api)
