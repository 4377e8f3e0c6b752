"""The studio's items: lists, changes and deletes them, one by one, many at once and by CSV."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.items import (
    BulkChange,
    BulkDone,
    CsvInput,
    ImportBody,
    ItemChange,
    ProjectItem,
    ProjectItemPage,
    import_body,
    item_body,
)
from lumiku.apps.studio.http.projects import Deleted, IfMatch, etag, version_of
from lumiku.bootstrap import people, studio
from lumiku.domain import errors
from lumiku.domain.projects.items import Item, ItemStatus
from lumiku.domain.projects.projects import VersionChanged
from lumiku.http.api import (
    Cursor,
    Envelope,
    Id,
    PageSize,
    answer,
    answering,
    caller,
    done,
    language,
    make_api,
    refusals,
)
from lumiku.services.projects.items import Sought

TAGS = ["items"]
_ORDERED = (errors.InvalidRequest, errors.NotFound, errors.TooManyRequests, errors.Busy)

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
items = studio.items()
importing = studio.importing()


def _shown(item: Item) -> ProjectItem:
    return item_body(item, items.urls(item))


@api.get(
    "/projects/<project_id>/items",
    summary="List a project's items",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("A page of items"),
)
def list_items(
    project_id: Id,
    tag: Annotated[str | None, Query(max_length=40)] = None,
    favorite: Annotated[bool | None, Query()] = None,
    status: Annotated[ItemStatus | None, Query()] = None,
    q: Annotated[
        str | None, Query(max_length=120, description="Part of the name, the SKU or a tag")
    ] = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[ProjectItemPage]:
    """The photos that are kept in the project, newest first."""
    sought = Sought(tag, favorite, status, q)
    page = items.page(caller(api), project_id, sought, limit=limit, cursor=cursor)
    shown = list(map(_shown, page.shown))
    return Envelope(data=ProjectItemPage(items=shown, next_cursor=page.cursor))


@api.get(
    "/items/<item_id>",
    summary="Show an item",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound)
    | done("The item; its ETag is for `If-Match`"),
)
def show_item(item_id: Id) -> Response[Envelope[ProjectItem]]:
    """What is said of the item, and where it is shown."""
    item = items.get(caller(api), item_id)
    return answer(_shown(item), headers=etag(item.version))


@api.patch(
    "/items/<item_id>",
    summary="Change an item",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, VersionChanged)
    | done("The item as it is now"),
)
def change_item(
    item_id: Id, request: Annotated[ItemChange, FromBody()], if_match: IfMatch = None
) -> Response[Envelope[ProjectItem]]:
    """What is sent is said anew, the rest stays."""
    item = items.change(caller(api), item_id, request.said, version_of(if_match))
    return answer(_shown(item), headers=etag(item.version))


@api.delete(
    "/items/<item_id>",
    summary="Delete an item",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, VersionChanged, errors.Busy)
    | done("It is deleted"),
)
def delete_item(item_id: Id, if_match: IfMatch = None) -> Envelope[Deleted]:
    """The item is gone at once, and its files within minutes.

    What was ordered of it and nobody has begun is given back.
    """
    items.delete(caller(api), item_id, version_of(if_match))
    return Envelope(data=Deleted(deleted=item_id))


@api.post(
    "/projects/<project_id>/items/bulk",
    summary="Change or delete up to 100 items",
    tags=TAGS,
    responses=refusals(*_ORDERED) | done("Which items were there"),
)
def change_items(project_id: Id, request: Annotated[BulkChange, FromBody()]) -> Envelope[BulkDone]:
    """The same change to each of the items; those of another project are not found."""
    found, missing = items.each(caller(api), project_id, request.item_ids, request.change)
    return Envelope(data=BulkDone(done=found, not_found=missing))


@api.post(
    "/projects/<project_id>/items/import-csv",
    summary="Name items by a CSV file",
    tags=TAGS,
    responses=refusals(*_ORDERED) | done("What became of each line"),
)
def import_items(project_id: Id, request: Annotated[CsvInput, FromBody()]) -> Envelope[ImportBody]:
    """Say names, SKUs and tags by file name or SKU; at most 500 lines below a header.

    Columns: `file_name`, `name`, `sku`, `tags` (parted by `|`), in any order. A line that cannot be
    used says why and stops no other one.
    """
    lines = importing.read(caller(api), project_id, request.data)
    return Envelope(data=import_body(lines, language(api)))


handler = answering(api)
