"""Rendered while somebody waits: previews, single downloads, pictures of templates, logos."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body as FromBody
from aws_lambda_powertools.event_handler.openapi.params import Query

from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.errors import PhotoRefused
from darkroom.exporting.rendering import exported
from darkroom.framing import fit
from darkroom.keeping import unpack
from darkroom.memory import keep_freed
from darkroom.studio.previewing import preview
from darkroom.studio.showing import shown
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.authoring import NewTemplate, RatingBody, RatingInput, TemplateChange
from lumiku.apps.studio.http.files import FileFormat
from lumiku.apps.studio.http.generations import VariationLink, variation_link
from lumiku.apps.studio.http.orders import WantedInput
from lumiku.apps.studio.http.previews import PreviewBody, preview_body
from lumiku.apps.studio.http.templates import TemplateView, template_body, template_view
from lumiku.apps.studio.previews import Preview
from lumiku.bootstrap import branding, exporting, people, studio, templates
from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.brands import LOGO_PX, MAX_LOGO_PIXELS
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.projects.templates import (
    TemplateChanged,
    TemplateNotUsed,
    TemplateRetired,
    TooManyTemplates,
)
from lumiku.domain.work.jobs import Failure
from lumiku.domain.work.reasons import in_indonesian, refusal
from lumiku.http.api import (
    Envelope,
    Id,
    IdempotencyKey,
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
from lumiku.http.people.brands import LOGO_REFUSALS, BrandBody, LogoInput, brand_body
from lumiku.http.problems import RATE_HEADERS
from photo_steps import PictureFile
from photo_steps.exports import Target

QUALITY = 80
RETRY_AFTER_S = 2

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
previews = studio.previews()
gallery = templates.gallery()
authoring = templates.authoring(shown)
keep_freed()


def rendered(told: Preview) -> PictureFile | None:
    """The preview as a file; None if there is no picture to start from yet."""
    if told.picture is None:
        return None
    start = (unpack if told.is_cut_out else decode_photo)(told.picture)
    seen = preview(start, told.workflow, told.mark)
    return PictureFile(encode(seen, "webp", QUALITY), seen.width, seen.height, "webp")


@api.post(
    "/items/<item_id>/preview",
    summary="Preview an item",
    tags=["generations"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        errors.PromptRefused,
        errors.PhotoRefused,
        TemplateRetired,
        TemplateChanged,
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
    who = caller(api)
    told = previews.get(who, item_id, request.wanted(gallery.offers.finder(who)))
    image = rendered(told)
    body = preview_body(told, image, language(api))
    if image is None:
        return answer(body, HTTPStatus.ACCEPTED, {"Retry-After": str(RETRY_AFTER_S)})
    return answer(body, headers=rate(*told.paces))


def _view(template_id: str) -> TemplateView:
    made = gallery.get(caller(api), template_id)
    urls = [gallery.url(made.template, size) for size in ("thumbnail", "preview")]
    return template_view(template_body(made, urls[0], language(api)), made, urls[1])


@api.post(
    "/templates",
    summary="Make a template",
    tags=["templates"],
    responses=refusals(
        errors.InvalidRequest,
        errors.PromptRefused,
        NotAllowed,
        NotInPlan,
        TemplateRetired,
        TooManyTemplates,
        errors.TooManyRequests,
        errors.IdempotencyKeyReused,
        errors.Busy,
    )
    | done("The template, with its pictures", status=HTTPStatus.CREATED),
)
def create_template(
    request: Annotated[NewTemplate, FromBody()], idempotency_key: IdempotencyKey = None
) -> Response[Envelope[TemplateView]]:
    """A template of the caller's own, which takes the plan premium and which nobody else finds.

    An administrator makes one for everybody with `public`. Its pictures are rendered at once, which
    counts as a preview. An account has at most 50.
    """
    stored = authoring.create(
        caller(api), request.said(), request.workflow, is_public=request.public, key=idempotency_key
    )
    return answer(_view(stored.id), HTTPStatus.CREATED)


@api.patch(
    "/templates/<template_id>",
    summary="Change a template",
    tags=["templates"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        errors.PromptRefused,
        NotAllowed,
        NotInPlan,
        TemplateRetired,
        errors.TooManyRequests,
        errors.Busy,
    )
    | done("The template as it is now"),
)
def change_template(
    template_id: Id, request: Annotated[TemplateChange, FromBody()]
) -> Envelope[TemplateView]:
    """What is sent is said anew, the rest stays; what was ordered before stays as it was.

    Templates for everybody are changed by administrators, those that were shipped too.
    """
    authoring.change(caller(api), template_id, request.said(), request.workflow)
    return Envelope(data=_view(template_id))


@api.delete(
    "/templates/<template_id>",
    summary="Retire a template",
    tags=["templates"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, NotAllowed, errors.Busy)
    | done("The template, which nobody can apply any more"),
)
def retire_template(template_id: Id) -> Envelope[TemplateView]:
    """It is listed and applied no more; what it made stays, and it can still be shown.

    Templates for everybody are retired by administrators, those that were shipped too.
    """
    gallery.retire(caller(api), template_id)
    return Envelope(data=_view(template_id))


@api.put(
    "/templates/<template_id>/rating",
    summary="Rate a template",
    tags=["templates"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, TemplateNotUsed)
    | done("The rating"),
)
def rate_template(
    template_id: Id, request: Annotated[RatingInput, FromBody()]
) -> Envelope[RatingBody]:
    """One to five stars, in place of those that the account gave before.

    It takes a picture that was made with the template and paid for.
    """
    use = gallery.rate(caller(api), template_id, request.stars)
    return Envelope(data=RatingBody(template_id=template_id, stars=use.rating))


def rendered_file(data: bytes, target: Target) -> bytes:
    """One file of a finished picture."""
    [made] = exported(decode_photo(data), [target])
    return made.data


downloads = exporting.downloads(rendered_file)


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


def logo(data: bytes) -> bytes:
    """The PNG of a logo, with nothing else that was in the file."""
    try:
        return encode(fit(decode_photo(data, MAX_LOGO_PIXELS), LOGO_PX))
    except PhotoRefused as refused:
        told = in_indonesian(refused.code, refused.facts)
        failure = Failure(code=refused.code, message=refused.message, indonesian=told)
        raise refusal(failure) from refused


logos = branding.logos(logo)


@api.put(
    "/api/brand/logo",
    summary="Show a logo",
    tags=["brands"],
    responses=refusals(*LOGO_REFUSALS) | done("The brand, with the logo"),
)
def put_logo(request: Annotated[LogoInput, FromBody()]) -> Envelope[BrandBody]:
    """The logo of the account's brand, in place of the one before; it counts as a preview.

    A picture of at most 1 MB and 16 megapixels, no drawing such as SVG. It is drawn anew as a PNG
    of at most 512 px a side.
    """
    shown = logos.put(caller(api), request.image.content)
    return Envelope(data=brand_body(shown, logos.branding.logo_url(shown)))


handler = answering(api)
