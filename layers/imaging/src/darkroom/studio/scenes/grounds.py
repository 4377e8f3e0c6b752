"""What a subject stands on: a bent sheet, a table, a floor, a podium; in linear light."""

import math

import numpy as np
from PIL import Image, ImageDraw

from darkroom.picture import Floats
from darkroom.studio.blur import blurred
from darkroom.studio.scenes.drawing import colour, grid, lay, mask, moved
from darkroom.studio.scenes.materials import Rng, texture
from darkroom.studio.tones import light_of, rounded_levels_of
from photo_steps.scenes import Ground

TABLE_EDGE, FLOOR_EDGE, LID = 0.66, 0.60, 0.74
# How much narrower the far edge of a table is than its near one.
_FAR = 0.45
_MIRRORED = 0.5


def under(rng: Rng, light: Floats, told: Ground, key: float, gloss: float) -> Floats:
    """Lay the ground over the lower part of a wall, (h, w, 3) float32, in place."""
    match told.shape:
        case "sweep":
            _sweep(rng, light, told, key)
        case "table":
            _sheet(rng, light, told, TABLE_EDGE, key, gloss)
        case "floor":
            _sheet(rng, light, told, FLOOR_EDGE, key, gloss)
        case "podium":
            floor = told.model_copy(update={"material": "plain"})
            _sheet(rng, light, floor, LID - 0.06, key, gloss, joined=True)
            _podium(rng, light, told, key)
    return light


def _sweep(rng: Rng, light: Floats, told: Ground, key: float) -> None:
    height, width = light.shape[:2]
    across, down = grid(height, width)
    floor = texture(told.material, rng, height, width, told.colour, told.accent)
    bow = 1 / (1 + np.exp(-(down - 0.66) / 0.035))
    pool = np.exp(-(((across - 0.5 - 0.08 * key) / 0.42) ** 2) - ((down - 0.84) / 0.16) ** 2)
    share = np.broadcast_to(bow, (height, width)).astype(np.float32)
    lay(light, share, floor * (0.97 + 0.09 * pool)[..., None].astype(np.float32))
    # The bend itself sees less of the lamp.
    bend = np.exp(-(((down - 0.655) / 0.05) ** 2)) * np.float32(0.05)
    light *= (1 - bend)[..., None].astype(np.float32)


def _sheet(
    rng: Rng,
    light: Floats,
    told: Ground,
    edge: float,
    key: float,
    gloss: float,
    joined: bool = False,
) -> None:
    """A flat material seen in perspective from an edge on, that mirrors what is behind it."""
    height, width = light.shape[:2]
    top = round(edge * height)
    rows = height - top
    flat = texture(told.material, rng, max(8, round(width * 0.8)), width, told.colour, told.accent)
    seen = _in_perspective(flat, width, rows)
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    across = grid(rows, width)[0]
    haze = [blurred(seen[..., channel], max(0.8, width * 0.004)) for channel in range(3)]
    near = (down * 3).clip(0, 1)[..., None]
    seen = np.stack(haze, axis=-1) * (1 - near) + seen * near
    pool = np.exp(-(((across - 0.5 - 0.10 * key) / 0.45) ** 2) - ((down - 0.5) / 0.55) ** 2)
    corners = 1 - 0.28 * ((across - 0.5) * 2) ** 2 * down
    seen = seen * ((0.80 + 0.28 * pool) * corners)[..., None].astype(np.float32)
    behind = light[max(0, top - rows) : top][::-1]
    mirror = np.zeros_like(seen)
    mirror[: len(behind)] = behind
    soft_x, soft_y = width * 0.012, rows * 0.05
    mirror = np.stack([blurred(mirror[..., c], soft_x, soft_y) for c in range(3)], axis=-1)
    fade = np.float32(gloss * _MIRRORED) * (1 - down * 0.75)
    seen = seen + fade[..., None] * (mirror - seen * np.float32(0.5))
    through = np.zeros((height, width), np.float32)
    soft = height * (0.02 if joined else 0.0016)
    through[:] = ((np.arange(height)[:, None] + 0.5 - top) / max(1.0, soft) + 0.5).clip(0, 1)
    whole = np.empty_like(light)
    whole[:top] = seen[0]
    whole[top:] = seen
    if not joined:
        # The wall just above the edge is in the table's shade.
        above = np.exp(-(top - np.arange(top)) / (0.02 * height)).astype(np.float32)
        light[:top] *= (1 - np.float32(0.18) * above)[:, None, None]
    lay(light, through, whole)


def _in_perspective(flat: Floats, width: int, rows: int) -> Floats:
    """Look at a flat texture from in front: (rows, width, 3) float32."""
    # The far edge shows more of the material than there is: it goes on as in a mirror.
    beside = math.ceil(flat.shape[1] * (1 / _FAR - 1) / 2) + 2
    wide = np.pad(rounded_levels_of(flat), ((0, 0), (beside, beside), (0, 0)), mode="reflect")
    image = Image.fromarray(wide)
    slope = (1 - _FAR) / rows
    ratio = slope / _FAR
    middle, depth = image.width / 2, image.height - 1.0
    # Texture rows: v = far - reach / scale, so that they crowd together at the far edge.
    reach = depth / (1 / _FAR - 1)
    far = reach / _FAR
    coefficients = (
        1 / _FAR,
        middle * ratio,
        (middle * _FAR - width / 2) / _FAR,
        0,
        far * ratio,
        (far * _FAR - reach) / _FAR,
        0,
        ratio,
    )
    seen = image.transform(
        (width, rows), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    return light_of(np.asarray(seen))


def _podium(rng: Rng, light: Floats, told: Ground, key: float) -> None:
    """Two round steps, one on the other, with their shade on the floor."""
    height, width = light.shape[:2]
    unit = min(width, height)
    wide = ((0.36, 0.085, told.accent), (0.275, 0.060, told.colour))
    base = LID * height + sum(high for _, high, _ in wide) * unit
    skin = texture(told.material, rng, height, width, told.colour, told.accent)
    for number, (radius, high, text) in enumerate(wide):
        flat = radius * 0.23 * unit
        half = radius * unit
        lid = base - high * unit
        if number == 0:
            _floor_shade(light, half, flat, base, key)
        tone = skin if told.material != "plain" and text == told.colour else colour(text)
        _cylinder(light, half, flat, lid, base, tone, key)
        base = lid


def _floor_shade(light: Floats, half: float, flat: float, base: float, key: float) -> None:
    height, width = light.shape[:2]

    def spot(draw: ImageDraw.ImageDraw, fine: float) -> None:
        box = (width / 2 - half * 1.04, base - flat, width / 2 + half * 1.04, base + flat * 1.1)
        draw.ellipse([side * fine for side in box], fill=255)

    form = mask(height, width, spot)
    for soft, strength in ((0.008, 0.45), (0.03, 0.35)):
        away = round(-key * half * 0.10)
        shade = moved(blurred(form, soft * width), 0, away)
        light *= (1 - np.float32(strength) * shade)[..., None]


def _cylinder(
    light: Floats, half: float, flat: float, lid: float, base: float, tone: Floats, key: float
) -> None:
    height, width = light.shape[:2]
    middle = width / 2

    def side(draw: ImageDraw.ImageDraw, fine: float) -> None:
        ellipse = (middle - half, base - flat, middle + half, base + flat)
        draw.rectangle([s * fine for s in (middle - half, lid, middle + half, base)], fill=255)
        draw.ellipse([s * fine for s in ellipse], fill=255)

    def top(draw: ImageDraw.ImageDraw, fine: float) -> None:
        ellipse = (middle - half, lid - flat, middle + half, lid + flat)
        draw.ellipse([s * fine for s in ellipse], fill=255)

    across = ((np.arange(width, dtype=np.float32) + 0.5 - middle) / np.float32(half)).clip(-1, 1)
    facing = np.sqrt(1 - across**2) * 0.55 + across * key * 0.45 + 0.18
    shade = (0.30 + 0.62 * facing.clip(0, 1))[None, :, None].astype(np.float32)
    lay(light, mask(height, width, side), np.broadcast_to(tone * shade, light.shape))
    reach = (0.5 + 0.5 * across * key)[None, :, None].astype(np.float32)
    lit = (tone * (1.02 + 0.12 * reach) + np.float32(0.012)).clip(0, 1)
    lay(light, mask(height, width, top), np.broadcast_to(lit, light.shape))
    rim = mask(height, width, top)
    edge = (rim - moved(rim, -max(1, height // 500), 0)).clip(0, 1)
    lay(light, edge * np.float32(0.45), colour("#ffffff"))
