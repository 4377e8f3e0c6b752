"""Laying a picture on a colour through which one sees."""

import numpy as np

from darkroom.picture import Picture
from darkroom.steps.on_tint import on_tint
from photo_steps import OnTint

LEVELS = np.array([[0, 128, 255]], np.uint8)
RED = Picture(np.full((1, 3, 3), (255, 0, 0), np.uint8), LEVELS)


def test_what_is_seen_through_is_joined_by_hand() -> None:
    made = on_tint(RED, OnTint(colour="#0000ff", opacity=127))

    # Half red covers half of 127: alpha is 128 + 127 * 127 / 255, red has 128 parts of it.
    assert made.cover.tolist() == [[127, 191, 255]]
    assert made.rgb[0].tolist() == [[0, 0, 255], [171, 0, 84], [255, 0, 0]]


def test_an_opaque_one_leaves_nothing_to_see_through_and_a_clear_one_changes_nothing() -> None:
    assert (on_tint(RED, OnTint(colour="#0000ff", opacity=255)).cover == 255).all()

    clear = on_tint(RED, OnTint(colour="#0000ff", opacity=0))
    assert (clear.cover == LEVELS).all()
    assert clear.rgb[0, 1:].tolist() == [[255, 0, 0]] * 2
