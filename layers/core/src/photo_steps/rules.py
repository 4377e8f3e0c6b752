"""What a marketplace asks of a finished file, who says so, and what was measured."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from photo_steps.kinds import Format
from photo_steps.words import Words

type RuleName = Literal[
    "format",
    "size",
    "aspectRatio",
    "bytes",
    "fill",
    "pureWhite",
    "sRGB",
    "noAlpha",
    "noMetadata",
    "noWatermark",
]
type Percent = Annotated[int, Field(ge=0, le=100)]
type Strength = Literal["primary", "secondary", "memory", "own"]
"""Who says so: whose rule it is, others who write about it, nobody whom we could read, or we."""
type Outcome = Literal["pass", "fail", "advice"]


class Evidence(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """Why a rule is believed: `date` is that of the source, or when it was read, year first.

    `is_advice` says that the platform recommends it and takes files without it.
    """

    source: str
    date: Annotated[str, Field(pattern=r"^20\d\d(-\d\d(-\d\d)?)?$")]
    strength: Strength
    is_advice: bool = False
    note: Words | None = None

    @property
    def is_confirmed(self) -> bool:
        """Somebody's published word stands behind it."""
        return self.strength != "memory"


class FileRules(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """Rules for one file; those that are not given are not checked.

    `exact_px` is the size that was ordered. `fill_percent` is the least and the most that the
    subject's box takes of the side that it fills first.
    """

    formats: tuple[Format, ...] = ()
    exact_px: tuple[int, int] | None = None
    min_side_px: int | None = None
    max_side_px: int | None = None
    aspect_ratio: tuple[int, int] | None = None
    max_bytes: int | None = None
    fill_percent: tuple[Percent, Percent] | None = None
    pure_white: bool = False
    srgb: bool = True
    no_alpha: bool = False
    no_metadata: bool = True
    no_watermark: bool = False

    @property
    def names(self) -> frozenset[RuleName]:
        """The rules that are given."""
        given: dict[RuleName, object] = {
            "format": self.formats,
            "size": self.exact_px or self.min_side_px or self.max_side_px,
            "aspectRatio": self.aspect_ratio,
            "bytes": self.max_bytes,
            "fill": self.fill_percent,
            "pureWhite": self.pure_white,
            "sRGB": self.srgb,
            "noAlpha": self.no_alpha,
            "noMetadata": self.no_metadata,
            "noWatermark": self.no_watermark,
        }
        return frozenset(name for name, value in given.items() if value)


class Check(BaseModel, frozen=True, defer_build=True):
    """One rule: what was measured in the written file, what is required, and whether it holds."""

    rule: RuleName
    measured: Words
    required: Words
    holds: bool
    evidence: Evidence | None = None

    @property
    def outcome(self) -> Outcome:
        """A recommendation that was not followed is no failure."""
        if self.holds:
            return "pass"
        return "advice" if self.evidence is not None and self.evidence.is_advice else "fail"
