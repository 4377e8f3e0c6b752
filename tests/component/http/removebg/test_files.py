"""/v1.0: photos that are sent, and all that is done to them."""

import base64
import json
import zipfile
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.component.http.removebg.client import Desk, error, in_form, picture
from tests.component.http_events import SELLER
from tests.component.lane import photo


def test_a_file_comes_back_cut_out_with_what_it_cost(desk: Desk) -> None:
    got = desk.send(**in_form(size="auto"))

    assert picture(got).mode == "RGBA"
    headers = got["headers"]
    assert headers["X-Credits-Charged"] == "8"
    assert (headers["X-Width"], headers["X-Height"], headers["X-Type"]) == ("40", "30", "other")
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("30", "29")
    assert int(headers["X-RateLimit-Reset"]) > 1_700_000_000


def test_a_preview_costs_the_basic_price(desk: Desk) -> None:
    assert desk.json()["headers"]["X-Credits-Charged"] == "3"
    assert desk.json(size="regular")["headers"]["X-Credits-Charged"] == "3"
    assert desk.json(size="hd")["headers"]["X-Credits-Charged"] == "8"


def test_base64_comes_in_a_url_encoded_form_too(desk: Desk) -> None:
    body = urlencode({"image_file_b64": base64.b64encode(photo()).decode(), "format": "jpg"})
    told = {"Content-Type": "application/x-www-form-urlencoded"}

    assert picture(desk.send(raw_body=body, headers=told)).format == "JPEG"


def test_whoever_accepts_json_gets_json(desk: Desk) -> None:
    sent = in_form()
    sent["headers"]["Accept"] = "application/json"

    got = desk.send(**sent)

    assert got["headers"]["Content-Type"] == "application/json"
    data = base64.b64decode(json.loads(got["body"])["data"]["result_b64"])
    assert Image.open(BytesIO(data)).size == (40, 30)


def test_what_is_behind_the_subject_and_the_mask_alone(desk: Desk) -> None:
    on_red = picture(desk.json(bg_color="f00", format="png")).convert("RGB")
    assert on_red.getpixel((15, 15)) == (255, 0, 0)
    assert picture(desk.json(bg_color="red", format="auto")).format == "JPEG"
    assert picture(desk.json(channels="alpha")).mode == "L"
    assert picture(desk.json(format="webp")).format == "WEBP"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"image_file_b64": None}, "exactly one"),
        ({"image_file_b64": "§"}, "base64"),
        ({"image_url": "https://shop.example.com/a.jpg"}, "exactly one"),
        ({"size": "huge"}, "size"),
        ({"crop_margin": "30"}, "crop_margin"),
        ({"crop_margin": "501px"}, "crop_margin"),
        ({"crop_margin": "51%"}, "crop_margin"),
        ({"crop_margin": "1px 2px 3px"}, "crop_margin"),
        ({"crop_margin": "12.5px"}, "crop_margin"),
        ({"roi": "0% 0% 50%"}, "roi"),
        ({"roi": "50% 0% 50% 100%"}, "roi"),
        ({"roi": "0% 0% 101% 100%"}, "roi"),
        ({"position": "5px"}, "position"),
        ({"position": "1% 2% 3%"}, "position"),
        ({"bg_color": "reddish"}, "bg_color"),
        ({"scale": "9%"}, "scale"),
        ({"scale": "101%"}, "scale"),
        ({"colour": "red"}, "colour"),
        ({"bg_image_url": "http://shop.example.com/a.jpg"}, ""),
        ({"bg_image_url": "https://169.254.169.254/a.jpg"}, ""),
        ({"bg_image_url": "https://shop.example.com/a.jpg", "bg_color": "red"}, "at most one"),
        ({"bg_image_file": "eA=="}, "bg_image_file"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name_and_costs_nothing(
    desk: Desk, fields: dict[str, Any], named: str
) -> None:
    got = desk.json(**fields)

    assert error(got) == (400, "invalid_parameters")
    assert named in json.loads(got["body"])["errors"][0]["detail"]
    assert [*desk.api.stack.jobs.newest_jobs(SELLER, before=None, at_once=1)] == []


def disc(desk: Desk, **fields: Any) -> Any:
    """The answer to a cut-out of 200 x 100 with a red disc at (40, 20) to (80, 60)."""
    file = BytesIO()
    picture = Image.new("RGBA", (200, 100))
    ImageDraw.Draw(picture).ellipse((40, 20, 79, 59), (200, 30, 30, 255))
    picture.save(file, "PNG")
    return desk.json(image_file_b64=base64.b64encode(file.getvalue()).decode(), **fields)


def test_one_sees_through_a_colour_that_is_half_transparent(desk: Desk) -> None:
    made = picture(disc(desk, bg_color="0000ff80"))
    assert (made.format, made.getpixel((0, 0))) == ("PNG", (0, 0, 255, 128))
    assert made.getpixel((60, 40)) == (200, 30, 30, 255)

    flat = picture(disc(desk, bg_color="0000ff80", format="jpg")).convert("RGB")
    near = zip(flat.getpixel((0, 0)), (127, 127, 255), strict=True)  # type: ignore[arg-type]
    assert all(abs(got - wanted) < 4 for got, wanted in near)


@pytest.mark.parametrize(
    ("fields", "size", "box"),
    [
        ({}, (200, 100), (40, 20, 80, 60)),
        ({"roi": "0 0 60px 100%"}, (200, 100), (40, 20, 60, 60)),
        ({"roi": "0% 0% 100% 100%"}, (200, 100), (40, 20, 80, 60)),
        ({"crop": "true"}, (40, 40), (0, 0, 40, 40)),
        ({"crop": "true", "crop_margin": "30px"}, (100, 100), (30, 30, 70, 70)),
        ({"crop": "true", "crop_margin": "10% 5px"}, (50, 48), (5, 4, 45, 44)),
        ({"crop": "true", "crop_margin": "1px 2px 3px 4px"}, (46, 44), (4, 1, 44, 41)),
        ({"crop_margin": "30px"}, (200, 100), (40, 20, 80, 60)),
        ({"scale": "80%"}, (200, 100), (60, 10, 140, 90)),
        ({"scale": "80%", "position": "original"}, (200, 100), (20, 0, 100, 80)),
        ({"scale": "original", "position": "center"}, (200, 100), (80, 30, 120, 70)),
        ({"position": "100% 0%"}, (200, 100), (160, 0, 200, 40)),
        ({"position": "original"}, (200, 100), (40, 20, 80, 60)),
    ],
)
def test_the_subject_lies_where_it_was_asked_for(
    desk: Desk, fields: dict[str, str], size: tuple[int, int], box: tuple[int, ...]
) -> None:
    got = disc(desk, **fields)

    made = picture(got)
    assert (made.size, made.getchannel("A").getbbox()) == (size, box)
    assert (got["headers"]["X-Width"], got["headers"]["X-Height"]) == tuple(map(str, size))


def test_a_region_beyond_the_photo_is_refused_and_given_back(desk: Desk) -> None:
    before = desk.api.get("/api/credits").data["balance"]

    assert error(disc(desk, roi="0px 0px 201px 50px")) == (400, "roi_exceeds_bounds")
    assert desk.api.get("/api/credits").data["balance"] == before


def test_a_zip_has_colours_and_alpha(desk: Desk) -> None:
    got = disc(desk, format="zip")

    assert got["headers"]["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(base64.b64decode(got["body"]))) as archive:
        assert archive.namelist() == ["color.jpg", "alpha.png"]
        alpha = Image.open(archive.open("alpha.png"))
        assert alpha.getbbox() == (40, 20, 80, 60)


def test_a_shadow_falls_beside_the_subject(desk: Desk) -> None:
    plain, shaded = picture(disc(desk)), picture(disc(desk, add_shadow="true"))

    assert shaded.size == plain.size
    seen, more = (np.count_nonzero(np.asarray(made.getchannel("A"))) for made in (plain, shaded))
    assert more > seen
