"""What stands behind a scene: walls, patterns, rooms; in linear light, (h, w, 3) float32."""

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw

from darkroom.picture import Floats
from darkroom.studio.blur import blurred
from darkroom.studio.scenes.drawing import colour, grid, lay, mask, mixed, moved
from darkroom.studio.scenes.materials import Rng
from darkroom.studio.scenes.noise import noise
from darkroom.studio.scenes.panorama import view
from photo_steps.scenes import Pattern, Wall

_FOCUS = 0.026

type Box = tuple[float, float, float]
type Paint = Callable[[Rng, int, int, Wall, float], Floats]


def wall(rng: Rng, height: int, width: int, told: Wall, key: float) -> Floats:
    """Paint a wall that a light from `key` (-1 left to 1 right) falls on."""
    return _PATTERNS[told.pattern](rng, height, width, told, key)


def _lit(light: Floats, key: float, fall: float = 0.20) -> Floats:
    """Let a wall grow darker away from the light, and towards its corners."""
    height, width = light.shape[:2]
    across, down = grid(height, width)
    away = (across - np.float32(0.5 + 0.35 * key)) ** 2 * 0.9 + (down - np.float32(0.34)) ** 2
    return np.asarray(light * (1 + fall * 0.35 - fall * 1.5 * away)[..., None], np.float32)


def _flat(height: int, width: int, text: str) -> Floats:
    return np.broadcast_to(colour(text), (height, width, 3)).astype(np.float32)


def _plain(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    return _lit(_flat(h, w, told.colour), key, 0.34)


def _two_tone(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    across, down = grid(h, w)
    edge = ((across - 0.62 + 0.26 * (down - 0.5)) * w / 1.5).clip(0, 1)
    return _lit(mixed(colour(told.colour), colour(told.accent), edge), key)


def _room(_: Rng, h: int, w: int, told: Wall, _key: float) -> Floats:
    seen = view(told.room or "apartment", told.turn, w, h, _FOCUS)
    tinted: Floats = seen * (0.25 + 0.75 * colour(told.accent))
    return tinted


def _arches(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    light = _flat(h, w, told.colour)
    unit = min(w, h)
    for middle, half, top, shade in ((0.5 + 0.13, 0.20, 0.24, 1.0), (0.5 - 0.20, 0.15, 0.36, 0.86)):
        box = (middle * w - half * unit, middle * w + half * unit, top * h)

        def arch(draw: ImageDraw.ImageDraw, fine: float, box: Box = box) -> None:
            first, last, high = (side * fine for side in box)
            draw.pieslice((first, high, last, high + last - first), 180, 360, fill=255)
            draw.rectangle((first, high + (last - first) / 2, last, h * fine), fill=255)

        form = mask(h, w, arch)
        away = (round(unit * 0.008), round(-key * unit * 0.012))
        cast = moved(blurred(form, unit * 0.014), *away)
        light *= (1 - 0.22 * cast * (1 - form))[..., None].astype(np.float32)
        lay(light, form, colour(told.accent) * np.float32(shade))
        inner = blurred(form, unit * 0.02)
        light *= (1 - 0.16 * form * (1 - inner))[..., None].astype(np.float32)
    return _lit(light, key)


def _waves(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    """Seigaiha: overlapping circles of waves."""
    pitch = max(w, h) / 13
    x, y = np.arange(w, dtype=np.float32)[None, :], np.arange(h, dtype=np.float32)[:, None]
    lines = np.zeros((h, w), np.float32)
    free = np.ones((h, w), bool)
    first = np.floor(y / (pitch / 4))
    # The circles of lower rows lie over those of upper ones.
    for step in (4, 3, 2, 1, 0):
        row = first + step
        middle_y = row * (pitch / 4) + pitch / 4
        shift = (row % 2) * (pitch / 2)
        middle_x = np.round((x - shift) / pitch) * pitch + shift
        far = np.hypot(x - middle_x, y - middle_y) / (pitch / 2)
        inside = (far <= 1) & free
        ring = np.abs((far * 4) % 1 - 0.5) * 2
        lines = np.where(inside, (1 - ring / 0.5).clip(0, 1), lines)
        free &= ~inside
    fade = 0.28 + 0.5 * grid(h, w)[1]
    share = lines * fade * np.float32(0.6)
    return _lit(mixed(colour(told.colour), colour(told.accent), share), key, 0.5)


def _kawung(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    """Kawung: four petals around each point, as in batik."""
    pitch = max(w, h) / 9
    x = np.arange(w, dtype=np.float32)[None, :] / pitch
    y = np.arange(h, dtype=np.float32)[:, None] / pitch
    u, v = (x + y) % 1 - 0.5, (x - y) % 1 - 0.5
    petal = np.maximum(
        1 - ((np.abs(u) - 0.25) / 0.20) ** 2 - (v / 0.11) ** 2,
        1 - ((np.abs(v) - 0.25) / 0.20) ** 2 - (u / 0.11) ** 2,
    )
    line = (1 - np.abs(petal - 0.15) / 0.22).clip(0, 1) + (petal > 0.15) * np.float32(0.22)
    dots = (np.hypot(u, v) < 0.035) | (np.hypot(np.abs(u) - 0.5, np.abs(v) - 0.5) < 0.03)
    share = (line + dots).clip(0, 1) * np.float32(0.34)
    return _lit(mixed(colour(told.colour), colour(told.accent), share), key, 0.5)


def _flag(rng: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    """Two halves of a hung cloth whose folds catch the light."""
    across, down = grid(h, w)
    bend = noise(rng, 1, w, w / 2.4, 2)[0] * 0.10 + 0.02 * np.sin(across[0] * 9)
    share = ((down - (0.40 + bend - 0.05)) * h / 1.5).clip(0, 1).astype(np.float32)
    folds = noise(rng, h, w, w / 5, 3, (0.7, 3.2))
    slope = np.gradient(folds, axis=1) * w * 0.07
    cloth = mixed(colour(told.colour), colour(told.accent), share)
    return _lit(cloth * (0.97 + 0.42 * slope).clip(0.45, 1.3)[..., None], key, 0.15)


def _rays(_: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    across, down = grid(h, w)
    turn = np.arctan2((down - 0.62) * h, (across - 0.5) * w)
    wave = np.sin(turn * 18)
    far = np.hypot((down - 0.62) * h, (across - 0.5) * w)
    share = (wave * far / 18 * 0.5 + 0.5).clip(0, 1)
    return _lit(mixed(colour(told.colour), colour(told.accent), share), key, 0.3)


def _curtain(rng: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    across, _ = grid(h, w)
    wander = noise(rng, h, w, w / 3, 2, (1, 6)) * 2.4
    phase = (across * 11 + wander) * np.float32(2 * np.pi)
    fold = np.sin(phase) * 0.5 + 0.5
    light = 0.25 + 0.75 * fold**1.4 + 0.15 * np.cos(phase * 2 + key)
    return _lit(mixed(colour(told.accent), colour(told.colour), light.clip(0, 1)), key, 0.4)


def _tiles(rng: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    across, down = grid(h, w)
    ratio = h / w
    row = np.floor(down * 9 * ratio)
    x, y = across * 5 + 0.5 * (row % 2), down * 9 * ratio
    from_edge = np.minimum(np.minimum(x % 1, 1 - x % 1) / 5, np.minimum(y % 1, 1 - y % 1) / 9) * w
    grout = (1 - from_edge / max(1.2, w / 420)).clip(0, 1)
    tone = rng.random(4096).astype(np.float32)[(np.floor(x) * 31 + row * 17).astype(int) % 4096]
    glaze = 0.94 + 0.07 * tone + 0.05 * noise(rng, h, w, w / 12, 2)
    light = mixed(colour(told.colour), colour(told.accent), grout) * glaze[..., None]
    soft = np.stack([blurred(light[..., channel], w / 500) for channel in range(3)], axis=-1)
    return _lit(np.asarray(soft, np.float32), key, 0.35)


def _plaster(rng: Rng, h: int, w: int, told: Wall, key: float) -> Floats:
    cloud, fine = noise(rng, h, w, w / 2.5, 5), noise(rng, h, w, w / 133, 3)
    trowel = noise(rng, h, w, w / 9, 3, (2.6, 0.8))
    light = 0.88 + 0.10 * cloud + 0.08 * fine + 0.08 * trowel
    tone = mixed(colour(told.colour), colour(told.accent), (cloud - 0.35).clip(0, 1))
    return _lit(tone * light[..., None].astype(np.float32), key, 0.32)


def _sky(rng: Rng, h: int, w: int, told: Wall, _key: float) -> Floats:
    _, down = grid(h, w)
    light = mixed(colour(told.colour), colour(told.accent), np.broadcast_to(down**1.2, (h, w)))
    cloud = noise(rng, h, w, w / 2.2, 5, (1.8, 0.8))
    share = ((cloud - 0.52) * 4).clip(0, 1) * (1 - down) * np.float32(0.55)
    lay(light, np.asarray(share, np.float32), np.array((0.95, 0.95, 0.95), np.float32))
    return light


_PATTERNS: dict[Pattern, Paint] = {
    "plain": _plain,
    "two-tone": _two_tone,
    "room": _room,
    "arches": _arches,
    "waves": _waves,
    "kawung": _kawung,
    "flag": _flag,
    "rays": _rays,
    "curtain": _curtain,
    "tiles": _tiles,
    "plaster": _plaster,
    "sky": _sky,
}
