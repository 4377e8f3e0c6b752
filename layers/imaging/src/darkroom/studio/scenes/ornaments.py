"""Things of the seasons, hung or drawn on a scene; changes it in place."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from PIL import ImageDraw

from darkroom.picture import Floats
from darkroom.studio.blur import blurred
from darkroom.studio.scenes import lights
from darkroom.studio.scenes.drawing import colour, lay, mask, moved
from darkroom.studio.scenes.materials import Rng
from photo_steps.scenes import Decor, Ornament

type Hang = Callable[[Rng, Floats, Decor, float, float], None]
type Point = tuple[float, float]
type Place = tuple[float, float, float]

# Two sets of places, as shares of width and height, and sizes.
_OUTER = (
    *((0.10, 0.17, 1.0), (0.90, 0.21, 1.05), (0.20, 0.08, 0.62)),
    *((0.79, 0.07, 0.66), (0.03, 0.34, 0.6), (0.97, 0.42, 0.6)),
)
_INNER = (
    *((0.24, 0.13, 0.8), (0.75, 0.10, 0.85), (0.035, 0.11, 0.7)),
    *((0.96, 0.12, 0.7), (0.33, 0.06, 0.6), (0.66, 0.06, 0.55)),
)


def decorate(rng: Rng, light: Floats, told: Decor, key: float, horizon: float) -> None:
    """Put one ornament into a scene whose ground begins at `horizon`, a share of its height."""
    _ORNAMENTS[told.ornament](rng, light, told, key, horizon)


def _filled(light: Floats, text: str | Floats, *shapes: Sequence[Point], soft: float = 0) -> None:
    """Fill polygons with a colour, in the part of the scene that they reach."""
    corners = np.array([corner for shape in shapes for corner in shape])
    reach = math.ceil(3 * soft) + 2
    left, top = (max(0, math.floor(side) - reach) for side in corners.min(axis=0))
    right, bottom = (math.ceil(side) + reach for side in corners.max(axis=0))
    part = light[top : max(top, bottom), left : max(left, right)]
    if not part.size:
        return

    def draw(canvas: ImageDraw.ImageDraw, fine: float) -> None:
        for shape in shapes:
            canvas.polygon([((x - left) * fine, (y - top) * fine) for x, y in shape], fill=255)

    height, width = part.shape[:2]
    tone = colour(text) if isinstance(text, str) else text
    lay(part, mask(height, width, draw, soft), tone)


def _oval(x: float, y: float, across: float, down: float, corners: int = 40) -> list[Point]:
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return [(x + across * float(np.cos(t)), y + down * float(np.sin(t))) for t in turns]


def _bar(x: float, half: float, top: float, bottom: float) -> list[Point]:
    """An upright rectangle about a column."""
    return [(x - half, top), (x + half, top), (x + half, bottom), (x - half, bottom)]


def _glow(light: Floats, x: float, y: float, reach: float, text: str, strength: float) -> None:
    height, width = light.shape[:2]
    down, across = np.arange(height)[:, None] - y, np.arange(width)[None, :] - x
    halo = np.exp(-(down**2 + across**2) / (2 * reach**2)).astype(np.float32)
    light += (np.float32(strength) * halo)[..., None] * colour(text)


def _hung(light: Floats, amount: int, places: Sequence[Place]) -> list[Place]:
    """Where things hang, in pixels, and how large: beside the middle, never over it."""
    height, width = light.shape[:2]
    unit = min(width, height)
    kept = places[: max(1, round(amount / 100 * len(places)))]
    return [(x * width, y * height, size * unit) for x, y, size in kept]


def red_lanterns(_: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Round paper lanterns with tassels."""
    for x, y, size in _hung(light, told.amount, _OUTER):
        across, down = size * 0.065, size * 0.052
        _glow(light, x, y, across * 1.6, "#ff5030", 0.10)
        _filled(light, "#c8a040", _bar(x, size * 0.0012, 0, y))
        body = colour(told.colour)
        for share in (1.0, 0.8, 0.55, 0.28):
            _filled(light, body * np.float32(1.25 - 0.5 * share), _oval(x, y, across * share, down))
        for edge in (-1, 1):
            end = y + edge * down
            _filled(light, "#d8ac48", _bar(x, across * 0.4, end - size * 0.006, end + size * 0.006))
        tail = y + down + size * 0.05
        _filled(light, "#d8ac48", _bar(x, size * 0.006, y + down, tail))


def lanterns(_: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Metal lanterns with light in them, as in Ramadan."""
    for x, y, size in _hung(light, told.amount, _OUTER):
        half, high = size * 0.036, size * 0.10
        _glow(light, x, y, size * 0.10, "#ffb860", 0.32)
        _filled(light, "#6a4a18", _bar(x, size * 0.001, 0, y - high * 0.8))
        upper, lower = y - high * 0.42, y + high * 0.5
        frame = [
            (x - half, upper),
            (x + half, upper),
            (x + half * 0.8, lower),
            (x - half * 0.8, lower),
        ]
        _filled(light, told.colour, frame)
        glass = [(x + (a - x) * 0.78, y + (b - y) * 0.84) for a, b in frame]
        _filled(light, "#ffe9b4", glass)
        flame = _oval(x, y + high * 0.12, half * 0.42, high * 0.26)
        _filled(light, "#ffc25e", flame, soft=size * 0.003)
        for share in (-0.34, 0.0, 0.34):
            bar = x + share * half * 2 * 0.7
            _filled(light, told.colour, _bar(bar, size * 0.0018, upper, lower))
        roof = [(x - half * 1.25, upper), (x, y - high * 0.88), (x + half * 1.25, upper)]
        foot = _bar(x, half * 1.05, lower, y + high * 0.6)
        _filled(light, told.colour, roof, foot)


def ketupat(_: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Woven rice parcels, as at Eid."""
    for x, y, size in _hung(light, told.amount, _INNER):
        half = size * 0.048
        _filled(light, "#b89a40", _bar(x, size * 0.0012, 0, y - half))
        cells = 4
        for row in range(cells):
            for column in range(cells):
                u, v = (column - cells / 2) / cells * 2, (row - cells / 2) / cells * 2
                step = 2 / cells
                corners = [(u, v), (u + step, v), (u + step, v + step), (u, v + step)]
                shape = [(x + (a - b) * half / 2, y + (a + b) * half / 2) for a, b in corners]
                tone = colour(told.colour) * np.float32((0.62, 1.0)[(row + column) % 2])
                _filled(light, tone, shape)
        for way in (-1, 1):
            tail = [(0.0, 1.0), (way * 0.5, 1.9), (way * 0.25, 2.0)]
            _filled(light, told.colour, [(x + a * half, y + b * half) for a, b in tail])


def crescent(_: Rng, light: Floats, told: Decor, key: float, _horizon: float) -> None:
    """A large moon on the wall, with its shadow."""
    height, width = light.shape[:2]
    unit = min(width, height)
    x, y = width * 0.5 - key * width * 0.04, height * 0.36
    radius = unit * (0.16 + 0.0012 * told.amount)
    down, across = np.arange(height)[:, None] + 0.5, np.arange(width)[None, :] + 0.5
    whole = (radius - np.hypot(across - x, down - y) + 0.5).clip(0, 1)
    inner = np.hypot(across - x - radius * 0.36, down - y + radius * 0.14)
    hidden = (radius * 0.86 - inner + 0.5).clip(0, 1)
    moon = (whole * (1 - hidden)).astype(np.float32)
    away = (round(unit * 0.014), round(-key * unit * 0.016))
    cast = moved(blurred(moon, unit * 0.012), *away)
    light *= (1 - 0.42 * cast)[..., None]
    shine = (1.08 - 0.34 * (down - y + radius) / (2 * radius)).astype(np.float32)
    lay(light, moon, np.broadcast_to(colour(told.colour) * shine[..., None], light.shape))


def blossom(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Flowering branches from both upper corners."""
    height, width = light.shape[:2]
    unit = min(width, height)
    branches: list[list[Point]] = []
    flowers: list[tuple[float, float, float]] = []
    for side in (0, 1):
        x, y = (-0.02 * width, 0.10 * height) if side == 0 else (1.02 * width, 0.02 * height)
        turn = 0.10 if side == 0 else np.pi - 0.32
        thick = unit * 0.009
        for _ in range(16):
            turn += rng.normal(0, 0.16)
            nx = x + float(np.cos(turn)) * unit * 0.030
            ny = y + float(np.sin(turn)) * unit * 0.030
            half = thick / 2
            branches.append([(x, y - half), (nx, ny - half), (nx, ny + half), (x, y + half)])
            thick *= 0.92
            for _ in range(round(1 + told.amount / 26)):
                aside, below = rng.normal(0, (0.022, 0.026)) * unit
                size = unit * (0.010 + 0.011 * rng.random())
                flowers.append((nx + aside, ny + below, size))
            x, y = nx, ny
    _filled(light, "#4a2a20", *branches)
    tint = colour(told.colour)
    for lighter, spread in ((0.0, 1.0), (0.45, 0.72)):
        tone = tint + np.float32(lighter) * (1 - tint)
        shapes = []
        for x, y, r in flowers:
            for turn in np.linspace(0, 2 * np.pi, 5, endpoint=False) + x:
                out_x, out_y = float(np.cos(turn)) * r * 0.62, float(np.sin(turn)) * r * 0.62
                petal = r * 0.55 * spread
                shapes.append(_oval(x + out_x, y + out_y, petal, petal, 12))
        _filled(light, tone, *shapes)
    _filled(light, "#f2b84a", *(_oval(x, y, r * 0.20, r * 0.20, 10) for x, y, r in flowers))


def baubles(rng: Rng, light: Floats, told: Decor, key: float, _horizon: float) -> None:
    """Glass balls on threads."""
    tints = (told.colour, "#d8b04a", "#b01828", "#e6e2da")
    for number, (x, y, size) in enumerate(_hung(light, told.amount, _OUTER)):
        radius = size * 0.042
        y += radius * (1 + rng.random())
        _filled(light, "#c8a858", _bar(x, size * 0.001, 0, y - radius))
        base = colour(tints[number % len(tints)])
        for share in np.linspace(1, 0.1, 12):
            tone = base * np.float32(0.35 + 0.95 * (1 - share)) + np.float32(0.04 * (1 - share))
            off = (1 - share) * radius * 0.42
            disc = _oval(x + key * off, y - off, radius * share, radius * share)
            _filled(light, np.asarray(tone, np.float32), disc)
        side = radius * 0.45
        glint = _oval(x + key * side, y - side, radius * 0.12, radius * 0.09)
        _filled(light, "#fff4e0", glint, soft=radius * 0.03)
        _filled(light, "#c8a858", _oval(x, y - radius, radius * 0.2, radius * 0.16, 12))


def bunting(_: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Pennants on a line across the top, in a colour and white by turns."""
    height, width = light.shape[:2]
    unit = min(width, height)
    count = 13
    pennants: tuple[list[list[Point]], list[list[Point]]] = ([], [])
    for strand, (top, sag) in enumerate(((0.02, 0.10), (0.06, 0.17))):
        xs = np.linspace(-0.02, 1.02, count + 1) * width
        ys = (top + sag * (1 - (2 * np.linspace(0, 1, count + 1) - 1) ** 2)) * height
        for number in range(count):
            (x0, x1), (y0, y1) = xs[number : number + 2], ys[number : number + 2]
            tip = ((x0 + x1) / 2, (y0 + y1) / 2 + unit * 0.075)
            pennants[(number + strand) % 2].append([(x0, y0), (x1, y1), tip])
    for tone, shapes in zip((told.colour, "#ffffff"), pennants, strict=True):
        _filled(light, tone, *shapes)


_ORNAMENTS: dict[Ornament, Hang] = {
    "bokeh": lights.bokeh,
    "window-light": lights.window_light,
    "leaf-shadow": lights.leaf_shadow,
    "sparkles": lights.sparkles,
    "confetti": lights.confetti,
    "snow": lights.snow,
    "petals": lights.petals,
    "hearts": lights.hearts,
    "stars": lights.stars,
    "ring": lights.ring,
    "red-lanterns": red_lanterns,
    "lanterns": lanterns,
    "ketupat": ketupat,
    "crescent": crescent,
    "blossom": blossom,
    "baubles": baubles,
    "bunting": bunting,
}
