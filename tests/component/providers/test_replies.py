"""What a provider's answer means."""

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from lumiku.adapters.hosting.providers.replies import (
    Reply,
    decoded,
    is_of_content,
    is_picture,
    kind_of,
    retry_after_s,
)
from lumiku.domain.hosting.tickets import Fault


def reply(status: int, body: object = "", **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, httpx.Headers(named), data)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, Fault.GONE),
        (307, Fault.GONE),
        (400, Fault.INPUT),
        (401, Fault.AUTH),
        (402, Fault.CREDIT),
        (403, Fault.AUTH),
        (404, Fault.GONE),
        (405, Fault.GONE),
        (408, Fault.TRANSIENT),
        (410, Fault.GONE),
        (413, Fault.INPUT),
        (415, Fault.INPUT),
        (418, Fault.TRANSIENT),
        (422, Fault.INPUT),
        (429, Fault.RATE),
        (499, Fault.TRANSIENT),
        (500, Fault.TRANSIENT),
        (503, Fault.TRANSIENT),
        (599, Fault.TRANSIENT),
    ],
)
def test_providers_agree_on_most_statuses(status: int, kind: Fault) -> None:
    assert kind_of(reply(status, "<html>")) is kind


def test_a_model_that_loads_is_cold() -> None:
    assert kind_of(reply(503, {"error": "loading", "estimated_time": 20.0})) is Fault.COLD


@pytest.mark.parametrize("words", ["blocked by moderation", "NSFW", "violates content policy"])
def test_words_of_moderation_make_it_the_contents_fault(words: str) -> None:
    assert kind_of(reply(422, {"detail": words})) is Fault.CONTENT
    assert kind_of(reply(500, {"detail": words})) is Fault.TRANSIENT


def test_a_photo_in_the_answer_never_reads_as_words() -> None:
    assert is_of_content("nsfw")
    photo = base64.b64encode(b"abc" * 200).decode() + "nsfw" + "A" * 80
    assert kind_of(reply(422, {"detail": "too large", "input": photo})) is Fault.INPUT


@pytest.mark.parametrize(
    ("found", "hint_s"),
    [
        (reply(429, "", retry_after="3600"), 3600),
        (reply(429, "", retry_after="0"), 0),
        (reply(429, "", retry_after="1.5"), 1.5),
        (reply(429, "", retry_after="-1"), None),
        (reply(429, "", retry_after="nan"), None),
        (reply(429, "", retry_after="1e999"), 86_400),
        (reply(429, "", retry_after="soon"), None),
        (reply(429, {"retry_after": 7}), 7),
        (reply(429, {"retry_after": "7"}), None),
        (reply(429, {"retry_after": True}), None),
        (reply(503, {"estimated_time": 577.4}), 577.4),
        (reply(503, {"estimated_time": 10**400}), 86_400),
        (reply(429, "", ratelimit='"api";r=0;t=55'), 55),
        (reply(200, "", ratelimit='"api";r=9;t=55'), None),
        (reply(429, {"retry_after": 7}, retry_after="9"), 9),
        (reply(429, "[1, 2]"), None),
        (reply(429, "[" * 100_000), None),
    ],
)
def test_hints_are_read_where_providers_give_them(found: Reply, hint_s: float | None) -> None:
    assert retry_after_s(found) == hint_s


def test_a_hint_may_be_a_date() -> None:
    at = datetime.now(UTC) + timedelta(seconds=100)
    found = retry_after_s(reply(429, "", retry_after=format_datetime(at, usegmt=True)))
    assert found == pytest.approx(100, abs=2)
    assert retry_after_s(reply(429, "", retry_after="Wed, 21 Oct 2015 07:28:00 GMT")) == 0
    assert retry_after_s(reply(429, "", retry_after="Wed, 21 Oct 2015 07:28:00 -0000")) == 0


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n....", True),
        (b"\xff\xd8\xff\xe0....", True),
        (b"RIFF\n\n\n\nWEBPVP8 ", True),
        (b"RIFF1234WAVEfmt ", False),
        (b'{"error": "no"}', False),
        (b"<html>\x89PNG\r\n\x1a\n", False),
        (b"", False),
    ],
)
def test_pictures_are_told_by_how_they_begin(data: bytes, expected: bool) -> None:
    assert is_picture(data) is expected


def test_base64_comes_bare_or_in_a_data_uri() -> None:
    assert decoded("aGVsbG8=") == b"hello"
    assert decoded("data:image/png;base64,aGVsbG8=") == b"hello"
    for wrong in ("not base64!", "data:image/png;base64,%%%", "aGVsbG8"):
        with pytest.raises(ValueError, match=r"."):
            decoded(wrong)
