"""Previews and single downloads: rendered while somebody waits, from pictures the service made."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.exporting.rendering import exported
from darkroom.keeping import unpack
from darkroom.memory import keep_freed
from darkroom.studio.previewing import preview
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.files import FileFormat
from lumiku.apps.studio.http.generations import (
    VariationLink,
    WantedInput,
    variation_link,
)
from lumiku.apps.studio.http.previews import PreviewBody, preview_body
from lumiku.apps.studio.previews import Preview
from lumiku.bootstrap import studio
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.http.api import (
    Envelope,
    Id,
    answer,
    answering,
    caller,
    done,
    language,
    link_answer,
    make_api,
    rate,
    refusals,
)
from lumiku.http.problems import RATE_HEADERS
from photo_steps import PictureFile
from photo_steps.exports import Target

QUALITY = 80
RETRY_AFTER_S = 2

api = make_api(prefixes=(STUDIO_PREFIX,))
previews = studio.previews()
keep_freed()


def rendered(told: Preview) -> PictureFile | None:
    """The preview as a file; None if there is no picture to start from yet."""
    if told.picture is None:
        return None
    start = (unpack if told.is_cut_out else decode_photo)(told.picture)
    shown = preview(start, told.workflow, told.mark)
    return PictureFile(encode(shown, "webp", QUALITY), shown.width, shown.height, "webp")


@api.post(
    "/items/<item_id>/preview",
    summary="Preview an item",
    tags=["generations"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        errors.PromptRefused,
        errors.PhotoRefused,
        errors.TooManyRequests,
        errors.Busy,
    )
    | done("The preview", headers=RATE_HEADERS)
    | done(
        "The background is being removed; ask again",
        status=HTTPStatus.ACCEPTED,
        headers={"Retry-After": {"required": True, "schema": {"type": "integer"}}},
    ),
)
def preview_item(
    item_id: Id, request: Annotated[WantedInput, FromBody()]
) -> Response[Envelope[PreviewBody]]:
    """What a workflow or template would make of the item, for nothing: 60 a minute, 300 a day.

    At most 640 px a side, what is transparent on a checkerboard, marked for free accounts. What the
    plan lacks can be seen too, marked, and is named. The item's background is removed first, which
    takes seconds, once; it is not paid for by that.
    """
    told = previews.get(caller(api), item_id, request.wanted())
    image = rendered(told)
    body = preview_body(told, image, language(api))
    if image is None:
        return answer(body, HTTPStatus.ACCEPTED, {"Retry-After": str(RETRY_AFTER_S)})
    return answer(body, headers=rate(*told.paces))


def rendered_file(data: bytes, target: Target) -> bytes:
    """One file of a finished picture."""
    [made] = exported(decode_photo(data), [target])
    return made.data


downloads = studio.downloads(rendered_file)


@api.get(
    "/items/<item_id>/download",
    summary="Fetch a variation",
    tags=["generations"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        NotInPlan,
        errors.TooManyRequests,
        errors.Busy,
    )
    | done("A link to the picture")
    | done(
        "With `redirect=true`: the same, and the link in `Location`",
        status=HTTPStatus.FOUND,
        headers={"Location": {"schema": {"type": "string", "format": "uri"}}},
    ),
)
def download_item(
    item_id: Id,
    variation: Annotated[
        str | None, Query(max_length=128, description="Without it the selected one")
    ] = None,
    format: Annotated[FileFormat | None, Query(description="As it is stored, without it")] = None,
    size: Annotated[
        str | None,
        Query(
            max_length=20,
            description="`original`, `1080`, `1200`, `2400` (squares), or custom as `1200x800`, "
            "64 to 8000 px a side",
        ),
    ] = None,
    redirect: Annotated[bool, Query()] = False,
) -> Response[Envelope[VariationLink]]:
    """A link to a variation, made anew for 15 minutes whenever it is asked for.

    In another format or size than it is stored in, it is rendered: free, 60 a minute, PNG and WebP
    of at most 25 megapixels. A size is a canvas that the picture is laid on, not cropped to.
    """
    got = downloads.fetch(caller(api), item_id, variation, format, size)
    body = variation_link(got)
    headers = rate(got.pace) if got.pace else None
    return link_answer(body, got.link.url, redirect=redirect, headers=headers)


handler = answering(api)
