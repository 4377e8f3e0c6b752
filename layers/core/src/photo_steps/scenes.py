"""What a procedural scene is made of."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from photo_steps.studio import Degrees, Hex, Percent, Signed
from photo_steps.workflows import Parameters

type Panorama = Literal[
    "apartment",
    "bridge",
    "city",
    "dawn",
    "esplanade",
    "forest",
    "hall",
    "lab",
    "lobby",
    "night",
    "park",
    "sky",
    "studio",
    "sunrise",
    "sunset",
    "venice",
    "warehouse",
    "workshop",
]
type Material = Literal[
    "plain",
    "marble",
    "wood",
    "linen",
    "stone",
    "concrete",
    "sand",
    "terrazzo",
    "grass",
    "rattan",
    "snow",
]
type Pattern = Literal[
    "plain",
    "two-tone",
    "room",
    "arches",
    "waves",
    "kawung",
    "flag",
    "rays",
    "curtain",
    "tiles",
    "plaster",
    "sky",
]
type Ornament = Literal[
    "bokeh",
    "window-light",
    "leaf-shadow",
    "sparkles",
    "confetti",
    "snow",
    "red-lanterns",
    "lanterns",
    "ketupat",
    "crescent",
    "blossom",
    "ring",
    "stars",
    "hearts",
    "baubles",
    "bunting",
    "petals",
]
MAX_SEED = 2**32 - 1


class Wall(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """What is behind: a pattern in two colours, or a room seen out of focus, turned to a side."""

    pattern: Pattern = "plain"
    colour: Hex = "#e8e4de"
    accent: Hex = "#ffffff"
    room: Panorama | None = None
    turn: Degrees = 0


class Ground(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """What the subject stands on. A sweep has no edge: it is the wall itself, bent forwards."""

    shape: Literal["sweep", "table", "floor", "podium"] = "sweep"
    material: Material = "plain"
    colour: Hex = "#e8e4de"
    accent: Hex = "#ffffff"


class Decor(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """Something hung up, strewn or cast over the scene; `amount` is how much of it."""

    ornament: Ornament
    amount: Percent = 50
    colour: Hex = "#ffffff"


class InScene(Parameters, step="in-scene"):
    """Put a scene behind and under the subject, computed from building blocks and a seed.

    `key` is the side from which its light comes, -100 left to 100 right; `warmth` its colour;
    `gloss` how much the ground mirrors; `tint` how much the subject takes on of the scene's colour.
    `exact_colours` leaves the subject's colours as they are.
    """

    # Made when they are asked for: building a model costs every cold start.
    wall: Wall = Field(default_factory=lambda: Wall())
    ground: Ground = Field(default_factory=lambda: Ground())
    decor: Annotated[tuple[Decor, ...], Field(max_length=6)] = ()
    key: Signed = -60
    warmth: Signed = 0
    gloss: Percent = 10
    tint: Percent = 40
    exact_colours: bool = False
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0


type PaintRoute = Literal["ai-simple", "ai-complex"]

PAINT_ROUTES: tuple[str, ...] = get_args(PaintRoute.__value__)


class Painted(Parameters, step="painted"):
    """Put a scene behind the subject that a provider paints from words.

    `route` says which ones are asked, without the subject or around it; where none of them does it,
    `local` is the scene. Its seed, and where its light comes from, are told the providers as well.
    """

    route: PaintRoute
    prompt: Annotated[str, Field(min_length=1, max_length=500)]
    local: InScene
