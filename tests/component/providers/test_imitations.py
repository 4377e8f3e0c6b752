"""The imitations themselves: what they count, and that their faults can be had again."""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from PIL import Image

from lumiku.adapters.hosting.providers import provider_of
from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.reach import Reach
from lumiku.services.hosting.provider import Answer, ProviderFault, SentPhoto
from tests.component.providers.asking import ENTRIES, PHOTO
from tests.imitation_providers.imitation import KEY, Books, Imitation, always, weather
from tests.imitation_providers.pictures import picture
from tests.imitation_providers.script import script
from tests.imitation_providers.server import running


def send(imitation: Imitation, photo: SentPhoto) -> bool:
    entry = ENTRIES[imitation.script.wire]
    provider = provider_of(entry, KEY, base_url=imitation.url, reach=Reach(loopback=True))
    try:
        return provider.submit(photo, time_left_s=5) is not None
    except ProviderFault:
        return False


def numbered(number: int) -> SentPhoto:
    """Photos that differ."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (number, 0, 0)).save(file, "PNG")
    return replace(PHOTO, data=file.getvalue())


def test_every_wire_format_of_a_model_is_imitated() -> None:
    assert {model.wire for model in HOSTED_MODELS.values()} == set(ENTRIES)


@pytest.mark.parametrize("wire", ENTRIES)
def test_every_scenario_says_how_well_it_is_known(wire: str) -> None:
    marks = {scenario.mark for scenario in script(wire).scenarios.values()}
    assert marks <= {"confirmed", "observed", "assumed"}
    assert script(wire).scenarios["works"].mark == "confirmed"


def test_a_photo_that_two_providers_take_is_billed_twice() -> None:
    books = Books()
    with (
        running(Imitation(script("fal-direct"), books=books)) as first,
        running(Imitation(script("segmind-bytes"), books=books)) as second,
    ):
        assert send(first, PHOTO)
        assert books.billed_twice == []
        assert send(second, PHOTO)
    assert len(books.billed_twice) == 1
    assert list(books.submitted.values()) == [2]


def test_a_refused_photo_is_counted_but_not_billed() -> None:
    with running(Imitation(script("segmind-bytes"), always("no-credit"))) as imitation:
        assert not send(imitation, PHOTO)
    assert list(imitation.books.submitted.values()) == [1]
    assert list(imitation.books.billed.values()) == [0]


def test_an_outage_begins_and_ends_when_it_is_told_to() -> None:
    with running(Imitation(script("fal-direct"))) as imitation:
        assert send(imitation, PHOTO)
        imitation.choose = always("out-of-order")
        assert not send(imitation, PHOTO)
        imitation.choose = always("works")
        assert send(imitation, PHOTO)


def test_weather_is_the_same_again_whatever_the_order() -> None:
    photos = [f"photo-{number}" for number in range(1_000)]
    choose = weather(7, {"crashed": 0.05, "silence": 0.02})
    found = [choose(photo, 0) for photo in photos]
    assert found == [weather(7, {"crashed": 0.05, "silence": 0.02})(photo, 0) for photo in photos]
    assert [choose(photo, 0) for photo in reversed(photos)] == found[::-1]
    assert found != [weather(8, {"crashed": 0.05, "silence": 0.02})(photo, 0) for photo in photos]
    shares = Counter(found)
    assert 30 < shares["crashed"] < 70
    assert 8 < shares["silence"] < 35


def test_books_are_right_when_many_send_at_once() -> None:
    photos = [numbered(number) for number in range(60)]
    with (
        running(Imitation(script("fal-direct"), latency_s=(0.0, 0.02))) as imitation,
        ThreadPoolExecutor(12) as senders,
    ):
        imitation.choose = weather(1, {"crashed": 0.3})
        answered = sum(senders.map(lambda photo: send(imitation, photo), photos))
    books = imitation.books
    assert imitation.strange == []
    assert sum(books.submitted.values()) == 60
    assert sum(books.billed.values()) == answered
    assert 30 < answered < 55


def test_pictures_show_what_differs_from_the_border() -> None:
    with Image.open(io.BytesIO(picture("cutout", PHOTO.data))) as cutout:
        assert cutout.size == (60, 40)
        alpha = cutout.getchannel("A")
        assert (alpha.getpixel((30, 20)), alpha.getpixel((2, 2))) == (255, 0)
    with Image.open(io.BytesIO(picture("mask", PHOTO.data, 0.5))) as mask:
        assert (mask.mode, mask.size) == ("L", (30, 20))
    with Image.open(io.BytesIO(picture("other", PHOTO.data))) as other:
        assert other.size == (60, 80)
    with Image.open(io.BytesIO(picture("empty", PHOTO.data))) as empty:
        assert empty.getextrema() == (0, 0)
    with Image.open(io.BytesIO(picture("opaque", PHOTO.data))) as opaque:
        assert opaque.mode == "RGB"


def test_a_photo_without_a_subject_still_gets_a_cutout() -> None:
    with running(Imitation(script("segmind-bytes"))) as imitation:
        provider = provider_of(
            "segmind:bg-removal-v2", KEY, base_url=imitation.url, reach=Reach(loopback=True)
        )
        answer = provider.submit(numbered(9), time_left_s=5)
    assert isinstance(answer, Answer)
    with Image.open(io.BytesIO(answer.data)) as cutout:
        assert cutout.getchannel("A").getextrema() == (0, 255)
