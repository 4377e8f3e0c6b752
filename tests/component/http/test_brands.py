"""White label: an account's brand, who may have one, and what is refused."""

import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.component.processing import on_plan
from tests.dynamodb import all_rows

KIOS = {
    "slug": "kios-maju",
    "name": "Kios Maju",
    "accentColor": "#7a1f3d",
    "headerColor": "#fff4e0",
    "senderName": "Kios Maju, Bandung",
    "footer": "Kios Maju\nJl. Merdeka 1 & 2",
}
PUBLIC = ("slug", "name", "accentColor", "headerColor")


@pytest.fixture
def premium(api: Api) -> Api:
    """Of somebody on premium."""
    on_plan(api, "premium")
    return api


def save(api: Api, user: str = SELLER, **told: Any) -> Answer:
    return api("PUT", "/api/brand", body={**KIOS, **told}, user=user)


def form(picture: bytes) -> dict[str, Any]:
    """What a request has that sends the picture."""
    head = 'name="image"; filename="logo.png"\r\nContent-Type: image/png'
    start = f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    body = start + picture + b"\r\n--x--\r\n"
    return {"raw_body": body, "headers": kind}


def send(api: Api, picture: bytes) -> Answer:
    return api("PUT", "/api/brand/logo", **form(picture))


def picture(width: int = 900, height: int = 300, colour: str = "#7a1f3d") -> bytes:
    file = BytesIO()
    Image.new("RGBA", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 900 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        told = kind + data
        return len(data).to_bytes(4) + told + zlib.crc32(told).to_bytes(4)

    size = (30_000).to_bytes(4) * 2
    packed = zlib.compress(bytes(1_000_000))
    header = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def end_plan(api: Api) -> None:
    """As if the paid month were over."""
    sk = {"S": "SUBSCRIPTION#product-photo-studio"}
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": sk},
        UpdateExpression="SET period_end = :then",
        ExpressionAttributeValues={":then": {"S": "2020-01-01T00:00:00Z"}},
    )


def rows() -> list[dict[str, Any]]:
    return [row for row in all_rows() if row["pk"].startswith("BRAND#")]


def files(api: Api) -> set[str]:
    return api.stack.photos.keys("brands/")


def test_a_brand_is_made_changed_shown_to_anybody_and_removed(premium: Api) -> None:
    assert premium.get("/api/brand").data == {"brand": None}
    made = save(premium)

    assert made.data == {**KIOS, "logoUrl": None}
    assert premium.get("/api/brand").data["brand"] == made.data
    shown = premium.get("/api/brands/kios-maju")
    assert shown.data == {**{name: KIOS[name] for name in PUBLIC}, "logoUrl": None}
    assert shown.headers["cache-control"] == "public, max-age=300"
    assert SELLER not in shown.text

    changed = save(premium, slug="kios-baru", senderName=None, footer="").data
    assert (changed["senderName"], changed["footer"]) == (None, None)
    assert premium.get("/api/brands/kios-maju").status == 404
    assert premium.get("/api/brands/kios-baru").data["name"] == "Kios Maju"

    assert premium("DELETE", "/api/brand").data["slug"] == "kios-baru"
    assert premium.get("/api/brand").data == {"brand": None}
    assert premium.get("/api/brands/kios-baru").status == 404
    assert premium("DELETE", "/api/brand").status == 404
    assert rows() == []


def test_a_brand_takes_premium_and_stays_when_that_ends(api: Api) -> None:
    refused = save(api)
    assert (refused.status, refused.json["code"]) == (403, "not_in_plan")
    assert refused.json["availableIn"] == "premium"
    assert send(api, picture()).json["code"] == "not_in_plan"
    assert rows() == []

    on_plan(api, "premium")
    assert save(api).status == 200
    end_plan(api)

    assert save(api, name="Lain").status == 403
    assert api.get("/api/brands/kios-maju").data["name"] == "Kios Maju"
    assert api("DELETE", "/api/brand").status == 200


def test_a_slug_is_of_one_account_until_it_lets_go(premium: Api) -> None:
    save(premium)
    on_plan(premium, "premium", user=STRANGER)

    taken = save(premium, STRANGER)
    assert (taken.status, taken.json["code"], taken.json["slug"]) == (
        409,
        "slug_taken",
        "kios-maju",
    )
    assert save(premium, STRANGER, slug="warung").status == 200
    assert save(premium, STRANGER).json["code"] == "slug_taken"
    assert premium.get("/api/brands/warung").status == 200  # which it did not lose by that

    premium("DELETE", "/api/brand")
    assert save(premium, STRANGER, name="Warung").status == 200
    assert premium.get("/api/brands/kios-maju").data["name"] == "Warung"
    assert premium.get("/api/brands/warung").status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accentColor", "red"),
        ("headerColor", "#fff"),
        ("accentColor", "#12345g"),
        ("accentColor", "#ffffff;background:url(//evil.example)"),
        ("slug", "ab"),
        ("slug", "Kios"),
        ("slug", "kios/../x"),
        ("slug", "k" * 41),
        ("name", ""),
        ("name", "Kios\u202eujaM"),
        ("name", "k" * 61),
        ("senderName", "Bank <info@bank.example>"),
        ("senderName", "info@bank.example"),
        ("senderName", "info\uff20bank.example"),
        ("senderName", 'Kios "Maju"'),
        ("senderName", "Kios\r\nBcc: all@shop.example"),
        ("senderName", "Kios\nMaju"),
        ("senderName", "Kios\u2028Maju"),
        ("senderName", "Kios\u202eMaju"),
        ("senderName", " "),
        ("footer", "a\r\nb"),
        ("footer", "a\u2066b"),
        ("footer", "a\x00b"),
        ("footer", "f" * 501),
        ("logoUrl", "https://evil.example/logo.svg"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    premium: Api, field: str, value: str
) -> None:
    refused = save(premium, **{field: value})

    assert refused.status == 400
    assert [one["field"] for one in refused.json["errors"]] == [f"body.{field}"]
    assert rows() == []


def test_a_logo_is_drawn_anew_small_and_goes_with_the_brand(premium: Api) -> None:
    assert send(premium, picture()).status == 404  # no brand to give it to
    save(premium)

    given = send(premium, picture())
    [first] = files(premium)
    assert given.data["logoUrl"].startswith("http")
    assert given.data["logoUrl"] == premium.get("/api/brands/kios-maju").data["logoUrl"]
    with Image.open(BytesIO(premium.stack.photos.read(first).data)) as logo:
        assert (logo.format, logo.size) == ("PNG", (512, 171))
        assert logo.info == {}

    assert send(premium, picture()).status == 200
    assert files(premium) == {first}
    send(premium, picture(40, 30, "#ffffff"))
    [second] = files(premium)
    assert second != first
    assert save(premium, name="Kios").data["logoUrl"] is not None
    assert files(premium) == {second}

    premium("DELETE", "/api/brand")
    assert (files(premium), rows()) == (set(), [])


SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        (415, "unsupported_format", SCRIPT),
        (415, "unsupported_format", b'<?xml version="1.0"?>' + SCRIPT),
        (415, "unsupported_format", b"%PDF-1.7"),
        (422, "empty_file", b""),
        (422, "damaged_photo", picture()[:-40]),
        (422, "photo_too_small", picture(4, 4)),
        (413, "too_many_pixels", picture(5000, 4000)),
        (413, "too_many_pixels", bomb()),
        (413, "photo_too_large", picture() + bytes(1_000_000)),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_bad_logo_is_refused_by_code_and_nothing_is_left(
    premium: Api, status: int, code: str, sent: bytes
) -> None:
    save(premium)

    refused = send(premium, sent)

    assert (refused.status, refused.json["code"]) == (status, code)
    assert files(premium) == set()
    assert premium.get("/api/brand").data["brand"]["logoUrl"] is None


def test_of_two_logos_at_once_one_is_kept_and_the_other_leaves_nothing(
    premium: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(premium)
    app = premium.stack.app("preview_api")
    logos = app.logos

    def meanwhile(data: bytes) -> bytes:
        monkeypatch.undo()
        assert send(premium, picture(60, 60, "#00ff00")).status == 200
        return bytes(logos.redraw(data))

    monkeypatch.setattr(app, "logos", replace(logos, redraw=meanwhile))

    assert send(premium, picture()).json["code"] == "busy"
    assert len(files(premium)) == 1


def test_a_removal_that_broke_off_is_finished_by_the_next(
    premium: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(premium)
    send(premium, picture())
    store = type(premium.stack.app("brands_api").branding.store)

    def dies(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(store, "remove", dies)
        assert premium("DELETE", "/api/brand").status == 500
    assert premium("DELETE", "/api/brand").status == 200
    assert (files(premium), rows()) == (set(), [])
