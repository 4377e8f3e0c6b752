"""What is seen of a picture with a shadow, or before more than a plain colour: strip by strip."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from darkroom.picture import Backdrop, Bytes, Colour, Floats, Painting, Picture, strips
from darkroom.studio.gradients import Gradient
from darkroom.studio.harmony import Wrap, harmonised
from darkroom.studio.mirror import Mirrored, mirrored
from darkroom.studio.scenes.scene import Scene, scene
from darkroom.studio.shade import ContactLine, Shade
from darkroom.studio.shadows import Cast, drop, lying, natural
from darkroom.studio.tones import colour_of, dithered, levels_of, light_of, light_of_colour
from photo_steps.scenes import InScene
from photo_steps.studio import OnGradient, Shadow

_OPACITY, _BLUR, _ANGLE, _DISTANCE = 40, 50, 135, 20
# Light from the far left throws its shadow to the right and a little towards the viewer.
_ANGLE_BELOW, _ANGLE_PER_PERCENT = 180, 0.7
# Opacity, blur and distance by what the subject stands on; a low sun throws long, clear shadows.
_IN_SCENES = {
    "sweep": (45, 52, 22),
    "table": (62, 52, 25),
    "floor": (60, 50, 28),
    "podium": (58, 50, 14),
}
_HARD_LIGHT = {"window-light", "leaf-shadow"}
_MIRROR = 0.7


class Painter(Protocol):
    """Whatever can be asked for rows of a backdrop."""

    def rows(self, top: int, bottom: int) -> Bytes:
        """Give (bottom - top, width, 3) uint8 sRGB."""


@dataclass(frozen=True)
class Fallen:
    """What a subject throws on its backdrop: darkness of a colour, and a mirror image."""

    shade: Shade | ContactLine | None = None
    mirror: Mirrored | None = None
    colour: Colour = (0, 0, 0)


def rendered(picture: Picture) -> tuple[Bytes, Bytes | None]:
    """Lay a subject and its shadow on the backdrop: (height, width, 3) uint8, and alpha if none."""
    told = picture.backdrop
    fallen = thrown(picture)
    if picture.backdrop is None:
        return _on_nothing(picture, fallen)
    behind = painter(picture.backdrop, picture.width, picture.height)
    wrap = None
    if isinstance(behind, Scene) and isinstance(told, InScene) and not told.exact_colours:
        picture = harmonised(picture, told, behind)
        wrap = Wrap.of(picture.cover, behind)
    rgb = np.empty((picture.height, picture.width, 3), np.uint8)
    for top, bottom in strips(picture.height, picture.width):
        rgb[top:bottom] = behind.rows(top, bottom)
        _darken(rgb[top:bottom], fallen, top, isinstance(behind, Scene))
        _cover(rgb[top:bottom], picture, top, wrap)
    return rgb, None


def painter(backdrop: Backdrop, width: int, height: int) -> Painter:
    """Choose what paints a backdrop of that size."""
    if isinstance(backdrop, InScene):
        return scene(backdrop, width, height)
    if isinstance(backdrop, Painting):
        return Scene(backdrop.rgb, (width, height))
    if isinstance(backdrop, OnGradient):
        return Gradient(backdrop, width, height)
    return _Plain(backdrop, width)


def thrown(picture: Picture) -> Fallen:
    """Make the shadow that a picture was told to throw."""
    told = picture.shadow
    if told is None or told.type == "none" or picture.alpha is None:
        return Fallen()
    cast = resolved(told, picture)
    colour = colour_of(told.colour)
    if told.type == "reflection":
        mirror = mirrored(picture.rgb, picture.alpha, cast.opacity, cast.blur)
        return Fallen(None if mirror is None else mirror.line, mirror, colour)
    if told.type == "drop":
        return Fallen(drop(picture.alpha, cast), colour=colour)
    make = lying if told.pose == "lying" else natural
    return Fallen(make(picture.alpha, cast), _gloss(picture, told), colour)


def resolved(told: Shadow, picture: Picture) -> Cast:
    """Fill in what a shadow was not told: it fits the light of scene and preset."""
    lit = picture.lit_from
    angle = _ANGLE if lit is None else round(_ANGLE_BELOW + _ANGLE_PER_PERCENT * lit)
    opacity, blur, distance = _fitting(picture.backdrop)
    return Cast(
        (opacity if told.opacity is None else told.opacity) / 100,
        (blur if told.blur is None else told.blur) / 100,
        angle if told.angle is None else told.angle,
        distance if told.distance is None else told.distance,
    )


def _fitting(backdrop: Backdrop | None) -> tuple[int, int, int]:
    """Opacity, blur and distance of a shadow in a scene, or on a plain sheet."""
    if isinstance(backdrop, Painting):
        backdrop = backdrop.like
    if not isinstance(backdrop, InScene):
        return _OPACITY, _BLUR, _DISTANCE
    if any(decor.ornament in _HARD_LIGHT for decor in backdrop.decor):
        return 60, 35, 45
    return _IN_SCENES[backdrop.ground.shape]


def _gloss(picture: Picture, told: Shadow) -> Mirrored | None:
    """What a glossy ground shows of a subject that stands on it."""
    scene = picture.backdrop
    if not isinstance(scene, InScene) or not scene.gloss or told.pose == "lying":
        return None
    return mirrored(picture.rgb, picture.cover, scene.gloss / 100 * _MIRROR, 0.6)


@dataclass(frozen=True)
class _Plain:
    colour: Colour
    width: int

    def rows(self, top: int, bottom: int) -> Bytes:
        return np.broadcast_to(np.array(self.colour, np.uint8), (bottom - top, self.width, 3))


def _darken(rgb: Bytes, fallen: Fallen, top: int, in_scene: bool) -> None:
    """Let shadow and mirror image fall on (h, w, 3) uint8 rows of a backdrop, from `top` on.

    Multiplied in sRGB: on a plain sheet that is what a person means by 40 %. In a scene light is
    taken away, which is what a shadow does.
    """
    mirror = fallen.mirror
    if mirror is not None:
        _lay_mirror(rgb, mirror, top)
    dark = None if fallen.shade is None else fallen.shade.rows(top, top + len(rgb))
    if dark is None:
        return
    columns = np.flatnonzero(dark.max(axis=0) > 0)
    if not columns.size:
        return
    across = slice(int(columns[0]), int(columns[-1]) + 1)
    weight = dark[:, across, None]
    if in_scene:
        light = light_of(rgb[:, across])
        light += weight * (light_of_colour(fallen.colour) - light)
        part = levels_of(light)
    else:
        part = rgb[:, across].astype(np.float32)
        part += weight * (np.array(fallen.colour, np.float32) - part)
    rgb[:, across] = np.where(weight > 0, dithered(part, top, across.start), rgb[:, across])


def _lay_mirror(rgb: Bytes, mirror: Mirrored, top: int) -> None:
    first, last = max(top, mirror.top), min(top + len(rgb), mirror.top + len(mirror.rgba))
    if first >= last:
        return
    over = mirror.rgba[first - mirror.top : last - mirror.top].astype(np.uint16)
    under = rgb[first - top : last - top, mirror.left : mirror.left + over.shape[1]]
    under[:] = over[..., :3] + (under * (255 - over[..., 3:]) + 127) // 255


def _cover(rgb: Bytes, picture: Picture, top: int, wrap: Wrap | None) -> None:
    """Lay some rows of the subject on (h, w, 3) uint8 rows, where it shows at all."""
    rows = slice(top, top + len(rgb))
    alpha = picture.cover[rows]
    columns = np.flatnonzero(alpha.any(axis=0))
    if not columns.size:
        return
    across = slice(int(columns[0]), int(columns[-1]) + 1)
    weight = alpha[:, across, None].astype(np.uint16)
    seen = picture.rgb[rows, across]
    if wrap is not None:
        seen = wrap.over(seen, top, top + len(rgb), across)
    part = seen * weight + rgb[:, across] * (255 - weight)
    rgb[:, across] = (part + 127) // 255


def _on_nothing(picture: Picture, fallen: Fallen) -> tuple[Bytes, Bytes]:
    """Join subject and shadow to one transparent picture, straight."""
    rgb, alpha = picture.rgb.copy(), picture.cover.copy()
    for top, bottom in strips(*alpha.shape):
        under, weight = _shadow_alone(fallen, top, bottom, picture.width)
        over = alpha[top:bottom].astype(np.float32) / 255
        below = weight * (1 - over)
        joined = over + below
        share = (over / np.maximum(joined, np.float32(1e-6)))[..., None]
        # Where the subject is opaque, or no shadow falls, nothing changes.
        mixed = (below > 0)[..., None]
        colours = rgb[top:bottom] * share + under * (1 - share)
        rgb[top:bottom] = np.where(mixed, np.rint(colours), rgb[top:bottom])
        alpha[top:bottom] = np.rint(joined * 255)
    return rgb, alpha


def _shadow_alone(fallen: Fallen, top: int, bottom: int, width: int) -> tuple[Floats, Floats]:
    """Colours, (h, w, 3) float32 0-255, and opacity, 0-1, of what falls on some rows."""
    under = np.empty((bottom - top, width, 3), np.float32)
    under[:] = fallen.colour
    dark = None if fallen.shade is None else fallen.shade.rows(top, bottom)
    weight = np.zeros(under.shape[:2], np.float32) if dark is None else dark.copy()
    mirror = fallen.mirror
    first = max(top, mirror.top) if mirror else 0
    last = min(bottom, mirror.top + len(mirror.rgba)) if mirror else 0
    if mirror and first < last:
        over = mirror.rgba[first - mirror.top : last - mirror.top]
        where = np.s_[first - top : last - top, mirror.left : mirror.left + over.shape[1]]
        share = over[..., 3] * np.float32(1 / 255)
        darker = weight[where][..., None] * under[where]
        # As on a backdrop, the shadow lies over the mirror image.
        colours = over[..., :3] * (1 - weight[where][..., None]) + darker
        joined = 1 - (1 - share) * (1 - weight[where])
        under[where] = colours / np.maximum(joined, np.float32(1e-6))[..., None]
        weight[where] = joined
    return under, weight
