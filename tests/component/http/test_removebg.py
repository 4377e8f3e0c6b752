"""/v1.0: what clients of remove.bg send, and what they read."""

import base64
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lumiku.services.work.fetching import NotFetched
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, request
from tests.component.lane import message, open_lane, photo


class Desk:
    """A client of remove.bg with a key; a worker takes each photo while it waits."""

    def __init__(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        self.api = api
        self.key = self.new_key()
        self.lane = open_lane(api.stack, monkeypatch)
        app: Any = api.stack.app("removebg_api")
        self.app = app
        self.app.jobs = replace(self.app.jobs, sleep=self.work)

    def new_key(self, **told: Any) -> str:
        made = self.api.post("/api/keys", {"name": "shop", **told})
        return str(made.data["key"])

    def work(self, _: float) -> None:
        """What came since is processed."""
        for url in self.messages("FetchQueue"):
            self.deliver("fetch_photo", url)
        for key in self.lane.keys("in/"):
            stored = self.api.stack.s3.head_object(Bucket=self.api.stack.bucket, Key=key)
            about = {"key": key, "size": stored["ContentLength"], "eTag": stored["ETag"].strip('"')}
            self.lane.deliver(message({"eventName": "ObjectCreated:Put", "s3": {"object": about}}))
        for body in self.messages("SettleQueue"):
            self.deliver("settle_job", body)

    def messages(self, queue: str) -> list[str]:
        """What waits in a queue, which is empty afterwards."""
        url = self.api.stack.queue_urls[queue]
        got = self.api.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [one["Body"] for one in got.get("Messages", [])]

    def deliver(self, folder: str, body: str) -> None:
        """Hand a message to its function."""
        record: dict[str, Any] = {
            "messageId": "m",
            "receiptHandle": "h",
            "body": body,
            "eventSource": "aws:sqs",
        }
        record |= {"attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}}
        arn = {"eventSourceARN": "arn:aws:sqs:ap-southeast-1:1:q", "awsRegion": "x"}
        answer = self.api.stack.call(folder, {"Records": [record | arn]})
        assert answer == {"batchItemFailures": []}

    def send(self, path: str = "/v1.0/removebg", method: str = "POST", **sent: Any) -> Any:
        headers = {"X-Api-Key": self.key, **sent.pop("headers", {})}
        event = request(method, path, user=None, headers=headers, **sent)
        return self.api.stack.call("removebg_api", event)

    def json(self, **fields: Any) -> Any:
        given = {"image_file_b64": base64.b64encode(photo()).decode(), **fields}
        return self.send(body={name: value for name, value in given.items() if value is not None})


@pytest.fixture
def desk(seller: Api, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(seller, monkeypatch)


def picture(answer: Any) -> Image.Image:
    assert answer["statusCode"] == 200, answer["body"]
    assert answer["isBase64Encoded"]
    return Image.open(BytesIO(base64.b64decode(answer["body"])))


def error(answer: Any) -> tuple[int, str]:
    [told] = json.loads(answer["body"])["errors"]
    assert told["title"]
    assert told["detail"]
    return answer["statusCode"], told["code"]


def in_form(**fields: str | bytes) -> dict[str, Any]:
    parts = []
    for name, value in fields.items():
        file, data = ("", value.encode()) if isinstance(value, str) else ('; filename="f"', value)
        told = f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(told.encode() + data + b"\r\n")
    head = b'--B\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n'
    body = b"".join(parts) + head + photo() + b"\r\n--B--\r\n"
    return {"raw_body": body, "headers": {"Content-Type": "multipart/form-data; boundary=B"}}


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


def test_a_photo_that_no_request_holds_is_asked_for_by_url(desk: Desk) -> None:
    got = desk.json(image_file_b64=base64.b64encode(bytes(4_500_001)).decode())

    assert error(got) == (400, "file_too_large")
    assert "image_url" in json.loads(got["body"])["errors"][0]["detail"]


def test_a_page_is_no_photo_and_is_not_charged(desk: Desk) -> None:
    before = desk.api.get("/api/credits").data["balance"]

    got = desk.json(image_file_b64=base64.b64encode(b"<html>" * 99).decode())

    assert error(got) == (400, "invalid_file_type")
    assert desk.api.get("/api/credits").data["balance"] == before


def test_a_wrong_key_a_revoked_one_and_none_are_refused_in_its_words(desk: Desk) -> None:
    [made] = desk.api.get("/api/keys").data["keys"]
    good = desk.key

    for key in ("", good[:-1], good.replace("live", "test")):
        desk.key = key
        assert error(desk.json()) == (403, "auth_failed")
    desk.key = good
    desk.api("DELETE", f"/api/keys/{made['keyId']}")
    assert error(desk.json()) == (403, "auth_failed")


def test_without_credits_it_is_402(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.stack.open_account(SELLER, 2)
    poor = Desk(api, monkeypatch)
    while (got := poor.json(size="hd"))["statusCode"] == 200:
        pass

    assert error(got) == (402, "insufficient_credits")


def test_too_fast_is_429_with_when_to_go_on(desk: Desk) -> None:
    desk.key = desk.new_key(ordersPerMinute=1)
    desk.json()

    got = desk.json()

    assert error(got) == (429, "rate_limit_exceeded")
    assert got["headers"]["X-RateLimit-Remaining"] == "0"
    assert 1 <= int(got["headers"]["Retry-After"]) <= 60


def test_what_takes_too_long_says_what_became_of_the_credits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.app, "WAIT_S", 0)

    got = desk.json()

    assert error(got) == (503, "timeout")
    detail = json.loads(got["body"])["errors"][0]["detail"]
    [job] = desk.api.stack.jobs.newest_jobs(SELLER, before=None, at_once=1)
    assert f"3 credits were charged for job {job.id}" in detail


def test_a_result_that_no_answer_holds_is_somewhere_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.app, "MAX_BYTES", 10)

    got = desk.json()

    assert got["statusCode"] == 303
    assert "/out/" in got["headers"]["Location"]


def test_a_test_key_is_charged_nothing_and_gets_a_small_marked_picture(desk: Desk) -> None:
    desk.key = desk.new_key(mode="test")
    before = desk.api.get("/api/credits").data["balance"]
    file = BytesIO()
    Image.new("RGB", (900, 700), "teal").save(file, "JPEG")

    got = desk.json(size="full", image_file_b64=base64.b64encode(file.getvalue()).decode())

    made = picture(got)
    assert made.width * made.height <= 250_000
    assert len(made.convert("RGB").getcolors(250_000) or ()) > 2  # the mark
    assert got["headers"]["X-Credits-Charged"] == "0"
    assert desk.api.get("/api/credits").data["balance"] == before


def test_the_account_in_its_words(desk: Desk) -> None:
    got = desk.send("/v1.0/account", "GET")

    credits = json.loads(got["body"])["data"]["attributes"]["credits"]
    assert credits["total"] == credits["subscription"] + credits["payg"]
    assert credits["total"] >= 1000


def test_a_key_in_the_url_is_refused(desk: Desk) -> None:
    got = desk.send("/v1.0/account", "GET", query={"api_key": desk.key})

    assert error(got) == (400, "invalid_parameters")
    assert desk.key not in got["body"]
