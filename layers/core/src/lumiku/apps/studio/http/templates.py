"""JSON of templates."""

from pydantic import Field

from lumiku.apps.studio.gallery import Shown
from lumiku.apps.studio.plans import StudioPlanName
from lumiku.apps.studio.prices import FEATURE_CREDITS, Feature
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body
from photo_steps import Step
from photo_steps.templates import Category, MadeFor


class TemplateBody(Body):
    """A look that is ready, in the caller's language."""

    template_id: str = Field(examples=["marble-counter"])
    category: Category
    name: str
    description: str
    tags: list[str]
    platform: MadeFor | None = Field(description="Where it was made for, if for one")
    aspect_ratio: str = Field(examples=["1:1"])
    width: int
    height: int
    premium: bool
    featured: bool
    credits: int = Field(description="What applying it costs, before discounts")
    in_plan: bool = Field(description="The caller's plan has it; it may be previewed all the same")
    available_in: StudioPlanName = Field(description="The cheapest plan that has it")
    version: str = Field(description="Changes with what it does; receipts show it")
    own: bool = Field(description="The caller's own, which nobody else finds")
    uses: int = Field(description="Completed paid uses by anybody, a minute old at most")
    rating: float | None = Field(description="The average of 1 to 5; null without any")
    ratings: int
    my_rating: int | None = Field(description="The caller's, 1 to 5")
    created_at: Instant | None = Field(description="null of those that were always there")
    retired_at: Instant | None = Field(description="Since when nobody can apply it any more")
    thumbnail_url: str = Field(
        description="WebP of at most 320 px with a sample product; the same URL for an hour"
    )


class TemplateView(TemplateBody):
    """A template with what it does to a cut-out, step by step."""

    preview_url: str = Field(description="The same of at most 640 px")
    workflow: list[Step]


class TemplateList(Body):
    """Some templates in the order that was asked for; `nextCursor` asks for the next ones."""

    templates: list[TemplateBody]
    next_cursor: str | None


def template_body(shown: Shown, thumbnail_url: str, language: Language) -> TemplateBody:
    """A template as a caller of that language sees it."""
    template = shown.template
    width, height = template.size_px
    return TemplateBody(
        **template.model_dump(include={"category", "platform", "aspect_ratio", "tags"}),
        template_id=template.id,
        name=getattr(template.name, language),
        description=getattr(template.description, language),
        width=width,
        height=height,
        premium=template.is_premium,
        featured=template.is_featured,
        credits=FEATURE_CREDITS[Feature.TEMPLATE],
        in_plan=shown.is_in_plan,
        available_in=shown.available_in,
        version=template.version,
        own=shown.offer.is_own,
        uses=shown.totals.uses,
        rating=shown.totals.average,
        ratings=shown.totals.ratings,
        my_rating=shown.rating or None,
        created_at=shown.offer.created_at,
        retired_at=shown.offer.retired_at,
        thumbnail_url=thumbnail_url,
    )


def template_view(body: TemplateBody, shown: Shown, preview_url: str) -> TemplateView:
    """A template as a caller sees it when looking at it alone."""
    return TemplateView(
        **body.model_dump(), workflow=list(shown.template.workflow), preview_url=preview_url
    )
