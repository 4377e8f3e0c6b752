"""Light and weather over a scene: bokeh, windows, leaves, sparkles, snow; it changes in place."""

import numpy as np
from PIL import ImageDraw

from darkroom.picture import Floats
from darkroom.studio.blur import blurred
from darkroom.studio.scenes.drawing import colour, grid, lay, mask, moved
from darkroom.studio.scenes.materials import Rng
from photo_steps.scenes import Decor

_WARM = ("#ffd9a0", "#ffb070", "#fff0d8", "#ffe2b8")


def bokeh(rng: Rng, light: Floats, told: Decor, _key: float, horizon: float) -> None:
    """Lamps out of focus: discs with brighter rims, above the horizon."""
    height, width = light.shape[:2]
    unit = min(width, height)
    tints = [colour(told.colour), *map(colour, _WARM)]
    for _ in range(round(4 + told.amount * 0.6)):
        radius = unit * (0.008 + 0.030 * rng.beta(1.6, 3))
        x, y = rng.random() * width, rng.beta(1.5, 2.2) * horizon * height * 0.97
        tint = tints[int(rng.integers(len(tints)))] * np.float32(0.25 + 0.65 * rng.random())
        top, left = max(0, int(y - radius - 2)), max(0, int(x - radius - 2))
        part = light[top : int(y + radius + 3), left : int(x + radius + 3)]
        if not part.size:
            continue
        rows, columns = np.mgrid[: part.shape[0], : part.shape[1]]
        far = np.hypot(columns + left - x, rows + top - y)
        disc = (radius - far + 0.5).clip(0, 1) * (0.62 + 0.38 * (far / radius).clip(0, 1) ** 6)
        part += disc[..., None].astype(np.float32) * tint * np.float32(0.75)


def window_light(rng: Rng, light: Floats, told: Decor, key: float, _horizon: float) -> None:
    """The panes of a window, sheared by low sun."""
    height, width = light.shape[:2]
    unit = min(width, height)
    lean = 0.42 if key < 0 else -0.42
    left = width * (0.14 if key < 0 else 0.30) + rng.random() * 0.1 * width

    def panes(draw: ImageDraw.ImageDraw, fine: float) -> None:
        for column in range(2):
            for row in range(3):
                x = left + column * unit * 0.25
                y = height * 0.03 + row * unit * 0.245
                right = x + unit * 0.225
                sides = ((0.0, 0.215), (0.03, 0.245))
                (top, low), (top_right, low_right) = (
                    (y + unit * a, y + unit * b) for a, b in sides
                )
                corners = ((x, top), (right, top_right), (right, low_right), (x, low))
                draw.polygon([((a + b * lean) * fine, b * fine) for a, b in corners], fill=255)

    sun = mask(height, width, panes, unit * 0.007)
    _sunlit(light, sun, told, key)


def leaf_shadow(rng: Rng, light: Floats, told: Decor, key: float, _horizon: float) -> None:
    """The shadow of palm leaves before a low sun."""
    height, width = light.shape[:2]
    unit = max(width, height)

    def leaves(draw: ImageDraw.ImageDraw, fine: float) -> None:
        for _ in range(4):
            side = -0.05 if key < 0 else 1.05
            x, y = side * width, (0.02 + 0.5 * rng.random()) * height
            turn = (0.15 + 0.5 * rng.random()) if key < 0 else np.pi - (0.15 + 0.5 * rng.random())
            for step in range(15):
                along = unit * 0.75 * step / 15
                bend = turn + 0.5 * step / 15 * (1 if key < 0 else -1)
                px, py = x + np.cos(bend) * along, y + np.sin(bend) * along
                for way in (-1, 1):
                    out = bend + way * (1.0 - 0.55 * step / 15)
                    long = unit * 0.26 * (1 - 0.6 * step / 15)
                    tip = (px + np.cos(out) * long, py + np.sin(out) * long)
                    thick = unit * 0.011
                    across = (np.cos(out + np.pi / 2) * thick, np.sin(out + np.pi / 2) * thick)
                    half = ((px + tip[0]) / 2, (py + tip[1]) / 2)
                    one, other = (
                        (half[0] + s * across[0], half[1] + s * across[1]) for s in (1, -1)
                    )
                    corners = ((px, py), one, tip, other)
                    draw.polygon([(a * fine, b * fine) for a, b in corners], fill=255)

    shade = mask(height, width, leaves, unit * 0.005)
    _sunlit(light, 1 - shade, told, key)


def _sunlit(light: Floats, sun: Floats, told: Decor, key: float) -> None:
    """Brighten what the sun reaches, and let the rest fall a little behind."""
    height, width = light.shape[:2]
    strength = np.float32(told.amount / 100)
    across, down = grid(height, width)
    fade = (1.1 - 0.5 * down - 0.3 * np.abs(across - 0.5 - 0.2 * key)).clip(0.2, 1)
    lit = sun * fade.astype(np.float32)
    warm = np.array((1.0, 0.93, 0.82), np.float32)
    light *= (1 - np.float32(0.30) * strength * (1 - lit))[..., None]
    light *= 1 + (np.float32(0.34) * strength * lit)[..., None] * warm


def sparkles(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Four-pointed glints and small dots."""
    height, width = light.shape[:2]
    unit = min(width, height)
    total = np.zeros((height, width), np.float32)
    for _ in range(round(12 + told.amount * 0.9)):
        reach = unit * (0.006 + 0.034 * rng.beta(1, 3.5))
        x, y = rng.random() * width, rng.beta(1.1, 1.5) * height
        size = int(reach * 2)
        top, left = max(0, int(y) - size), max(0, int(x) - size)
        part = total[top : int(y) + size + 1, left : int(x) + size + 1]
        if not part.size:
            continue
        rows, columns = np.mgrid[: part.shape[0], : part.shape[1]]
        dx, dy = np.abs(columns + left - x) / reach, np.abs(rows + top - y) / reach
        star = np.exp(-((dx + 0.02) ** 0.55 + (dy + 0.02) ** 0.55) * 3.1) * 6
        part += (star + np.exp(-(dx**2 + dy**2) * 22) * 0.9).clip(0, 1).astype(np.float32)
    lay(light, total.clip(0, 1), colour(told.colour))


def snow(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Falling flakes, some of them out of focus."""
    _strewn(rng, light, told, "flake")


def confetti(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Falling pieces of paper in white and a colour."""
    _strewn(rng, light, told, "paper")


def petals(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Falling petals."""
    _strewn(rng, light, told, "petal")


def hearts(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Hearts that float."""
    _strewn(rng, light, told, "heart")


def stars(rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """Five-pointed stars."""
    _strewn(rng, light, told, "star")


def _strewn(rng: Rng, light: Floats, told: Decor, kind: str) -> None:
    height, width = light.shape[:2]
    unit = min(width, height)
    # In two depths: the far ones smaller and softer, each kind in its own and a lighter colour.
    for depth, soft in ((0.55, 0.0018), (1.0, 0.0005)):
        for tint in (colour(told.colour), 0.5 * colour(told.colour) + np.float32(0.5)):

            def pieces(draw: ImageDraw.ImageDraw, fine: float, depth: float = depth) -> None:
                for _ in range(round(4 + told.amount * 0.35)):
                    x, y = rng.random() * width, rng.beta(1.0, 1.6) * height * 0.92
                    size = unit * depth * (0.008 + 0.012 * rng.random()) * _SIZES[kind]
                    shape = _outline(kind, rng) * size
                    draw.polygon([((x + a) * fine, (y + b) * fine) for a, b in shape], fill=255)

            through = mask(height, width, pieces, unit * soft)
            lay(light, through * np.float32(0.55 + 0.4 * depth), np.asarray(tint, np.float32))


_SIZES = {"flake": 0.42, "paper": 0.8, "petal": 1.2, "heart": 1.6, "star": 1.3}


def _outline(kind: str, rng: Rng) -> np.ndarray:
    """Corners of one piece about its middle, turned at random: (n, 2)."""
    turn = rng.random() * 2 * np.pi
    if kind == "flake":
        angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        return np.stack((np.cos(angles), np.sin(angles)), axis=1)
    if kind == "heart":
        t = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        x = 16 * np.sin(t) ** 3
        y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
        shape, turn = np.stack((x, y), axis=1) / 14, (rng.random() - 0.5) * 0.9
    elif kind == "star":
        angles = np.linspace(0, 2 * np.pi, 10, endpoint=False)
        reach = np.where(np.arange(10) % 2, 0.42, 1.0)
        shape = np.stack((np.sin(angles) * reach, -np.cos(angles) * reach), axis=1)
    elif kind == "petal":
        angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        thick = 0.5 * np.sin(angles) * (1 - 0.35 * np.cos(angles))
        shape = np.stack((np.cos(angles), thick), axis=1)
    else:
        flat = 0.25 + 0.6 * rng.random()
        shape = np.array(((-1, -flat), (1, -flat), (1, flat), (-1, flat))) * (0.9, 0.6)
    turned = np.array(((np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))))
    return np.asarray(shape @ turned)


def ring(_rng: Rng, light: Floats, told: Decor, _key: float, _horizon: float) -> None:
    """A thin metal hoop on the wall, with its shadow."""
    height, width = light.shape[:2]
    unit = min(width, height)
    across, down = np.arange(width)[None, :] - width / 2, np.arange(height)[:, None] - 0.42 * height
    far = np.hypot(across, down) - 0.27 * unit
    band = (0.006 * unit - np.abs(far) + 0.5).clip(0, 1).astype(np.float32)
    cast = moved(blurred(band, unit * 0.008), round(unit * 0.008), round(unit * 0.01))
    light *= (1 - 0.4 * cast)[..., None]
    shine = 0.62 + 0.5 * (np.sin(np.arctan2(down, across) * 3 + 0.8) * 0.5 + 0.5)
    lay(light, band, np.asarray(colour(told.colour) * shine[..., None], np.float32))
