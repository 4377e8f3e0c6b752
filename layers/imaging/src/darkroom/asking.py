"""What steps ask hosted providers for, and how what comes back is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from darkroom.picture import Bytes
from darkroom.received import Shows, received_alpha


@dataclass(frozen=True)
class Words:
    """Words for a picture of `width` x `height` pixels, and a number that makes it another one.

    Where `mask`, (height, width) uint8, is 255 something shall be painted into a photo.
    """

    prompt: str
    seed: int
    width: int
    height: int
    mask: Bytes | None = None
    lit_from: Literal["left", "right", "top"] | None = None


@dataclass(frozen=True)
class Wish:
    """What a provider is asked for: something of `rgb`, (height, width, 3) uint8 sRGB, or of words.

    `read` makes uint8 pixels of an encoded answer that shows what is named; `Unusable` if it is not
    what was wished for.
    """

    read: Callable[[bytes, Shows], Bytes]
    rgb: Bytes | None = None
    words: Words | None = None


type Hosted = Callable[[str, Wish], Bytes | None]
"""Asks the providers of a route's name; None: no provider gave what was wished for."""


def alpha_of(rgb: Bytes) -> Wish:
    """The alpha, (height, width) uint8, of a photo's subject."""
    height, width = rgb.shape[:2]
    return Wish(partial(received_alpha, width=width, height=height), rgb)
