"""Pictures between the studio's projects and other apps."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from lumiku import settings
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.handovers import (
    ExportToInput,
    HandedOver,
    PictureBody,
    PicturePage,
    Results,
    ResultsAccepted,
    handed_over,
    picture_body,
    pictures_body,
    results_accepted,
)
from lumiku.bootstrap import connected, people, studio
from lumiku.domain import errors
from lumiku.domain.connected.apps import AppFailed, NotSigned
from lumiku.domain.connected.grants import CapReached, NotConnected
from lumiku.domain.money.refusals import NotInPlan
from lumiku.http.api import (
    CHARGED_HEADERS,
    CREDIT_REFUSALS,
    Cursor,
    Envelope,
    Id,
    IdempotencyKey,
    PageSize,
    answer,
    answering,
    caller,
    charged,
    done,
    make_api,
    refusals,
    request_id,
)
from lumiku.http.connected.signed import signed

TAGS = ["other apps"]
ACTING = (errors.InvalidRequest, NotSigned, NotConnected, errors.NotFound)

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
handovers = studio.handovers()
acting = connected.acting()


@api.post(
    "/items/<item_id>/export-to/<app_name>",
    summary="Hand a picture to another app",
    tags=TAGS,
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        NotInPlan,
        NotConnected,
        errors.TooManyRequests,
        AppFailed,
    )
    | done("The app has it"),
)
def export_to(
    item_id: Id, app_name: Id, given: ExportToInput, idempotency_key: IdempotencyKey = None
) -> Envelope[HandedOver]:
    """Give a connected app a link to the picture, and answer where to go on with it there."""
    taken = handovers.give(caller(api), item_id, app_name, given.variation_id, idempotency_key)
    return Envelope(data=handed_over(app_name, taken))


@api.get(
    "/integrations/<app_name>/projects/<project_id>/pictures",
    summary="List pictures for another app",
    tags=TAGS,
    responses=refusals(*ACTING) | done("A page of pictures"),
)
def list_pictures(
    app_name: Id, project_id: Id, limit: PageSize = 20, cursor: Cursor = None
) -> Envelope[PicturePage]:
    """What the items of a project of the account are shown by."""
    who, _ = acting.caller(app_name, "pictures", signed(api))
    page = handovers.pictures(who, project_id, limit=limit, cursor=cursor)
    return Envelope(data=pictures_body(project_id, page))


@api.get(
    "/integrations/<app_name>/pictures/<item_id>",
    summary="Show a picture to another app",
    tags=TAGS,
    responses=refusals(*ACTING) | done("The picture, with a link to it"),
)
def show_picture(app_name: Id, item_id: Id) -> Envelope[PictureBody]:
    """What an item of the account is shown by."""
    who, _ = acting.caller(app_name, "pictures", signed(api))
    return Envelope(data=picture_body(handovers.picture(who, item_id)))


@api.post(
    "/integrations/<app_name>/projects/<project_id>/results",
    summary="Put pictures of another app into a project",
    tags=TAGS,
    responses=refusals(
        *ACTING, *CREDIT_REFUSALS, CapReached, errors.PriceChanged, errors.PhotoTooLarge
    )
    | done(
        "Charged; the pictures are fetched now", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS
    ),
)
def take_results(
    app_name: Id, project_id: Id, results: Results
) -> Response[Envelope[ResultsAccepted]]:
    """At the price of an upload; each picture is fetched from the app and becomes an item."""
    request = signed(api)
    who, app = acting.caller(app_name, "results", request)
    asked = results.request(request.message_id, request_id(api))
    placed = handovers.take(who, app, project_id, results.theirs(), asked)
    return answer(results_accepted(placed, project_id), HTTPStatus.CREATED, charged(placed))


handler = answering(api)
