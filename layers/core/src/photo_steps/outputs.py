"""What a workflow gives back."""

from dataclasses import dataclass
from typing import Literal

type Role = Literal["result", "thumbnail", "view", "cutout", "preview"]
"""What an output is for; a `view` is larger than a thumbnail and smaller than the result.

A `cutout` is what was left behind the step that removes the background, for other runs; `preview`
is as much of it as previews show.
"""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A finished picture, encoded, and its size in pixels."""

    data: bytes
    width_px: int
    height_px: int
    format: str
