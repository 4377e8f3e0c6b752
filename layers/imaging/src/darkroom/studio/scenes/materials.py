"""What grounds and walls are made of: flat textures in linear light, (h, w, 3) float32."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from darkroom.picture import Floats
from darkroom.studio.scenes.drawing import colour, mixed
from darkroom.studio.scenes.noise import bent, noise
from photo_steps.scenes import Material

type Rng = np.random.Generator
type Texture = Callable[[Rng, int, int, Floats, Floats], Floats]


def texture(
    material: Material, rng: Rng, height: int, width: int, base: str, accent: str
) -> Floats:
    """A flat piece of a material in two colours."""
    return _TEXTURES[material](rng, height, width, colour(base), colour(accent))


def _plain(rng: Rng, h: int, w: int, base: Floats, _: Floats) -> Floats:
    grain = noise(rng, h, w, w / 3, 2)
    return base * (0.985 + np.float32(0.03) * grain)[..., None]


def _marble(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    clouds = noise(rng, h, w, w / 2.2, 5)
    warp_x, warp_y = (noise(rng, h, w, w / 3, 4) - np.float32(0.5) for _ in range(2))
    veins = np.zeros((h, w), np.float32)
    for cell, strength in ((w / 2.5, 1.0), (w / 6, 0.45)):
        field = bent(noise(rng, h, w, cell, 4), warp_x * w * 0.5, warp_y * w * 0.5)
        ridge = (1 - np.abs(2 * field - 1) * 9).clip(0, 1) ** 3
        veins += np.float32(strength) * ridge * (clouds * 2.4 - 0.7).clip(0, 1)
    tone = mixed(base, base * np.float32(0.78), (clouds * 1.3 - 0.35).clip(0, 1))
    grey = base * np.float32(0.34) + np.float32(0.02)
    tone += (veins * 0.75).clip(0, 1)[..., None] * (grey - tone)
    hair = bent(noise(rng, h, w, w / 2, 3), warp_y * w * 0.6, warp_x * w * 0.6)
    gold = (1 - np.abs(2 * hair - 1) * 34).clip(0, 1) * (clouds * 8 - 3.8).clip(0, 1)
    return np.asarray(tone + (gold * 0.8)[..., None] * (accent - tone), np.float32)


def _wood(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    planks = 6
    tone = np.empty((h, w, 3), np.float32)
    edges = np.linspace(0, h, planks + 1).astype(int)
    for top, bottom in pairwise(edges.tolist()):
        rows = bottom - top
        warp = noise(rng, rows, w, w / 2, 3, (1.6, 0.6))
        down = np.arange(rows, dtype=np.float32)[:, None] / rows
        rings = np.sin((down * 5 + warp * 9 + rng.random() * 9) * 2 * np.pi * 0.55) * 0.5 + 0.5
        grain = noise(rng, rows, w, w / 46, 3, (14, 0.22))
        pores = (noise(rng, rows, w, w / 171, 1, (9, 0.35)) > 0.72) * np.float32(0.14)
        share = (0.42 * rings + 0.58 * grain - 0.12).clip(0, 1)
        plank = mixed(base, accent, share) * np.float32(0.88 + 0.24 * rng.random())
        plank *= (1 - pores)[..., None]
        gap = np.minimum(np.arange(rows), np.arange(rows)[::-1])[:, None] < max(1, h // 450)
        tone[top:bottom] = np.where(gap[..., None], plank * np.float32(0.35), plank)
    return tone


def _linen(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    across, down = np.arange(w, dtype=np.float32)[None, :], np.arange(h, dtype=np.float32)[:, None]
    thread = max(2.4, w / 420)
    wobble = noise(rng, h, w, w / 5, 3) * np.float32(thread * 5)
    warp = np.sin((across + wobble) * np.float32(2 * np.pi / thread))
    weft = np.sin((down + wobble) * np.float32(2 * np.pi / thread))
    slubs = noise(rng, h, w, w / 86, 2, (9, 0.3)) + noise(rng, h, w, w / 86, 2, (0.3, 9)) - 1
    folds = noise(rng, h, w, w / 2.2, 3)
    slope = np.gradient(folds, axis=1) * w + np.gradient(folds, axis=0) * w * 0.6
    light = 1 + 0.05 * warp * weft + 0.03 * (warp + weft) + 0.22 * slubs + 0.09 * slope.clip(-2, 2)
    tone = mixed(base, accent, (folds - 0.25).clip(0, 1) * np.float32(0.3))
    return np.asarray(tone * light[..., None], np.float32)


def _stone(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    cloud, fine = noise(rng, h, w, w / 4, 5), noise(rng, h, w, w / 240, 2)
    speck = (noise(rng, h, w, w / 133, 2) > 0.7) * np.float32(0.18)
    share = (cloud * 1.5 - 0.4).clip(0, 1)
    tone = mixed(base, accent, share)
    return np.asarray(tone * (0.86 + 0.24 * fine - speck)[..., None], np.float32)


def _concrete(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    cloud, streak = noise(rng, h, w, w / 3, 5), noise(rng, h, w, w / 8, 3, (0.6, 3))
    fine = noise(rng, h, w, w / 300, 1)
    tone = mixed(base, accent, (cloud - 0.3).clip(0, 1))
    holes = (noise(rng, h, w, w / 100, 1) > 0.86) * np.float32(0.22)
    light = 0.78 + 0.3 * cloud + 0.1 * streak + 0.06 * fine - holes
    return np.asarray(tone * light[..., None], np.float32)


def _sand(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    warp = noise(rng, h, w, w / 3, 3)
    down = np.arange(h, dtype=np.float32)[:, None] / h
    ripples = np.sin((down * 40 + warp * 5) * np.pi) * noise(rng, h, w, w / 4, 3)
    grain = noise(rng, h, w, w / 1200, 1) - np.float32(0.5)
    light = 0.96 + 0.07 * ripples + 0.22 * grain + 0.16 * (warp - 0.5)
    return np.asarray(mixed(base, accent, warp) * light[..., None], np.float32)


def _terrazzo(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    tone = np.repeat(np.repeat(base[None, None], h, 0), w, 1) * np.float32(0.96)
    half = np.float32(0.5)
    chips = (accent, base * np.float32(0.45), half * (base + accent), base * np.float32(0.7))
    for number, chip in enumerate(chips):
        cell = w / (22 + 9 * number)
        found = noise(rng, h, w, cell, 2) > 0.655
        tone[found] = chip
    return np.asarray(tone * (0.97 + 0.06 * noise(rng, h, w, w / 200, 1))[..., None], np.float32)


def _grass(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    blades = (
        noise(rng, h, w, w / 120, 2, (0.35, 2.6)) * 0.6
        + noise(rng, h, w, w / 55, 2, (0.4, 2)) * 0.4
    )
    patches = noise(rng, h, w, w / 4, 3)
    light = 0.35 + 1.25 * (blades - 0.15).clip(0, 1)
    return np.asarray(mixed(base, accent, patches) * light[..., None], np.float32)


def _rattan(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    pitch = w / 46
    across = np.arange(w, dtype=np.float32)[None, :] / pitch
    down = np.arange(h, dtype=np.float32)[:, None] / pitch
    over = (np.floor(across) + np.floor(down)) % 2
    bulge_x, bulge_y = np.sin(across % 1 * np.pi), np.sin(down % 1 * np.pi)
    strand = np.where(over > 0, bulge_x * (0.6 + 0.4 * bulge_y), bulge_y * (0.6 + 0.4 * bulge_x))
    tone = mixed(base, accent, noise(rng, h, w, w / 40, 2, (3, 0.4)))
    return np.asarray(tone * (0.3 + 0.85 * strand)[..., None], np.float32)


def _snow(rng: Rng, h: int, w: int, base: Floats, accent: Floats) -> Floats:
    drifts, fine = noise(rng, h, w, w / 3, 4), noise(rng, h, w, w / 200, 2)
    slope = np.gradient(drifts, axis=0) * h * 0.5
    light = 0.9 + 0.12 * slope.clip(-1.5, 1.5) + 0.07 * fine
    tone = mixed(base, accent, (drifts * 0.6).clip(0, 1))
    return np.asarray(tone * light[..., None], np.float32)


_TEXTURES: dict[Material, Texture] = {
    "plain": _plain,
    "marble": _marble,
    "wood": _wood,
    "linen": _linen,
    "stone": _stone,
    "concrete": _concrete,
    "sand": _sand,
    "terrazzo": _terrazzo,
    "grass": _grass,
    "rattan": _rattan,
    "snow": _snow,
}
