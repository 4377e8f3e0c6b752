"""Shadows from a silhouette: of an area lamp and the sky on a floor, and of a sheet over a wall.

The subject is a row of upright cards that stand on its ground line. For each direction of light the
shadow of the cards on the floor is an affine map of the straightened silhouette; lamp and sky are
means over several directions, which makes the penumbra widen with the distance from the contact.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import blurred, resized
from darkroom.studio.ground import Ground, ground
from darkroom.studio.shade import ContactLine, Shade
from darkroom.studio.small import reduced

# Longer side of the subject at which the shadows of lamp and sky are made, and of a whole field.
_LAMP_SIDE_PX, _SKY_SIDE_PX, _FIELD_SIDE_PX = 240, 110, 900
# How much a step towards the viewer is foreshortened, and how thick subjects are by guess.
_PITCH, _THICKNESS = 0.30, 0.22
_LAMP_POINTS, _SKY_POINTS = 32, 64
_LAMP_DARKNESS, _SKY_DARKNESS = 0.95, 0.62
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
# A card lit nearly from its side would be mapped to nothing.
_LEAST_DEPTH = 0.03


@dataclass(frozen=True)
class Cast:
    """What a shadow is told, resolved: shares of 1, degrees, and pixels of 1,000."""

    opacity: float
    blur: float
    angle: int
    distance: float

    @property
    def way(self) -> tuple[float, float]:
        """Where it falls: to the right, and down or towards the viewer."""
        turn = math.radians(self.angle)
        return math.sin(turn), -math.cos(turn)


def natural(alpha: Bytes, cast: Cast) -> Shade | None:
    """The shadow of a standing subject on the floor; None where nothing is solid.

    `alpha` is (height, width) uint8; half-transparent things throw half a shadow.
    """
    full = ground(alpha)
    if full is None:
        return None
    side, near = cast.way
    length = 0.10 + 1.5 * cast.distance / 100
    disc = _disc(side * length, near * length, 0.05 + 0.9 * cast.blur / 100)
    lamp = _on_floor(alpha, full, _LAMP_SIDE_PX, disc, 0.5 + cast.blur)
    sky = _on_floor(alpha, full, _SKY_SIDE_PX, _sky(), 1.5)
    sky = resized(sky, lamp.shape[1], lamp.shape[0], Image.Resampling.BICUBIC)
    field = np.minimum(_LAMP_DARKNESS * lamp + _SKY_DARKNESS * sky, 1)
    field = (field * np.float32(1.15 * cast.opacity)).clip(0, 1)
    reach = 1.6 * (0.0035 + 0.004 * cast.blur) * full.height
    line = ContactLine(full, min(1.0, 1.5 * cast.opacity) * 0.8, max(reach, 0.6))
    return Shade(field, (alpha.shape[1], alpha.shape[0]), line)


def lying(alpha: Bytes, cast: Cast) -> Shade:
    """The shadow of a flat thing seen from above: a small offset, and what it keeps of the sky."""
    key = _moved(alpha, cast, offset=0.45, soft=0.35)
    around = _moved(alpha, cast, offset=0.15, soft=1.6)
    field = 1 - (1 - np.float32(0.9 * cast.opacity) * key) * (
        1 - np.float32(0.55 * cast.opacity) * around
    )
    return Shade(field, (alpha.shape[1], alpha.shape[0]))


def drop(alpha: Bytes, cast: Cast) -> Shade:
    """The shadow of a sheet that hovers before a wall: a key light's, and the room's."""
    key = _moved(alpha, cast, offset=1, soft=1)
    room = _moved(alpha, cast, offset=0.35, soft=0.4)
    field = 1 - (1 - np.float32(0.85 * cast.opacity) * key) * (
        1 - np.float32(0.35 * cast.opacity) * room
    )
    return Shade(field, (alpha.shape[1], alpha.shape[0]))


def _moved(alpha: Bytes, cast: Cast, offset: float, soft: float) -> Floats:
    """A silhouette, moved and blurred: (h, w) float32 at most 900 px a side."""
    longer = max(alpha.shape)
    scale = min(1.0, _FIELD_SIDE_PX / longer)
    small = reduced(alpha, scale)
    unit = longer / 1000 * scale
    right, down = (part * cast.distance * offset * unit for part in cast.way)
    # Pillow samples at where each pixel comes from.
    image = Image.fromarray(small).transform(
        (small.shape[1], small.shape[0]),
        Image.Transform.AFFINE,
        (1, 0, -right, 0, 1, -down),
        Image.Resampling.BILINEAR,
    )
    return blurred(np.asarray(image), (1 + 45 * cast.blur) * soft * unit / 2)


def _on_floor(
    alpha: Bytes,
    full: Ground,
    side_px: int,
    directions: list[tuple[float, float, float, float]],
    wider: float,
) -> Floats:
    """The mean shadow from many directions, on a small copy of the picture: (h, w) float32."""
    scale = side_px / max(full.height, full.width)
    scale = min(1.0, scale, _FIELD_SIDE_PX / max(alpha.shape))
    small = np.rint(reduced(alpha, scale) * 255).astype(np.uint8)
    base = ground(small)
    if base is None:
        return np.zeros(small.shape, np.float32)
    stand = _Stand.of(small, base)
    return stand.bent(_softened(stand.thrown(directions), stand.behind, base.height, wider))


@dataclass(frozen=True)
class _Stand:
    """A silhouette straightened so that its first row stands on the ground line."""

    cards: Image.Image
    base: Ground
    behind: int
    """Rows of floor away from the viewer; `shape` has those towards the viewer too."""
    shape: tuple[int, int]
    picture: tuple[int, int]

    @classmethod
    def of(cls, alpha: Bytes, base: Ground) -> "_Stand":
        height, width = alpha.shape
        up = np.arange(base.height + 1, dtype=np.float32)[:, None]
        rows = base.line - 1 - up
        whole = np.floor(rows).astype(np.int32)
        part = (rows - whole).astype(np.float32)
        columns = np.arange(width)
        lower = _rows_of(alpha, whole + 1, columns)
        upper = _rows_of(alpha, whole, columns)
        cards = np.rint(upper + (lower - upper) * part).astype(np.uint8)
        # Deeper than this no direction of light reaches.
        behind = min(int(base.line.max()) + 2, round(0.75 * base.height) + 4)
        front = min(height - int(base.line.min()) + 2, round(0.75 * base.height) + 4)
        shape = (max(2, behind + front), width)
        return cls(Image.fromarray(cards), base, behind, shape, (height, width))

    def thrown(self, directions: list[tuple[float, float, float, float]]) -> Floats:
        """The mean shadow of light from many directions: (rows of floor, width) float32 0-1.

        A direction is how far the shadow of something of height 1 goes to the side and towards the
        viewer, at which depth of the subject its card stands (-1 to 1), and how much it counts.
        """
        thick = 0.5 * min(self.base.width, self.base.height) * _THICKNESS * _PITCH
        total = np.zeros(self.shape, np.float32)
        for side, near, depth, weight in directions:
            fall = near * _PITCH
            if abs(fall) < _LEAST_DEPTH:
                fall = math.copysign(_LEAST_DEPTH, fall)
            start = self.behind + depth * thick
            coefficients = (1, -side / fall, side * start / fall, 0, 1 / fall, -start / fall)
            shadow = self.cards.transform(
                self.shape[::-1],
                Image.Transform.AFFINE,
                coefficients,
                Image.Resampling.BILINEAR,
            )
            total += np.asarray(shadow) * np.float32(weight / 255)
        return total / np.float32(sum(weight for *_, weight in directions))

    def bent(self, floor: Floats) -> Floats:
        """Bend the floor back along the ground line: (h, w) float32 of the small picture."""
        height, width = self.picture
        rows = np.arange(height, dtype=np.float32)[:, None] - self.base.line + self.behind
        whole = np.floor(rows).astype(np.int32)
        part = (rows - whole).astype(np.float32)
        columns = np.arange(width)
        upper = _rows_of(floor, whole, columns)
        lower = _rows_of(floor, whole + 1, columns)
        return upper + (lower - upper) * part


def _rows_of(pixels: Floats | Bytes, rows: np.ndarray, columns: np.ndarray) -> Floats:
    """Read a row of its own in every column; 0 beyond the ends. Gives float32."""
    inside = (rows >= 0) & (rows < len(pixels))
    values = pixels[rows.clip(0, len(pixels) - 1), columns].astype(np.float32)
    return np.asarray(values * inside, np.float32)


def _disc(side: float, near: float, radius: float) -> list[tuple[float, float, float, float]]:
    """Directions of a round lamp around a main one, spread evenly by the golden angle."""
    points = []
    for number in range(_LAMP_POINTS):
        out = radius * math.sqrt((number + 0.5) / _LAMP_POINTS)
        turn = number * _GOLDEN_ANGLE
        depth = 2 * ((number * 0.618034) % 1) - 1
        points.append((side + out * math.cos(turn), near + out * math.sin(turn), depth, 1.0))
    return points


def _sky() -> list[tuple[float, float, float, float]]:
    """Directions over the whole sky but its rim, each counting as the floor sees it."""
    points = []
    for number in range(_SKY_POINTS):
        high = math.radians(28 + 52 * (number + 0.5) / _SKY_POINTS)
        turn = number * _GOLDEN_ANGLE
        depth = 2 * ((number * 0.618034) % 1) - 1
        away = 1 / math.tan(high)
        weight = math.sin(high) * math.cos(high)
        points.append((away * math.sin(turn), away * math.cos(turn), depth, weight))
    return points


def _softened(dark: Floats, behind: int, height: int, wider: float) -> Floats:
    """Blur little at the ground line and more away from it, as a penumbra widens."""
    near = blurred(dark, 0.012 * height * wider, 0.004 * height * wider)
    far = blurred(dark, 0.045 * height * wider, 0.016 * height * wider)
    depth = np.abs(np.arange(len(dark), dtype=np.float32) - behind)[:, None]
    share = (depth / (0.12 * height)).clip(0, 1)
    return np.asarray(near + (far - near) * share, np.float32)
