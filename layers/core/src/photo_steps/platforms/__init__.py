"""Where pictures are shown, and the rules there: dated data, each rule with its source."""

from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, TypeAdapter, model_validator

from photo_steps.kinds import Format
from photo_steps.rules import Evidence, FileRules, RuleName
from photo_steps.studio import Side
from photo_steps.words import Words

type Platform = Literal[
    "shopee",
    "tokopedia",
    "tiktok-shop",
    "lazada",
    "instagram",
    "tiktok",
    "amazon",
    "website",
]

PLATFORMS: tuple[Platform, ...] = (
    "shopee",
    "tokopedia",
    "tiktok-shop",
    "lazada",
    "instagram",
    "tiktok",
    "amazon",
    "website",
)
# What every file is, wherever it goes.
_OURS: frozenset[RuleName] = frozenset({"sRGB", "noMetadata"})
_OWN = Evidence(source="Lumiku", date="2026-11-26", strength="own")


class Destination(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """One place on a platform: how a picture for it is made, and which rules its file must keep.

    `size_px` is width and height of its canvas. `background` is white, or the picture's own.
    `fill_percent` is how much of the canvas the subject takes; without it, as much as it took.
    `formats` are made where none was asked for; `quality` is that of JPEG and WebP. `evidence` is
    that of each of its `rules`; `unchecked` is what else is asked there and no program here tells.
    """

    id: str
    platform: Platform
    name: Words
    size_px: tuple[Side, Side]
    background: Literal["white", "own"]
    fill_percent: Annotated[int, Field(ge=5, le=100)] | None = None
    formats: Annotated[tuple[Format, ...], Field(min_length=1)]
    quality: Annotated[int, Field(ge=60, le=100)]
    rules: FileRules
    evidence: dict[RuleName, Evidence]
    unchecked: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.evidence.keys() | _OURS != self.rules.names | _OURS:
            raise ValueError(f"{self.id}: evidence is that of its rules, each once")
        return self

    def why(self, rule: RuleName) -> Evidence:
        """The evidence of one of its rules."""
        return self.evidence.get(rule, _OWN)


@cache
def destinations() -> dict[str, Destination]:
    """Every destination by its id, by platform and in the order in which they are shown."""
    folder = resources.files("photo_steps.platforms")
    read = TypeAdapter(tuple[Destination, ...]).validate_json
    files = [folder.joinpath(f"{name}.json").read_bytes() for name in PLATFORMS]
    return {found.id: found for file in files for found in read(file)}
