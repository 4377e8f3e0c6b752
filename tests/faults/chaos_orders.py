"""What is ordered while everything fails."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

PHOTOS = [b"good"] * 16 + [b"bad", b"bad", b"flaky", b""]


type Then = Literal["finish", "hurry", "cancel", "wait"]


@dataclass(frozen=True)
class Order:
    """What a client will upload, b"" for photos that never come, and how it ends the order.

    Who hurries finishes before all photos are there.
    """

    photos: Sequence[bytes]
    then: Then = "wait"


def any_order(rng: random.Random, photos: int) -> Order:
    """Two to so many photos, most of them good."""
    count = rng.randint(2, photos)
    then: Sequence[Then] = ("finish", "finish", "hurry", "cancel", "wait")
    return Order([rng.choice(PHOTOS) for _ in range(count)], rng.choice(then))
