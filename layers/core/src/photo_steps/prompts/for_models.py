"""What providers' models are told: a customer's words, then ours (`products.json`)."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any, Literal

from photo_steps.scenes import InScene, Painted
from photo_steps.studio import LightPreset

_SIDE = 25
"""From this percentage on, light comes from a side."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def painting(told: Painted) -> str:
    """The whole prompt for a scene; what customers wrote stays one part of one text."""
    data = _data()
    words = " ".join(_UNSEEN.sub(" ", told.prompt).split())
    template = data["backdrop" if told.route == "ai-simple" else "fill"]
    ground = data["ground"][told.local.ground.shape]
    whole: str = f"{words.rstrip('.')}. " + template.format(
        ground=ground, light=data["light"][side_of(told.local) or "front"]
    )
    return whole


def relighting(preset: LightPreset) -> str:
    """The whole prompt for a light."""
    found: str = _data()["relight"][preset]
    return found


def side_of(scene: InScene) -> Literal["left", "right"] | None:
    """From which side a scene is lit; None: from the front."""
    if abs(scene.key) < _SIDE:
        return None
    return "left" if scene.key < 0 else "right"


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        resources.files("photo_steps.prompts").joinpath("products.json").read_bytes()
    )
    return found
