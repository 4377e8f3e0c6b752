"""What can be done to a picture: one file a step."""

from darkroom.steps import (
    crop,
    cut_out,
    fit,
    frame,
    in_scene,
    keep,
    leave,
    light,
    mask,
    measure,
    on_colour,
    on_gradient,
    save_as,
    shadow,
    shrink,
    upscale,
    watermark,
)
from darkroom.steps.operation import OPERATIONS

__all__ = [
    "OPERATIONS",
    "crop",
    "cut_out",
    "fit",
    "frame",
    "in_scene",
    "keep",
    "leave",
    "light",
    "mask",
    "measure",
    "on_colour",
    "on_gradient",
    "save_as",
    "shadow",
    "shrink",
    "upscale",
    "watermark",
]
