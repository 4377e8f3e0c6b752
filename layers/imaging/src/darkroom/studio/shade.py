"""How dark a picture is at each place: made small, and asked for row by row at full size."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from darkroom.picture import Floats
from darkroom.studio.blur import resized
from darkroom.studio.ground import Ground

# Below one half of a level nothing can be seen of it.
_UNSEEN = np.float32(1 / 512)


@dataclass(frozen=True)
class ContactLine:
    """The dark line where a subject touches the ground; `reach_px` is how soon it fades below."""

    ground: Ground
    strength: float
    reach_px: float

    def rows(self, top: int, bottom: int) -> Floats:
        """The darkness of some rows: (bottom - top, width) float32 0-1."""
        down = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5)
        depth = np.maximum(down - self.ground.line, 0)
        dark: Floats = self.ground.contact * np.exp(-depth / np.float32(self.reach_px))
        dark *= np.float32(self.strength)
        # Far above the line there is no gap between it and the subject to fill.
        dark[down < self.ground.line - np.float32(3 * self.reach_px + 1)] = 0
        return dark

    def is_near(self, top: int, bottom: int) -> bool:
        """Say whether any of it falls on some rows."""
        line, reach = self.ground.line, 8 * self.reach_px + 2
        return bool(bottom > line.min() - reach and top < line.max() + reach)


@dataclass(frozen=True)
class Shade:
    """A soft `field`, (h, w) float32 0-1, that covers the picture, and a `line` that is sharp."""

    field: Floats
    size: tuple[int, int]
    line: ContactLine | None = None

    def rows(self, top: int, bottom: int) -> Floats | None:
        """Enlarge what falls on some rows: (bottom - top, width) float32; None where nothing does.

        Bicubic and in floats: eight bits would show contours.
        """
        width, height = self.size
        scale = self.field.shape[0] / height
        near = self.field[max(0, int(top * scale) - 2) : int(bottom * scale) + 3]
        soft: Floats | None = None
        if near.max() > _UNSEEN:
            box = (0, top * scale, self.field.shape[1], bottom * scale)
            soft = resized(self.field, width, bottom - top, Image.Resampling.BICUBIC, box)
            soft = soft.clip(0, 1)
            soft[soft < _UNSEEN] = 0
        if self.line is None or not self.line.is_near(top, bottom):
            return soft
        dark = self.line.rows(top, bottom)
        return dark if soft is None else 1 - (1 - soft) * (1 - dark)
