"""Reference pictures of the studio's steps: how they are made, and `python -m tests.golden.studio`.

The product is the drawn bottle, so that nothing but the studio's own code and the network that
enlarges are compared.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
from PIL import Image

from darkroom.compose import WHITE, composed
from darkroom.framing import fit
from darkroom.models import Models
from darkroom.picture import Backdrop, Bytes, Picture
from darkroom.steps.light import light
from darkroom.steps.shadow import shadow
from darkroom.steps.watermark import watermark
from darkroom.studio.canvas import frame
from darkroom.studio.sample import bottle
from darkroom.studio.showing import rendered
from darkroom.studio.upscaling import upscale
from models.build import build
from photo_steps.studio import Frame, Light, LightPreset, OnGradient, Shadow, Stop, Watermark
from photo_steps.templates import templates

FOLDER = Path(__file__).parent / "reference/studio"
SIDE_PX = 160
_MADE_PX = 480
TEMPLATES = (
    *("charcoal", "graphite-gradient", "window-sweep"),
    *("marble-counter", "cafe-wood", "rattan-tropical", "beach-sand"),
    *("pastel-podium", "white-reflection", "flash-sale"),
    *("lunar-red-gold", "eid-ketupat", "merdeka-flag", "christmas-bokeh"),
)


@cache
def _framed() -> Picture:
    told = Frame(width=_MADE_PX, fill_percent=62, base_percent=80)
    return frame(bottle(900), told)


def _laid(backdrop: Backdrop | None, *steps: Light | Shadow | Watermark) -> Picture:
    picture = replace(_framed(), backdrop=backdrop)
    for step in steps:
        match step:
            case Light():
                picture = light(picture, step)
            case Shadow():
                picture = shadow(picture, step)
            case Watermark():
                picture = watermark(picture, step)
    return composed(picture)


def _upscaled() -> Picture:
    """A part of the label, enlarged to the size at which it is compared."""
    left, top, side = 66, 136, SIDE_PX // 4
    label = fit(bottle(900), 300).rgb[top : top + side, left : left + side]
    return upscale(Picture(np.ascontiguousarray(label)), 4, Models(build, threads=1))


def _gradient(kind: str) -> OnGradient:
    stops = (
        Stop(colour="#ffe4c4", at=0),
        Stop(colour="#c06080", at=60),
        Stop(colour="#203060", at=100),
    )
    return OnGradient.model_validate({"type": kind, "stops": stops, "angle": 135})


def every() -> dict[str, Callable[[], Picture]]:
    """What is compared, by name."""
    grey = (176, 176, 176)
    made: dict[str, Callable[[], Picture]] = {"frame": lambda: _laid(WHITE)}
    for kind in ("natural", "drop", "reflection"):
        told = Shadow.model_validate({"type": kind})
        made[f"shadow-{kind}"] = lambda told=told: _laid(grey, told)  # type: ignore[misc]
    made["shadow-lying"] = lambda: _laid(grey, Shadow(type="natural", pose="lying"))
    made["shadow-on-nothing"] = lambda: _laid(None, Shadow(type="natural"))
    for preset in get_args(LightPreset.__value__):
        lit = Light(mode="preset", preset=preset)
        made[f"light-{preset}"] = lambda lit=lit: _laid(grey, lit)  # type: ignore[misc]
    by_hand = Light(mode="manual", brightness=30, contrast=20, warmth=40)
    made["light-by-hand"] = lambda: _laid(grey, by_hand)
    for kind in ("linear", "radial"):
        made[f"gradient-{kind}"] = lambda kind=kind: _laid(_gradient(kind))  # type: ignore[misc]
    made["upscale"] = _upscaled
    made["watermark"] = lambda: _laid(grey, Watermark(text="Lumiku"))
    for template in templates():
        if template.id in TEMPLATES:
            made[f"template-{template.id}"] = lambda template=template: rendered(  # type: ignore[misc]
                template, bottle(900), _MADE_PX
            )
    return made


def small(picture: Picture) -> Bytes:
    """What is compared: the picture, its longer side 160 px, transparent ones on magenta."""
    seen = composed(replace(picture, backdrop=(255, 0, 255)))
    reduced = fit(seen, SIDE_PX).rgb
    return np.asarray(reduced)


def main() -> None:
    """Make all reference pictures anew; look at each before committing it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in every().items():
        Image.fromarray(small(make())).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
