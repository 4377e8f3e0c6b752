"""What the studio can make pictures like and for: its templates, and the platforms of exports."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.studio.gallery import Shown, Sort, Sought
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.platforms import PlatformList, platform_list
from lumiku.apps.studio.http.templates import (
    TemplateBody,
    TemplateList,
    TemplateView,
    template_body,
    template_view,
)
from lumiku.bootstrap import people, templates
from lumiku.domain import errors
from lumiku.http.api import (
    Cursor,
    Envelope,
    Id,
    PageSize,
    answering,
    caller,
    done,
    language,
    make_api,
    refusals,
)
from photo_steps.templates import Category, MadeFor

api = make_api(door=people.door(), prefixes=(STUDIO_PREFIX,))
gallery = templates.gallery()


def _template(shown: Shown) -> TemplateBody:
    return template_body(shown, gallery.url(shown.template, "thumbnail"), language(api))


def _view(shown: Shown) -> TemplateView:
    return template_view(_template(shown), shown, gallery.url(shown.template, "preview"))


@api.get(
    "/templates",
    summary="List templates",
    tags=["templates"],
    responses=refusals(errors.InvalidRequest) | done("A page of templates"),
)
def list_templates(
    category: Annotated[Category | None, Query()] = None,
    platform: Annotated[MadeFor | None, Query()] = None,
    aspect_ratio: Annotated[
        str | None, Query(alias="aspectRatio", max_length=16, description="1:1, 4:5, 9:16 ...")
    ] = None,
    featured: Annotated[bool | None, Query()] = None,
    premium: Annotated[bool | None, Query()] = None,
    own: Annotated[bool | None, Query(description="The caller's own, or all others")] = None,
    q: Annotated[
        str, Query(max_length=120, description="Part of the name, the description or a tag")
    ] = "",
    sort: Annotated[Sort, Query()] = Sort.SHOWN,
    limit: PageSize = 100,
    cursor: Cursor = None,
) -> Envelope[TemplateList]:
    """Looks that are ready, what they cost, which plan has each, what others think of it."""
    sought = Sought(category, platform, aspect_ratio, featured, premium, own, q)
    found = gallery.find(
        caller(api), sought, sort=sort, language=language(api), limit=limit, cursor=cursor
    )
    shown = list(map(_template, found.shown))
    return Envelope(data=TemplateList(templates=shown, next_cursor=found.cursor))


@api.get(
    "/templates/<template_id>",
    summary="Show a template",
    tags=["templates"],
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("The template"),
)
def show_template(
    template_id: Id,
    version: Annotated[
        str | None,
        Query(max_length=64, description="As it was at this version, which a variation names"),
    ] = None,
) -> Envelope[TemplateView]:
    """The template, and what it does to a cut-out step by step; also once it is retired."""
    return Envelope(data=_view(gallery.get(caller(api), template_id, version)))


@api.get(
    "/platforms",
    summary="List platforms",
    tags=["exports"],
    responses=done("All platforms"),
)
def list_platforms() -> Envelope[PlatformList]:
    """Where pictures can be exported for, and the rules there: each with its source and date."""
    return Envelope(data=platform_list(language(api)))


handler = answering(api)
