"""Slides of a carousel: a picture, a few words, and where they stand, as data."""

import re
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter, model_validator

from photo_steps.studio import Hex
from photo_steps.words import Words
from photo_steps.workflows import Parameters

type Ratio = Literal["1:1", "4:5"]
type Part = Literal["title", "price", "note"]
type Ground = Literal["paper", "accent", "shade"]
type Weight = Literal["Medium", "Bold", "ExtraBold"]
type Share = Annotated[float, Field(ge=0, le=1)]
type Box = tuple[Share, Share, Share, Share]

SIZES: dict[Ratio, tuple[int, int]] = {"1:1": (1080, 1080), "4:5": (1080, 1350)}
SAFE = 0.06
"""No word comes nearer to an edge, in widths: grids of profiles cut 4:5 down to 3:4."""
MAX_WORDS = {"title": 60, "price": 24, "note": 120}

# Letters of western languages, and what prices and quotes are written with: what the font has.
LETTERS = r"^[ -~\u00a0-\u00ff\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac\u2122]*$"
type Line = Annotated[str, Field(pattern=LETTERS)]


type LayoutId = Literal["band", "shade", "card", "gallery", "headline"]


class TextBox(BaseModel, frozen=True, extra="forbid"):
    """Where a part stands: `box` is left, top, width and height in shares of the slide.

    Letters have `size` of the slide's width, or less where the words need it, down to `least`.
    `pill` puts them on a label of the accent's colour. Words go down from the box's top, or up
    from its bottom where `is_low`.
    """

    part: Part
    box: Box
    weight: Weight
    size: Share
    least: Share
    lines: Annotated[int, Field(ge=1, le=4)]
    align: Literal["left", "centre", "right"] = "left"
    is_low: bool = False
    pill: bool = False


class Panel(BaseModel, frozen=True, extra="forbid"):
    """What words stand on: of a colour, or a shade that grows towards the bottom."""

    box: Box
    fill: Ground
    radius: Share = 0


class Layout(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """Where picture, panel and words stand on a slide whose canvas is `ground`."""

    id: LayoutId
    name: Words
    description: Words
    ground: Ground
    picture: Box
    radius: Share = 0
    panel: Panel | None
    texts: tuple[TextBox, ...]


class Slide(Parameters, step="slide"):
    """Lay the finished picture out as a slide, with up to three texts.

    `colour` is the accent; words on it are black or white, whichever is read better. `place` is
    which slide of how many it is, shown as dots.
    """

    ratio: Ratio = "1:1"
    layout: LayoutId = "band"
    colour: Hex = "#1c2430"
    title: Annotated[Line, Field(max_length=MAX_WORDS["title"])] = ""
    price: Annotated[Line, Field(max_length=MAX_WORDS["price"])] = ""
    note: Annotated[Line, Field(max_length=MAX_WORDS["note"])] = ""
    place: tuple[Annotated[int, Field(ge=1, le=10)], Annotated[int, Field(ge=2, le=10)]] | None = (
        None
    )

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "Slide":
        if self.place and self.place[0] > self.place[1]:
            raise ValueError("place is which slide of how many it is.")
        return self


def writable(text: str) -> str:
    """As much of a text as can be a title: letters that the font has, not too many."""
    known = "".join(letter for letter in text if re.match(LETTERS, letter))
    return " ".join(known.split())[: MAX_WORDS["title"]].rstrip()


@cache
def layouts() -> dict[LayoutId, Layout]:
    """Every layout by its id, in the order in which they are shown."""
    data = resources.files("photo_steps.slides").joinpath("layouts.json").read_bytes()
    return {one.id: one for one in TypeAdapter(tuple[Layout, ...]).validate_json(data)}
