"""JSON of platforms: what each asks of a picture, who says so and since when."""

from typing import Literal

from pydantic import Field

from lumiku.domain.projects.export_words import RULES, STRENGTHS
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body
from photo_steps import Format
from photo_steps.platforms import Destination, Platform, destinations
from photo_steps.rules import RuleName, Strength


class PlatformLimits(Body):
    """What the rules ask for in numbers; null is asked for nowhere."""

    min_side_px: int | None
    max_side_px: int | None
    aspect_ratio: tuple[int, int] | None
    max_bytes: int | None
    fill_percent: tuple[int, int] | None = Field(
        description="Least and most that the product takes of the side that it fills first"
    )
    formats: list[Format] = Field(description="Those that are taken there")


class RuleBody(Body):
    """A rule that files are measured by, and why it is believed."""

    rule: RuleName
    name: str
    source: str
    date: str = Field(description="Of the source, or when it was read")
    strength: Strength
    strength_name: str
    is_confirmed: bool = Field(description="Somebody's published word stands behind it")
    is_advice: bool = Field(description="Recommended; files are taken without it")
    note: str | None


class DestinationBody(Body):
    """A place where pictures are shown, how one for it is made and which rules its file keeps."""

    id: str = Field(examples=["shopee"])
    name: str
    width: int
    height: int
    background: Literal["white", "own"]
    fill_percent: int | None = Field(description="Null: as much as the product took before")
    formats: list[Format] = Field(description="Those that are made where none is asked for")
    quality: int
    limits: PlatformLimits
    rules: list[RuleBody]
    unchecked: list[str] = Field(description="What else is asked there, and nothing here measures")


class PlatformBody(Body):
    """A platform; what is exported for several of its destinations counts as one platform."""

    id: Platform
    destinations: list[DestinationBody]


class PlatformList(Body):
    """All platforms in the order in which they are shown."""

    platforms: list[PlatformBody]


def platform_list(language: Language) -> PlatformList:
    """Every platform with its destinations, in the caller's language."""
    found: dict[Platform, list[DestinationBody]] = {}
    for place in destinations().values():
        found.setdefault(place.platform, []).append(_destination(place, language))
    return PlatformList(
        platforms=[PlatformBody(id=name, destinations=places) for name, places in found.items()]
    )


def _destination(place: Destination, language: Language) -> DestinationBody:
    width, height = place.size_px
    return DestinationBody(
        id=place.id,
        name=getattr(place.name, language),
        width=width,
        height=height,
        background=place.background,
        fill_percent=place.fill_percent,
        formats=list(place.formats),
        quality=place.quality,
        limits=PlatformLimits.model_validate(place.rules),
        rules=[_rule(place, rule, language) for rule in RULES if rule in place.rules.names],
        unchecked=[getattr(words, language) for words in place.unchecked],
    )


def _rule(place: Destination, rule: RuleName, language: Language) -> RuleBody:
    why = place.why(rule)
    return RuleBody(
        rule=rule,
        name=RULES[rule].to(language),
        source=why.source,
        date=why.date,
        strength=why.strength,
        strength_name=STRENGTHS[why.strength].to(language),
        is_confirmed=why.is_confirmed,
        is_advice=why.is_advice,
        note=getattr(why.note, language) if why.note else None,
    )
