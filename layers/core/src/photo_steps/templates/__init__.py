"""Looks that are ready: workflows behind the cut-out, as data."""

import hashlib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, TypeAdapter

import photo_steps.scenes  # noqa: F401 - whoever reads a template must know its kinds of steps
from photo_steps.words import Words
from photo_steps.workflows import Step

type Category = Literal["studio", "lifestyle", "ecommerce", "seasonal"]
type MadeFor = Literal[
    "shopee", "tokopedia", "lazada", "tiktok-shop", "instagram", "tiktok", "banner"
]

type PreviewSize = Literal["preview", "thumbnail"]

PREVIEWS_PREFIX = "assets/templates/"
CATEGORIES: tuple[Category, ...] = ("studio", "lifestyle", "ecommerce", "seasonal")


class Template(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """One look. `workflow` is what is done to a cut-out, on a canvas of `size_px` (width, height).

    `platform` is where it was made for, if for one.
    """

    id: str
    category: Category
    name: Words
    description: Words
    tags: tuple[str, ...]
    platform: MadeFor | None
    aspect_ratio: str
    size_px: tuple[int, int]
    is_premium: bool
    is_featured: bool
    workflow: tuple[Step, ...]

    @property
    def version(self) -> str:
        """Twelve digits of the hash of its data: another look has another one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def preview_key(template: Template, size: PreviewSize = "preview") -> str:
    """Under which key the bucket holds a template's preview (640 px) or thumbnail (320), WebP."""
    small = ".thumbnail" if size == "thumbnail" else ""
    return f"{PREVIEWS_PREFIX}{template.id}-{template.version}{small}.webp"


def data_key(template_id: str, version: str) -> str:
    """Under which key the bucket holds a template as it was shipped at a version, as JSON."""
    return f"{PREVIEWS_PREFIX}{template_id}-{version}.json"


@cache
def templates() -> tuple[Template, ...]:
    """Every template, by category and in the order in which they are shown."""
    folder = resources.files("photo_steps.templates")
    read = TypeAdapter(tuple[Template, ...]).validate_json
    files = [folder.joinpath(f"{name}.json").read_bytes() for name in CATEGORIES]
    return tuple(template for file in files for template in read(file))
