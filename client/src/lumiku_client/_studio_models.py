"""What the API answers about the studio. Fields this version does not know are ignored."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from ._batch_models import BatchKey
from ._models import Answer, JobError, Paged, UploadTicket

MAX_UPLOAD = 100


class ProjectStatus(StrEnum):
    """What its owner does with a project."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Project(Answer):
    """Photos of products that belong together. `version` counts changes of what is said of it."""

    project_id: str
    name: str
    description: str = ""
    category: str | None = None
    default_template_id: str | None = None
    status: str
    version: int
    item_count: int
    size_bytes: int
    created_at: AwareDatetime
    updated_at: AwareDatetime
    cover_urls: Sequence[str] = ()


class ProjectPage(Paged):
    """Some projects."""

    projects: Sequence[Project]


class Item(Answer):
    """A photo that is kept in a project. Width and height in pixels; the URLs need no token."""

    item_id: str
    project_id: str
    file_name: str
    name: str
    sku: str | None = None
    tags: Sequence[str] = ()
    favorite: bool = False
    status: str
    version: int
    width: int
    height: int
    size_bytes: int
    format: str
    thumbnail_url: str | None = None
    view_url: str | None = None
    selected_variation_id: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ItemPage(Paged):
    """Some items."""

    items: Sequence[Item]


class ItemsChanged(Answer):
    """Which items were there, and which were not."""

    done: Sequence[str]
    not_found: Sequence[str]


class ImportedLine(Answer):
    """What became of a line of a CSV file."""

    line: int
    item_id: str | None = None
    problem: str | None = None


class Imported(Answer):
    """What became of a CSV file."""

    changed: int
    failed: int
    lines: Sequence[ImportedLine]


class Deleted(Answer):
    """The id of what is gone."""

    deleted: str


class UploadSubmission(Answer):
    """An upload that was accepted and charged and now waits for its photos.

    The form of `upload` takes each photo, with `key` replaced by the photo's own; there is none
    where all are fetched.
    """

    upload_id: str
    project_id: str
    credits_used: int
    credits_remaining: int | None = None
    closes_at: AwareDatetime
    upload: UploadTicket | None = None
    files: Sequence[BatchKey]


class UploadedFile(Answer):
    """One photo of an upload; `item_id` once it is kept, `error` if it never will be."""

    index: int
    name: str
    status: str
    item_id: str | None = None
    error: JobError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.item_id is not None or self.status not in ("pending", "processing", "completed")


class Upload(Answer):
    """An upload on its way: `completed` once every photo is an item or never will be one."""

    upload_id: str
    project_id: str
    status: str
    credits_used: int
    credits_refunded: int | None = None
    created_at: AwareDatetime
    closes_at: AwareDatetime
    files: Sequence[UploadedFile]
    hint: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status == "completed"


class PricePart(Answer):
    """A line of a price: `count` times `credits`."""

    name: str
    credits: int
    count: int


class StudioPrice(Answer):
    """The sum of its parts, less the larger of the bundle's and the month's discount."""

    parts: Sequence[PricePart]
    base: int
    discount_percent: int
    discount: int
    total: int


class Lacking(Answer):
    """What the account's plan lacks, and the cheapest one that has it all."""

    missing: Sequence[str]
    available_in: str | None = None


class StudioQuote(Answer):
    """What something would cost now: in credits, and in rupiah at the account's plan."""

    plan: str
    uploads: StudioPrice | None = None
    order: StudioPrice | None = None
    export: StudioPrice | None = None
    total: int
    idr: int
    balance: int
    affordable: bool
    not_in_plan: Lacking | None = None


class Template(Answer):
    """A look that is ready, on a canvas of width and height in pixels.

    `in_plan` says whether the account's plan has it, `available_in` names the cheapest that does.
    `uses` and `rating`, the average of so many `ratings`, are everybody's, `my_rating` the
    account's. `workflow` and `preview_url` are there when one is looked at alone.
    """

    template_id: str
    category: str
    name: str
    description: str
    tags: Sequence[str] = ()
    platform: str | None = None
    aspect_ratio: str
    width: int
    height: int
    premium: bool
    featured: bool
    credits: int
    in_plan: bool
    available_in: str
    version: str
    own: bool = False
    uses: int = 0
    rating: float | None = None
    ratings: int = 0
    my_rating: int | None = None
    created_at: AwareDatetime | None = None
    retired_at: AwareDatetime | None = None
    thumbnail_url: str | None = None
    preview_url: str | None = None
    workflow: Sequence[Mapping[str, Any]] | None = None


class TemplatePage(Paged):
    """Some templates."""

    templates: Sequence[Template]


class TemplateRating(Answer):
    """The stars that the account gave."""

    template_id: str
    stars: int
