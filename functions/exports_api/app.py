"""Exports of the studio: takes them in, shows how far they are, links to ZIPs and reports."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.exports import (
    ExportBody,
    ExportInput,
    ExportLink,
    ExportOrdered,
    export_body,
    export_link,
)
from lumiku.bootstrap import studio
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
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

TAGS = ["exports"]
_LINK_RESPONSES = (
    refusals(errors.InvalidRequest, errors.NotFound, errors.BatchNotCompleted, errors.ResultExpired)
    | done("A link to the file")
    | done(
        "With `redirect=true`: the same, and the link in `Location`",
        status=HTTPStatus.FOUND,
        headers={"Location": {"schema": {"type": "string", "format": "uri"}}},
    )
)

api = make_api(prefixes=(STUDIO_PREFIX,))
orders = studio.export_orders()
exports = studio.exports()


def _shown(view: BatchView) -> ExportBody:
    return export_body(view, exports.jobs(view), language(api))


@api.post(
    "/projects/<project_id>/export-zip",
    summary="Export pictures as a ZIP",
    tags=TAGS,
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        NotInPlan,
        errors.PriceChanged,
        errors.InsufficientCredits,
        errors.TooManyRequests,
        errors.IdempotencyKeyReused,
        errors.Busy,
    )
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
    who = caller(api)
    said = request.model_dump(mode="json", by_alias=True, exclude={"expected_credits"})
    sent = request.request(idempotency_key, request_id(api))
    placed = orders.order(who, project_id, request.wished(language(api)), said, sent)
    body = ExportOrdered(
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        export=_shown(exports.show(who, placed.order.id)),
    )
    return answer(body, HTTPStatus.ACCEPTED, charged(placed))


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


handler = answering(api)
