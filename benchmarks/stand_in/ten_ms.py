"""process_photo with 10 ms of waiting in the place of its step; everything else is the real one.

A worker of the laptop cloud finds this module through PYTHONPATH, beside the function's own code.
"""

import time

from app import handler  # type: ignore[import-not-found]

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import CutOut

__all__ = ["handler"]


@operation(CutOut)
def wait(picture: Picture, _: CutOut) -> Picture:
    """Take 10 ms and change nothing."""
    time.sleep(0.01)
    return picture
