"""/v1.0: photos and pictures behind them that are fetched from where they lie."""

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lumiku.services.work.fetching import NotFetched
from tests.component.http.removebg.client import Desk, error, in_form, picture
from tests.component.http_events import SELLER
from tests.component.lane import photo


class Shop:
    """What lies at addresses of others."""

    def __init__(self, *found: bytes | NotFetched) -> None:
        self.found = [*found]
        self.asked: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        self.asked.append(url)
        found = self.found.pop(0)
        if isinstance(found, NotFetched):
            raise found
        return found


def shop(desk: Desk, *found: bytes | NotFetched) -> Shop:
    app: Any = desk.api.stack.app("fetch_photo")
    made = Shop(*found)
    app.fetching = replace(app.fetching, fetcher=made)
    return made


URL = "https://shop.example.com/a.jpg"


def test_a_photo_is_fetched_from_where_it_lies(desk: Desk) -> None:
    there = shop(desk, photo())

    assert picture(desk.json(image_file_b64=None, image_url=URL)).size == (40, 30)
    assert there.asked == [URL]


def test_a_photo_that_is_not_there_is_not_charged(desk: Desk) -> None:
    shop(desk, NotFetched("the address answered 404."))
    before = desk.api.get("/api/credits").data["balance"]

    got = desk.json(image_file_b64=None, image_url=URL)

    assert error(got) == (400, "photo_unreachable")
    assert desk.api.get("/api/credits").data["balance"] == before


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/a.jpg",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/a.jpg",
        "https://localhost/a.jpg",
        "https://[::1]/a.jpg",
        "file:///etc/passwd",
        "https://0x7f000001/",
    ],
)
def test_an_address_that_is_not_public_is_refused_before_anything_is_charged(
    desk: Desk, url: str
) -> None:
    assert error(desk.json(image_file_b64=None, image_url=url)) == (400, "invalid_parameters")
    assert desk.messages("FetchQueue") == []


def test_a_message_that_comes_twice_fetches_once(desk: Desk) -> None:
    there = shop(desk, photo())
    desk.json(image_file_b64=None, image_url=URL)
    [job] = desk.api.stack.jobs.newest_jobs(SELLER, before=None, at_once=1)

    desk.deliver("fetch_photo", json.dumps({"job_id": job.id, "photo": URL}))

    assert there.asked == [URL]


def picture_file(colour: str, size: tuple[int, int] = (60, 90)) -> bytes:
    """A picture of one colour, with a green strip along its upper and lower edge."""
    file = BytesIO()
    made = Image.new("RGB", size, colour)
    made.paste("lime", (0, 0, size[0], 10))
    made.paste("lime", (0, size[1] - 10, size[0], size[1]))
    made.save(file, "PNG")
    return file.getvalue()


def blue_behind(made: Image.Image) -> None:
    """The photo's hole shows what is behind: the middle of it, which is blue."""
    assert (made.size, made.mode, made.format) == ((40, 30), "RGB", "JPEG")
    near = zip(made.getpixel((15, 15)), (0, 0, 255), strict=True)  # type: ignore[arg-type]
    assert all(abs(got - wanted) < 40 for got, wanted in near)


def test_a_picture_is_laid_behind_the_subject(desk: Desk) -> None:
    blue_behind(picture(desk.send(**in_form(bg_image_file=picture_file("blue")))))


@pytest.mark.parametrize("photo_is_sent", [True, False])
def test_a_picture_behind_is_fetched_before_the_photo_starts_its_job(
    desk: Desk, photo_is_sent: bool
) -> None:
    behind = "https://shop.example.com/wall.png"
    there = shop(desk, picture_file("blue"), *([] if photo_is_sent else [photo()]))
    source = {} if photo_is_sent else {"image_file_b64": None, "image_url": URL}

    blue_behind(picture(desk.json(bg_image_url=behind, **source)))
    assert there.asked == [behind, *([] if photo_is_sent else [URL])]


def test_a_picture_behind_that_is_not_there_is_not_charged(desk: Desk) -> None:
    shop(desk, NotFetched("the address answered 404."))
    before = desk.api.get("/api/credits").data["balance"]

    got = desk.json(bg_image_url=URL)

    assert error(got) == (400, "photo_unreachable")
    assert desk.api.get("/api/credits").data["balance"] == before


def test_a_picture_behind_that_is_none_is_not_charged(desk: Desk) -> None:
    before = desk.api.get("/api/credits").data["balance"]

    got = desk.send(**in_form(bg_image_file=b"<html>" * 99))

    assert error(got) == (400, "invalid_file_type")
    assert desk.api.get("/api/credits").data["balance"] == before


def test_another_picture_behind_is_another_order(desk: Desk) -> None:
    def sent(colour: str) -> Any:
        form = in_form(bg_image_file=picture_file(colour))
        return desk.send(
            raw_body=form["raw_body"], headers=form["headers"] | {"Idempotency-Key": "k"}
        )

    first, again, other = sent("blue"), sent("blue"), sent("red")

    assert (first["statusCode"], again["statusCode"]) == (200, 200)
    assert error(other) == (400, "idempotency_key_reused")
