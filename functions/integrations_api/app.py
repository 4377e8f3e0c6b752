"""What other apps ask for, signed: removals of their pictures."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from lumiku import settings
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.integrations import (
    AvatarBatch,
    GeneratedImageRemoval,
    IntegrationJob,
    IntegrationProgress,
    PipelineRemoval,
    ProjectRemoval,
    SlideBatch,
    batch_facts,
    job_body,
    progress_body,
)
from lumiku.apps.remover.prices import APP
from lumiku.bootstrap import connected, remover, work
from lumiku.domain import errors
from lumiku.domain.connected.apps import AppFailed, NotSigned
from lumiku.domain.connected.grants import CapReached, NotConnected
from lumiku.domain.work.groups import Group
from lumiku.http.api import (
    CHARGED_HEADERS,
    CREDIT_REFUSALS,
    Envelope,
    Id,
    Wait,
    answer,
    answering,
    charged,
    done,
    language,
    make_api,
    refusals,
    request_id,
)
from lumiku.http.connected.signed import signed
from lumiku.services.work.ordering import Placed

TAGS = ["other apps"]
# With the call to the app before, and the order, less than the gateway waits.
WAIT_S = 12
REFUSALS = (
    NotSigned,
    NotConnected,
    CapReached,
    AppFailed,
    errors.PriceChanged,
    errors.PhotoTooLarge,
    *CREDIT_REFUSALS,
)
PICTURE = refusals(*REFUSALS) | done(
    "Charged; `processedUrl` where it is done already", headers=CHARGED_HEADERS
)
PROJECT = refusals(*REFUSALS, errors.BatchTooLarge) | done(
    "Charged; the pictures are fetched now", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS
)

api = make_api(prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
orders = remover.integrations()
acting = connected.acting()
groups = work.groups(APP)
jobs = work.jobs(APP)


@api.post(
    "/integrations/avatar-creator/batch",
    summary="Remove the backgrounds of a project's avatars",
    tags=TAGS,
    responses=PROJECT,
)
def remove_avatars(wanted: ProjectRemoval) -> Response[Envelope[AvatarBatch]]:
    """All avatars of a project of that app, as one batch of its account."""
    placed = _project("avatar-creator", wanted)
    body = AvatarBatch.model_validate({**batch_facts(placed), "total_avatars": placed.order.total})
    return answer(body, HTTPStatus.CREATED, charged(placed))


@api.post(
    "/integrations/carousel-mix/batch",
    summary="Remove the backgrounds of a carousel's slides",
    tags=TAGS,
    responses=PROJECT,
)
def remove_slides(wanted: ProjectRemoval) -> Response[Envelope[SlideBatch]]:
    """All slides of a project of that app, as one batch of its account."""
    placed = _project("carousel-mix", wanted)
    body = SlideBatch.model_validate({**batch_facts(placed), "total_slides": placed.order.total})
    return answer(body, HTTPStatus.CREATED, charged(placed))


@api.post(
    "/integrations/pose-generator/auto-remove",
    summary="Remove the background of a generated pose",
    tags=TAGS,
    responses=PICTURE,
)
def remove_pose(wanted: GeneratedImageRemoval) -> Response[Envelope[IntegrationJob]]:
    """One picture of that app; waited for up to 12 seconds, told of as an event after that."""
    return _picture("pose-generator", wanted)


@api.post(
    "/integrations/image-upscaler/pipeline",
    summary="Cut a picture out and enlarge it",
    tags=TAGS,
    responses=PICTURE,
)
def run_pipeline(wanted: PipelineRemoval) -> Response[Envelope[IntegrationJob]]:
    """One picture of that app, in either order; the cut-out's price and that of enlarging, 10
    credits for 2x and 20 for 4x.
    """
    return _picture("image-upscaler", wanted)


@api.get(
    "/integrations/<app_name>/batch/<batch_id>",
    summary="Show an order of another app",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, NotSigned, NotConnected, errors.NotFound)
    | done("How far it is, with its pictures"),
)
def show_integration(app_name: Id, batch_id: Id, wait: Wait = 0) -> Envelope[IntegrationProgress]:
    """An order that the app placed for the account; with `wait`, as soon as it is over."""
    who, _ = acting.caller(app_name, "remove", signed(api))
    view = groups.show(who, batch_id, wait_s=wait)
    pictures = [(job, jobs.processed(job)) for job in groups.groups.group_jobs(batch_id)]
    return Envelope(data=progress_body(view, pictures, language(api)))


def _project(name: str, wanted: ProjectRemoval) -> Placed[Group]:
    request = signed(api)
    who, app = acting.caller(name, "remove", request)
    asked = wanted.request(request.message_id, request_id(api))
    return orders.project(who, app, wanted.removal(app), asked)


def _picture(
    name: str, wanted: GeneratedImageRemoval | PipelineRemoval
) -> Response[Envelope[IntegrationJob]]:
    request = signed(api)
    who, app = acting.caller(name, "remove", request)
    asked = wanted.request(request.message_id, request_id(api))
    placed = orders.picture(who, app, wanted.removal(app), asked)
    job = jobs.get(who, f"{placed.order.id}_0000", wait_s=WAIT_S)
    body = job_body(placed, job, jobs.processed(job), language(api))
    return answer(body, headers=charged(placed))


handler = answering(api)
