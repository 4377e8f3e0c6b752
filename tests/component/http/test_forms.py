"""What a form brings that JSON would not let through, however the form is written."""

from contextlib import suppress
from time import process_time

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.errors import InvalidRequest
from lumiku.http.forms import read_form
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER, Answer
from tests.component.lane import photo

ENDLESS = "x" * 500_000


@pytest.fixture
def rich(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API, with a caller who has credits; nobody waits for results, as no worker is at it."""
    api.stack.open_account(SELLER, 50)
    monkeypatch.setattr(api.stack.app("jobs_api"), "MAX_WAIT_S", 0)
    return api


def test_a_name_that_no_row_could_hold_is_cut(rich: Api) -> None:
    got = form(f"{P}/remove", rich, "image", {}, ENDLESS)
    assert got.status == 202
    job = rich.get(f"{P}/jobs/{got.data['jobId']}").data
    assert job["fileName"] == "x" * 255


def test_names_of_a_batch_are_cut_to_what_is_kept(rich: Api) -> None:
    got = form(f"{P}/batch", rich, "images", {}, ENDLESS)
    assert got.status == 201
    assert [file["name"] for file in got.data["files"]] == ["x" * 150] * 2


TYPE = "multipart/form-data; boundary=B"
TIER = b'Content-Disposition: form-data; name="tier"\r\n\r\nbasic'


def written(*parts: bytes) -> bytes:
    return b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


def with_photo(disposition: str, *more: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {disposition}\r\nContent-Type: image/jpeg\r\n\r\n"
    return written(TIER, *more, head.encode() + photo())


def send(api: Api, body: bytes, content_type: str = TYPE, path: str = "remove") -> Answer:
    return api("POST", f"{P}/{path}", raw_body=body, headers={"Content-Type": content_type})


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('name="image"; filename="shoe.jpg"', "shoe.jpg"),
        ("name=image; filename=shoe.jpg", "shoe.jpg"),
        ('filename="shoe.jpg"; name="image"', "shoe.jpg"),
        ("name=image; filename*=utf-8''sepatu%20%E4%BD%A0.jpg", "sepatu \u4f60.jpg"),
        ("FileName=shoe.jpg; NAME=image", "shoe.jpg"),
        ('name="image" ; filename="a;b.jpg"', "a;b.jpg"),
        ('name="image"; filename="say \\"hi\\".jpg"', 'say "hi".jpg'),
        ('name="image"; filename="say %22hi%22.jpg"', 'say "hi".jpg'),
        ("name=image; filename=caf\u00e9 1.jpg", "caf\u00e9 1.jpg"),
        ('name=image; filename="=?utf-8?B?Y2Fmw6kuanBn?="', "caf\u00e9.jpg"),
        ("name=image; filename==?utf-8?Q?caf=C3=A9.jpg?=", "caf\u00e9.jpg"),
        (
            "name=image; filename=\"=?utf-8?B?eC5qcGc=?=\"; filename*=utf-8''caf%C3%A9.jpg",
            "caf\u00e9.jpg",
        ),
        ("name=image; filename=x.jpg; filename*=iso-8859-1'en'caf%E9.jpg", "caf\u00e9.jpg"),
        ("name=image; filename=x.jpg; filename*=nonsense", "x.jpg"),
        ('name=image; filename="=?nope?B?eA==?="', "=?nope?B?eA==?="),
        ('name=image; filename="=?utf-7?Q?+2AA-?="', "=?utf-7?Q?+2AA-?="),
        ('name=image;\r\n filename="folded.jpg"', "folded.jpg"),
        ('name="image"; filename=""', "photo"),
    ],
)
def test_a_legal_form_is_read_with_its_names(rich: Api, disposition: str, name: str) -> None:
    got = send(rich, with_photo(disposition))

    assert got.status == 202, got.text
    assert rich.get(f"{P}/jobs/{got.data['jobId']}").data["fileName"] == name


@pytest.mark.parametrize(
    "content_type",
    [
        "Multipart/Form-Data; boundary=B",
        'multipart/form-data; Boundary="B"',
        "multipart/form-data; charset=utf-8; boundary=B",
        "MULTIPART/FORM-DATA;boundary=B",
    ],
)
def test_a_content_type_is_read_however_it_is_written(rich: Api, content_type: str) -> None:
    assert send(rich, with_photo("name=image; filename=x.jpg"), content_type).status == 202


def test_a_boundary_may_hold_what_no_token_does(rich: Api) -> None:
    body = with_photo("name=image; filename=x.jpg").replace(b"--B", b"------=_Part_1:2?")

    assert send(rich, body, "multipart/form-data; boundary=----=_Part_1:2?").status == 202


def test_text_around_the_parts_and_the_charset_of_browsers_are_no_fields(rich: Api) -> None:
    charset = b"Content-Disposition: form-data; name=_charset_\r\n\r\nutf-8"
    body = with_photo("name=image; filename=x.jpg", charset)

    assert send(rich, b"A preamble\r\n" + body + b"and an epilogue").status == 202


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", written(TIER)),
        ("multipart/form-data; boundary=", written(TIER)),
        ('multipart/form-data; boundary=""', written(TIER)),
        ("multipart/form-data; boundary=C", written(TIER)),
        (TYPE, b""),
        (TYPE, written(TIER)[:-6]),
        (TYPE, written(b"tier=basic")),
        (TYPE, written(TIER.replace(b"tier", b"\xff"))),
        (TYPE, written(TIER.replace(b"basic", b"\xff"))),
        (TYPE, written(*[TIER] * 1001)),
        ("application/x-www-form-urlencoded", b"tier=basic"),
        ("text/plain", b"{}"),
    ],
)
def test_what_is_no_form_is_a_refusal(rich: Api, content_type: str, body: bytes) -> None:
    assert faults(send(rich, body, content_type)).keys() <= {"body", "body.tier"}


def faults(got: Answer) -> dict[str, str]:
    assert (got.status, got.json["code"]) == (400, "invalid_request")
    return {error["field"]: error["message"] for error in got.json["errors"]}


@pytest.mark.parametrize(("path", "field"), [("remove", "image"), ("batch", "images")])
def test_a_file_in_another_field_is_told_the_right_one(rich: Api, path: str, field: str) -> None:
    got = send(rich, with_photo("name=photo; filename=x.jpg"), path=path)

    assert faults(got) == {"body.photo": f"There is no such field; did you mean {field}?"}


def test_a_photo_that_comes_as_text_or_twice_is_told_so(rich: Api) -> None:
    twice = b"Content-Disposition: form-data; name=image; filename=y.jpg\r\n\r\nx"
    for body in (with_photo("name=image"), with_photo("name=image; filename=x.jpg", twice)):
        assert "file" in faults(send(rich, body))["body.image"]


@pytest.mark.parametrize(("path", "field"), [("remove", "image"), ("batch", "images")])
def test_a_form_without_its_photo_says_what_is_missing(rich: Api, path: str, field: str) -> None:
    assert faults(send(rich, written(TIER), path=path)) == {f"body.{field}": "Field required"}


def test_a_batch_that_is_too_large_for_a_form_is_told_what_batches_can_do(rich: Api) -> None:
    got = form(f"{P}/batch", rich, "images", {}, data=b"x" * 2_300_000)

    assert (got.status, got.json["code"]) == (413, "batch_too_large")
    assert (got.json["size"], got.json["allowed"]) == (4_600_000, 4_500_000)
    assert "files" in got.json["detail"]
    assert "fileName" not in got.json["detail"]


def test_no_form_takes_longer_to_read_than_its_size_allows() -> None:
    """Names of half a megabyte, made of what makes a reader look twice."""
    for name in ('";' * 250_000, '\\"' * 250_000, "=?" * 250_000, "a=" * 250_000, ";" * 500_000):
        body = written(b"Content-Disposition: form-data; name=image; filename=" + name.encode())
        started = process_time()
        with suppress(InvalidRequest):
            read_form(TYPE, body)
        assert process_time() - started < 2
