"""What can be done to a picture: one file a step."""

from darkroom.steps import crop, cut_out, fit, keep, mask, measure, on_colour, save_as
from darkroom.steps.operation import OPERATIONS

__all__ = [
    "OPERATIONS",
    "crop",
    "cut_out",
    "fit",
    "keep",
    "mask",
    "measure",
    "on_colour",
    "save_as",
]
