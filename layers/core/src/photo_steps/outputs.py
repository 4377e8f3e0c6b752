"""What a workflow gives back."""

from dataclasses import dataclass
from typing import Literal

from photo_steps.kinds import Format

type Role = Literal["result", "thumbnail"]
"""What an output is for."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A finished picture, encoded, and its size in pixels."""

    data: bytes
    width_px: int
    height_px: int
    format: Format
