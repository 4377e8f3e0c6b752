"""Why a photo was refused: in Indonesian as exactly as in English."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from darkroom.bombs import check_pixels
from darkroom.encode import encode
from darkroom.errors import PhotoRefused, TooManyPixels, UnsupportedLayout
from darkroom.formats import format_of
from darkroom.picture import Picture
from darkroom.steps.keep import keep
from darkroom.steps.measure import measure
from lumiku.domain.work.jobs import Failure
from lumiku.domain.work.reasons import REASONS, in_indonesian, reason
from lumiku.services.work.attempts import PhotoRejected
from photo_steps import Keep, Measure
from tests.contract.test_texts import is_indonesian


def refused_photos() -> list[PhotoRefused]:
    """One of each kind of refusal that has numbers or names, as the darkroom makes them."""
    picture = Picture(np.zeros((600, 400, 3), np.uint8), sent_as="TIFF")
    wide = Picture(np.zeros((1, 20_000, 3), np.uint8))

    def met(call: Callable[[], object]) -> PhotoRefused:
        with pytest.raises(PhotoRefused) as refused:
            call()
        return refused.value

    return [
        met(lambda: format_of(b"%PDF-1.7")),
        met(lambda: check_pixels(9_000, 9_000, 64_000_000)),
        met(lambda: measure(picture, Measure(min_side=500, max_side=8000))),
        met(lambda: measure(picture, Measure(min_side=1, max_side=500))),
        met(lambda: keep(picture, Keep())),
        met(lambda: encode(wide, "webp")),
        UnsupportedLayout("JPEG with 12 bits a channel"),
    ]


@pytest.mark.parametrize("refused", refused_photos(), ids=lambda refused: refused.code)
def test_a_refused_photo_is_told_in_indonesian_with_the_same_numbers(refused: PhotoRefused) -> None:
    told = reason(PhotoRejected(refused.code, refused.message, refused.facts).failure)

    assert told.en == refused.message
    assert is_indonesian(told)
    assert told.id != REASONS[refused.code].id
    assert sorted(re.findall(r"\d+", told.id)) == sorted(re.findall(r"\d+", told.en))


def test_a_file_that_is_too_large_is_told_how_large_it_may_be() -> None:
    told = in_indonesian("photo_too_large", {"maxBytes": 20_971_520})

    assert told == "Ukuran berkas paling besar 20971520 byte."


def test_without_the_numbers_the_code_tells() -> None:
    refused = TooManyPixels("The photo has too many pixels.", {"maxPixels": 64_000_000})

    assert in_indonesian("too_many_pixels", refused.facts) == (
        "Foto memiliki terlalu banyak piksel; yang diproses paling banyak 64 megapiksel."
    )
    assert in_indonesian("too_many_pixels", {}) is None
    assert in_indonesian("cancelled", {"width": 1}) is None
    before = Failure(code="photo_too_small", message="The photo has 3 x 2 pixels.")
    assert reason(before).id == REASONS["photo_too_small"].id
