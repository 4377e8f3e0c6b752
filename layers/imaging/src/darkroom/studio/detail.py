"""Fine contrast of a subject, told from its broad tones without halos.

Guided filter (He, Sun, Tang 2013) of the logarithm of the tones by itself, fitted on a small copy
and within the subject alone, applied at full size.
"""

from dataclasses import dataclass

import numpy as np

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import blurred, resized
from darkroom.studio.small import reduced_subject
from darkroom.studio.tones import light_of

_SIDE_PX, _RADIUS_PX = 220, 3.0
# Tones that differ by less than this many stops are detail.
_SMOOTHNESS = np.float32(0.4**2)
_STEPS = 4096
_DARKEST = np.float32(1e-3)
_LUMINANCE = np.array((0.2126, 0.7152, 0.0722), np.float32)
_STRONGEST, _BRIGHTNESS = np.float32(0.6), np.float32(0.4)
_STOPS = np.log2(np.maximum(np.linspace(0, 1, _STEPS), _DARKEST)).astype(np.float32)


def norm_of(light: Floats) -> Floats:
    """The tone of (..., 3) linear light, near its strongest channel: float32 0-1."""
    strongest = np.maximum(np.maximum(light[..., 0], light[..., 1]), light[..., 2])
    return np.asarray(_STRONGEST * strongest + _BRIGHTNESS * (light @ _LUMINANCE), np.float32)


@dataclass(frozen=True)
class Detail:
    """How much of each tone is detail: a slope and an offset at each place, small."""

    slope: Floats
    offset: Floats
    height: int
    amount: float

    @classmethod
    def of(cls, rgb: Bytes, alpha: Bytes, amount: float) -> "Detail":
        """Fit a subject: (h, w, 3) and (h, w) uint8 of its box."""
        if amount == 0:
            nothing = np.zeros((1, 1), np.float32)
            return cls(nothing, nothing, alpha.shape[0], 0)
        scale = min(1.0, _SIDE_PX / max(alpha.shape))
        colours, weight = reduced_subject(rgb, alpha, scale)
        stops = _stops_of(norm_of(light_of(np.rint(colours * 255).astype(np.uint8))))
        seen = blurred(weight, _RADIUS_PX) + np.float32(1e-4)
        mean = blurred(stops * weight, _RADIUS_PX) / seen
        variance = blurred(stops * stops * weight, _RADIUS_PX) / seen - mean * mean
        slope = variance / (variance + _SMOOTHNESS)
        offset = mean * (1 - slope)
        slope, offset = (blurred(field * weight, _RADIUS_PX) / seen for field in (slope, offset))
        return cls(slope, offset, alpha.shape[0], amount)

    def rows(self, norm: Floats, top: int, bottom: int) -> Floats | None:
        """By which factor rows of tones, (h, w) float32, are scaled; None for no change."""
        if self.amount == 0:
            return None
        scale = self.slope.shape[0] / self.height
        box = (0.0, top * scale, float(self.slope.shape[1]), bottom * scale)
        slope, offset = (
            resized(field, norm.shape[1], bottom - top, box=box)
            for field in (self.slope, self.offset)
        )
        stops = _stops_of(norm)
        detail = (stops - slope * stops - offset).clip(-1, 1)
        # Near 0 this is a power of two, and far quicker.
        return np.asarray(1 + np.float32(np.log(2) * self.amount) * detail, np.float32)


def _stops_of(norm: Floats) -> Floats:
    return _STOPS[(norm * np.float32(_STEPS - 1) + np.float32(0.5)).astype(np.uint16)]
