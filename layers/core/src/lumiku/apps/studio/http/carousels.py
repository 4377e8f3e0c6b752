"""JSON of carousels."""

from typing import Annotated, Literal

from pydantic import Field

from lumiku.apps.studio.carousels import (
    MAX_SLIDES,
    MIN_SLIDES,
    WishedCarousel,
    WishedSlide,
)
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http.generations import GenerationError, ShownStatus, failure_body
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.jobs import RESULT_DAYS
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.services.projects.carousels import ShownSlide
from lumiku.services.work.groups import BatchView
from photo_steps.slides import (
    LETTERS,
    MAX_WORDS,
    SIZES,
    Layout,
    LayoutId,
    Line,
    Ratio,
    Slide,
    layouts,
)
from photo_steps.studio import Hex

worded(
    LETTERS,
    Text(
        "Only letters of western languages, digits and usual signs; no emoji",
        "Hanya huruf bahasa barat, angka dan tanda yang lazim; tanpa emoji",
    ),
)


class SlideWords(RequestBody):
    """What is written on a slide, and how it is laid out."""

    title: Annotated[Line, Field(max_length=MAX_WORDS["title"])] | None = Field(
        default=None, description="Without one, the item's name; an empty text writes none"
    )
    price: Annotated[Line, Field(max_length=MAX_WORDS["price"])] = Field(
        default="", examples=["Rp 129.000"]
    )
    note: Annotated[Line, Field(max_length=MAX_WORDS["note"])] = ""
    layout: LayoutId | None = Field(default=None, description="Without one, the carousel's")


class SlideInput(SlideWords):
    """A slide: a picture of an item, and what is written on it."""

    item_id: str = Field(min_length=1, max_length=128)
    variation_id: str | None = Field(
        default=None, max_length=128, description="Without one, what the item is shown by"
    )


class CarouselInput(RequestBody):
    """2 to 10 slides of one size, in their order."""

    slides: list[SlideInput] = Field(min_length=MIN_SLIDES, max_length=MAX_SLIDES)
    name: str = Field(default="", max_length=100)
    ratio: Ratio = Field(default="1:1", description="1080 x 1080 or 1080 x 1350 pixels")
    layout: LayoutId = "band"
    color: Hex = "#1c2430"
    format: Literal["jpeg", "png"] = "jpeg"
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    def wished(self) -> WishedCarousel:
        """The same, as the use case takes it."""
        slides = [
            WishedSlide(one.item_id, one.variation_id, one.title, self._slide(one))
            for one in self.slides
        ]
        return WishedCarousel(self.name, slides, self.format)

    def request(self, key: str | None, request_id: str) -> Request:
        """What comes with it."""
        return Request(key, self.expected_credits, request_id)

    def _slide(self, one: SlideInput) -> Slide:
        return Slide(
            ratio=self.ratio,
            layout=one.layout or self.layout,
            colour=self.color,
            price=one.price,
            note=one.note,
        )


class CarouselSlide(Body):
    """A slide; its URLs need no token and stay the same for an hour."""

    item_id: str
    status: ShownStatus
    url: str | None
    thumbnail_url: str | None
    warnings: list[str] = Field(description="`text_cut`: not all words fitted")
    error: GenerationError | None


class CarouselBody(Body):
    """Slides on their way into a ZIP, which is kept for 7 days."""

    carousel_id: str
    project_id: str
    name: str
    status: Literal["pending", "processing", "completed", "failed", "cancelled"]
    slides: list[CarouselSlide]
    size_bytes: int | None = Field(description="Of the ZIP, once there is one")
    credits_used: int
    credits_refunded: int | None = Field(description="Once it is closed")
    created_at: Instant
    completed_at: Instant | None
    expires_at: Instant


class CarouselOrdered(Body):
    """The carousel is paid for, and on its way."""

    credits_used: int
    credits_remaining: int
    carousel: CarouselBody


class LayoutBody(Body):
    """How picture and words stand on a slide."""

    id: str
    name: str
    description: str


class Layouts(Body):
    """What slides can look like."""

    layouts: list[LayoutBody]
    ratios: dict[str, tuple[int, int]] = Field(description="Width and height in pixels by name")
    max_words: dict[str, int] = Field(description="Characters of each text")


def layouts_body(language: Language) -> Layouts:
    """What GET /carousel-layouts answers."""

    def shown(layout: Layout) -> LayoutBody:
        name, description = (
            getattr(words, language) for words in (layout.name, layout.description)
        )
        return LayoutBody(id=layout.id, name=name, description=description)

    return Layouts(
        layouts=[shown(one) for one in layouts().values()], ratios=dict(SIZES), max_words=MAX_WORDS
    )


def carousel_body(view: BatchView, slides: list[ShownSlide], language: Language) -> CarouselBody:
    """A carousel as its owner sees it."""
    group, outcome = view.group, view.group.outcome
    asked = group.asked or {}
    return CarouselBody(
        carousel_id=group.id,
        project_id=str(asked["projectId"]),
        name=str(asked["name"]),
        status=view.status.value,
        slides=[_slide(one, language) for one in slides],
        size_bytes=group.archive.size_bytes if group.archive else None,
        credits_used=group.price - (outcome.refund if outcome else 0),
        credits_refunded=outcome.refund if outcome else None,
        created_at=group.created_at,
        completed_at=group.closed_at,
        expires_at=group.created_at + RESULT_DAYS,
    )


def _slide(shown: ShownSlide, language: Language) -> CarouselSlide:
    job = shown.job
    return CarouselSlide(
        item_id=job.for_item.item_id if job.for_item else "",
        status=job.status.shown,
        url=shown.url,
        thumbnail_url=shown.thumbnail_url,
        warnings=[job.result.note] if job.result and job.result.note else [],
        error=failure_body(job, language),
    )
