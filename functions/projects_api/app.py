"""The studio's projects: makes, lists, changes and deletes them, and takes uploads in."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku import settings
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.imports import ImportAccepted, ImportRequest, accepted_import
from lumiku.apps.studio.http.projects import (
    Deleted,
    IfMatch,
    ProjectBody,
    ProjectChange,
    ProjectInput,
    ProjectPage,
    ProjectView,
    etag,
    project_body,
    project_view,
    version_of,
)
from lumiku.apps.studio.http.uploads import (
    ItemsForm,
    PhotosForm,
    UploadAccepted,
    UploadBody,
    UploadInput,
    accepted_upload,
    upload_body,
)
from lumiku.bootstrap import aws, people, studio, templates
from lumiku.domain import errors
from lumiku.domain.projects.projects import ProjectBusy, ProjectStatus, VersionChanged
from lumiku.domain.texts import Text
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
    language,
    make_api,
    refusals,
    request_id,
)
from lumiku.http.work.remote import check_addresses

TAGS = ["projects"]

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
projects = studio.projects()
settings.read(settings.FetchSettings)  # a queue that is missing is missed at the start
orders = studio.upload_orders()
imports = studio.imports()
uploads = studio.uploads()
reach = aws.reach()
offers = templates.offers()


@api.post(
    "/projects",
    summary="Make a project",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.IdempotencyKeyReused, errors.Busy)
    | done("The project", status=HTTPStatus.CREATED),
)
def create_project(
    request: Annotated[ProjectInput, FromBody()], idempotency_key: IdempotencyKey = None
) -> Response[Envelope[ProjectBody]]:
    """A new project; with an `Idempotency-Key` the same one for the same request."""
    _check_template(request.default_template_id)
    project = projects.create(caller(api), request.said(), key=idempotency_key)
    return answer(project_body(project), HTTPStatus.CREATED, etag(project.version))


@api.get(
    "/projects",
    summary="List projects",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest) | done("A page of projects"),
)
def list_projects(
    status: Annotated[ProjectStatus | None, Query()] = None,
    q: Annotated[str | None, Query(max_length=120, description="Part of the name")] = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[ProjectPage]:
    """The caller's projects, newest first, each with its newest photos."""
    page = projects.page(caller(api), status=status, text=q, limit=limit, cursor=cursor)
    shown = [project_view(project, projects.covers(project)) for project in page.shown]
    return Envelope(data=ProjectPage(projects=shown, next_cursor=page.cursor))


@api.get(
    "/projects/<project_id>",
    summary="Show a project",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound)
    | done("The project; its ETag is for `If-Match`"),
)
def show_project(project_id: Id) -> Response[Envelope[ProjectView]]:
    """What is said of the project, how much is in it, and its newest photos."""
    project = projects.get(caller(api), project_id)
    return answer(project_view(project, projects.covers(project)), headers=etag(project.version))


_CHANGE_REFUSALS = refusals(
    errors.InvalidRequest, errors.NotFound, VersionChanged, errors.Busy
) | done("The project as it is now")


@api.put(
    "/projects/<project_id>", summary="Replace a project", tags=TAGS, responses=_CHANGE_REFUSALS
)
def replace_project(
    project_id: Id, request: Annotated[ProjectInput, FromBody()], if_match: IfMatch = None
) -> Response[Envelope[ProjectBody]]:
    """All that is said of the project is said anew; what is left out is as in a new project."""
    return _changed(project_id, request.model_dump(), if_match)


@api.patch(
    "/projects/<project_id>", summary="Change a project", tags=TAGS, responses=_CHANGE_REFUSALS
)
def change_project(
    project_id: Id, request: Annotated[ProjectChange, FromBody()], if_match: IfMatch = None
) -> Response[Envelope[ProjectBody]]:
    """What is sent is said anew, the rest stays."""
    return _changed(project_id, request.said(), if_match)


def _check_template(template_id: str | None) -> None:
    """A project's default template is one that its owner finds."""
    if template_id is not None and offers.finder(caller(api))(template_id) is None:
        raise errors.InvalidRequest.at(
            "body.defaultTemplateId", Text("There is no such template", "Tidak ada templat ini")
        )


def _changed(
    project_id: str, said: dict[str, Any], if_match: str | None
) -> Response[Envelope[ProjectBody]]:
    _check_template(said.get("default_template_id"))
    project = projects.change(caller(api), project_id, said, version_of(if_match))
    return answer(project_body(project), headers=etag(project.version))


@api.delete(
    "/projects/<project_id>",
    summary="Delete a project",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, VersionChanged, ProjectBusy)
    | done("It is deleted"),
)
def delete_project(
    project_id: Id,
    cancel: Annotated[
        bool,
        Query(
            description="Also while photos are uploaded or processed: what has not begun is given"
            " back"
        ),
    ] = False,
    if_match: IfMatch = None,
) -> Envelope[Deleted]:
    """The project and all photos in it are gone at once, and their files within minutes."""
    version = version_of(if_match)
    projects.delete(caller(api), project_id, version=version, cancel=cancel)
    return Envelope(data=Deleted(deleted=project_id))


@api.post(
    "/projects/<project_id>/items/upload",
    summary="Upload 1 to 100 photos",
    tags=["items"],
    responses=refusals(
        errors.NotFound,
        errors.PhotoTooLarge,
        errors.BatchTooLarge,
        errors.PriceChanged,
        *CREDIT_REFUSALS,
    )
    | done("Charged; now upload the photos", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS),
)
def upload_items(
    project_id: Id,
    request: Annotated[UploadInput, FromBody()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Envelope[UploadAccepted]]:
    """Charge 2 credits for each photo, and answer with one form that uploads them all.

    JPEG, PNG, WebP, HEIC or AVIF, at most 20 MiB, 500 to 8,000 pixels a side. What does not arrive
    within 15 minutes, or is refused, is given back. A photo that is named by its `url` is fetched
    from there, public https addresses only. Asked with a multipart form that holds the photos (at
    most 4.5 MB together), they are uploaded already.
    """
    images = None
    if isinstance(request, PhotosForm):
        images = [image.content for image in request.images]
    photos = request.photos()
    check_addresses(reach, photos)
    placed = orders.order(
        caller(api),
        project_id,
        photos,
        Request(idempotency_key, request.expected_credits, request_id(api)),
        images=images,
    )
    awaited = images is None and placed.order.takes_uploads
    policy = orders.grouping.permit(placed.order) if awaited else None
    body = accepted_upload(placed, project_id, photos, policy)
    return answer(body, HTTPStatus.CREATED, charged(placed))


@api.post(
    "/projects/<project_id>/items/import",
    summary="Import background removals",
    tags=["items"],
    responses=refusals(errors.NotFound, errors.PriceChanged, *CREDIT_REFUSALS)
    | done("Charged; the photos become items", status=HTTPStatus.CREATED, headers=CHARGED_HEADERS)
    | done("There was nothing to import, or it is imported already"),
)
def import_removals(
    project_id: Id, request: ImportRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[ImportAccepted]]:
    """Let the photos of finished removals become items, 2 credits each, and tell of each why not.

    At most 100 photos at once, each within 7 days of its order. One whose photo is in the project
    already, or on its way there, is not imported again.
    """
    imported = imports.order(
        caller(api),
        project_id,
        request.job_ids,
        request.batch_ids,
        Request(idempotency_key, request.expected_credits, request_id(api)),
    )
    body = accepted_import(imported, project_id, language(api))
    if imported.placed is None:
        return answer(body)
    return answer(body, HTTPStatus.CREATED, charged(imported.placed))


@api.get(
    "/projects/<project_id>/uploads/<upload_id>",
    summary="Show an upload",
    tags=["items"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy) | done("The upload"),
)
def show_upload(project_id: Id, upload_id: Id) -> Envelope[UploadBody]:
    """What became of each photo: its item, or why there is none."""
    view = uploads.show(caller(api), project_id, upload_id)
    return Envelope(data=upload_body(view, language(api)))


@api.post(
    "/projects/<project_id>/uploads/<upload_id>/finish",
    summary="No more photos will be uploaded",
    tags=["items"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy) | done("The upload"),
)
def finish_upload(project_id: Id, upload_id: Id) -> Envelope[UploadBody]:
    """Photos that did not come are given back as soon as the others are done."""
    view = uploads.finish(caller(api), project_id, upload_id)
    return Envelope(data=upload_body(view, language(api)))


@api.post(
    "/projects/<project_id>/uploads/<upload_id>/upload-policy",
    summary="Renew an upload's form",
    tags=["items"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.BatchClosed)
    | done("A new form"),
)
def renew_upload_policy(project_id: Id, upload_id: Id) -> Envelope[ItemsForm]:
    """A new form for the photos; refused with 409 once no more are awaited."""
    policy = uploads.renew_policy(caller(api), project_id, upload_id)
    return Envelope(data=ItemsForm.model_validate(policy))


handler = answering(api)
