"""What the studio costs: `python -m benchmarks.studio`.

CPU milliseconds, the least of some turns, of each shadow, preset, kind of backdrop and of whole
templates, on canvases of 640, 1200 and 2400 px; beside them, decoding and encoding a JPEG of the
same picture in the same turns, which counts as 1. The product is the drawn bottle. Scenes are
painted anew in each turn unless they are called cached.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import get_args

from benchmarks import report
from darkroom.compose import composed
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.picture import Picture
from darkroom.steps.light import light
from darkroom.studio.canvas import frame
from darkroom.studio.rendering import painter, thrown
from darkroom.studio.sample import bottle
from darkroom.studio.scenes import scene as scenes
from darkroom.studio.showing import rendered
from photo_steps.studio import Frame, Light, LightPreset, OnGradient, Shadow, Stop
from photo_steps.templates import templates

SIDES_PX = (640, 1200, 2400)
TURNS = 3
PRESETS: tuple[LightPreset, ...] = get_args(LightPreset.__value__)
GRADIENT = OnGradient(
    type="linear", stops=(Stop(colour="#f6f5f3", at=0), Stop(colour="#c9d4e8", at=100))
)
MAX_SHADOW_MS, MAX_LIGHT_MS, MAX_PREVIEW_MS, MAX_TEMPLATE_MS = 100, 60, 200, 1500
SUBJECT = bottle(2400)

type Way = Callable[[], object]


def main() -> None:
    """Measure, print."""
    measured = {side: _measured(side) for side in SIDES_PX}
    names = list(measured[SIDES_PX[0]])
    report.table(
        {"CPU ms": ""} | {f"{side} px": ".0f" for side in SIDES_PX} | {"ratio at 1200": ".2f"},
        [
            (
                name,
                *(measured[side][name] for side in SIDES_PX),
                measured[1200][name] / measured[1200][BASE],
            )
            for name in names
        ],
    )
    shadow = max(row[name] for row in measured.values() for name in names if _is(name, "shadow"))
    pass_ = max(measured[1200][name] for name in names if _is(name, "light"))
    preview, template = measured[640]["preview, cached"], measured[1200]["slowest template"]
    report.verdict(f"a shadow takes at most {MAX_SHADOW_MS} ms", shadow <= MAX_SHADOW_MS)
    report.verdict(f"a pass of light at most {MAX_LIGHT_MS} ms", pass_ <= MAX_LIGHT_MS)
    report.verdict(f"a preview at most {MAX_PREVIEW_MS} ms", preview <= MAX_PREVIEW_MS)
    report.verdict(f"a template at most {MAX_TEMPLATE_MS} ms", template <= MAX_TEMPLATE_MS)
    report.figures(
        shadow_ms=round(shadow),
        light_ms=round(pass_),
        preview_ms=round(preview),
        template_ms=round(template),
        ratios={name: round(measured[1200][name] / measured[1200][BASE], 2) for name in names},
    )


BASE = "decode and encode"


def _is(name: str, kind: str) -> bool:
    return name.startswith(kind)


def _measured(side: int) -> dict[str, float]:
    """CPU milliseconds of everything on a canvas of that side."""
    framed = frame(SUBJECT, Frame(width=side, height=side, fill_percent=60, base_percent=84))
    white = replace(framed, backdrop=(255, 255, 255))
    photo = encode(white, "jpeg")
    ways: dict[str, Way] = {
        BASE: lambda: encode(decode_photo(photo), "jpeg"),
        "frame": partial(frame, SUBJECT, Frame(width=side, height=side)),
    }
    for kind in ("natural", "drop", "reflection"):
        told = Shadow(type=kind)
        ways[f"shadow {kind}"] = partial(thrown, replace(white, shadow=told))
        ways[f"laid with {kind}"] = partial(composed, replace(white, shadow=told))
    for preset in PRESETS:
        ways[f"light {preset}"] = partial(light, framed, Light(mode="preset", preset=preset))
    ways["light by hand"] = partial(light, framed, Light(mode="manual", brightness=20, warmth=10))
    ways["light auto"] = partial(light, framed, Light(mode="auto"))
    ways["backdrop plain"] = partial(composed, white)
    ways["backdrop gradient"] = partial(_painted, replace(framed, backdrop=GRADIENT))
    found = _least(ways)
    return found | _templates(side)


def _painted(picture: Picture) -> None:
    assert picture.backdrop is not None  # noqa: S101
    painter(picture.backdrop, picture.width, picture.height).rows(0, picture.height)


def _templates(side: int) -> dict[str, float]:
    """The slowest and the median template, painted anew; and one preview with all at hand."""
    taken = []
    for template in templates():
        scenes._painted.cache_clear()
        taken.append((_taken(partial(rendered, template, SUBJECT, side)), template))
    taken.sort(key=lambda pair: pair[0])
    slowest, middle = taken[-1], taken[len(taken) // 2]
    small = frame(SUBJECT, Frame(width=side, height=side, fill_percent=90))

    def cached() -> None:
        encode(replace(rendered(slowest[1], small, side), format="webp"), "webp", 80)

    return {
        "median template": middle[0],
        "slowest template": slowest[0],
        "slowest template, cached": _least({"": partial(rendered, slowest[1], SUBJECT, side)})[""],
        "preview, cached": _least({"": cached})[""],
    }


def _least(ways: dict[str, Way]) -> dict[str, float]:
    timed = {name: partial(_taken, way) for name, way in ways.items()}
    return {name: min(runs) for name, runs in report.take_turns(timed, TURNS).items()}


def _taken(way: Way) -> float:
    start = time.process_time()
    way()
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    main()
