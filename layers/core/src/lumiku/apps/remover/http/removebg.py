"""remove.bg's words: how its requests are read and what its answers look like."""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler.openapi.params import UploadFile

from lumiku.apps.remover.removebg import BEHIND, SOURCES
from lumiku.domain.errors import InvalidRequest, PhotoTooLarge, Refusal, TooManyRequests
from lumiku.domain.people.limits import Pace
from lumiku.domain.texts import Text
from lumiku.http.forms import read_form
from lumiku.http.problems import MEANINGS

_CODES = {
    "insufficient_credits": "insufficient_credits",
    "too_many_requests": "rate_limit_exceeded",
    "invalid_request": "invalid_parameters",
    "photo_too_large": "file_too_large",
    "unsupported_format": "invalid_file_type",
    "region_outside": "roi_exceeds_bounds",
}
# remove.bg says 400 to every photo that it cannot use.
_OF_PHOTOS = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


def fields_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request, in whichever of three ways it came."""
    raw = event.get("body") or ""
    body = base64.b64decode(raw) if event.get("isBase64Encoded") else raw.encode()
    told = event["headers"].get("content-type", "")
    match told.partition(";")[0].strip().lower():
        case "multipart/form-data":
            return dict(read_form(told, body))
        case "application/json":
            found = _json(body)
        case _:
            return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return found


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest(Text("The body is no JSON object.", "Isi bukan objek JSON."))
    return found


def photo_of(fields: dict[str, Any]) -> tuple[str, bytes | str]:
    """Takes the one photo out of the fields: its name, and its bytes or where it lies."""
    given = [name for name in SOURCES if fields.get(name) not in (None, "")]
    if len(given) != 1:
        raise InvalidRequest(
            Text(
                f"Give exactly one of {', '.join(SOURCES)}; {len(given)} were given.",
                f"Berikan tepat satu dari {', '.join(SOURCES)}; diberikan {len(given)}.",
            )
        )
    photo = fields.pop(given[0])
    for name in SOURCES:
        fields.pop(name, None)
    if given == ["image_url"]:
        return "photo", str(photo)
    if isinstance(photo, UploadFile):
        return photo.filename or "photo", photo.content
    try:
        text = str(photo).rpartition("base64,")[2]
        return "photo", base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest(
            Text(f"{given[0]} is not base64.", f"{given[0]} bukan base64.")
        ) from None


def behind_of(fields: dict[str, Any]) -> bytes | str | None:
    """Takes what shall be behind the subject out of the fields: its bytes, or where it lies."""
    given = [name for name in ("bg_color", *BEHIND) if fields.get(name) not in (None, "")]
    if len(given) > 1:
        raise InvalidRequest(
            Text(
                f"Give at most one of bg_color, {', '.join(BEHIND)}; {len(given)} were given.",
                f"Berikan paling banyak satu dari bg_color, {', '.join(BEHIND)}; diberikan"
                f" {len(given)}.",
            )
        )
    file, url = (fields.pop(name, None) or None for name in BEHIND)
    if isinstance(file, UploadFile):
        return file.content
    if file is not None:
        raise InvalidRequest(
            Text("bg_image_file is a file of a form.", "bg_image_file adalah berkas formulir.")
        )
    return None if url is None else str(url)


def error(status: HTTPStatus, title: str, detail: str, code: str, **headers: str) -> Any:
    """An answer of `errors`."""
    told = {"errors": [{"title": title, "detail": detail, "code": code}]}
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": "application/json", **headers},
        "body": json.dumps(told),
        "isBase64Encoded": False,
    }


def refused(refusal: Refusal) -> Any:
    """A refusal in remove.bg's words."""
    meaning = MEANINGS[type(refusal)]
    status = HTTPStatus.BAD_REQUEST if meaning.status in _OF_PHOTOS else meaning.status
    detail = refusal.detail.en
    if isinstance(refusal, PhotoTooLarge):
        detail += " Give a larger photo as image_url."
    headers: dict[str, str] = {}
    if isinstance(refusal, TooManyRequests):
        reset = int(time.time()) + refusal.retry_after_s
        headers = {
            "Retry-After": str(refusal.retry_after_s),
            "X-RateLimit-Limit": str(refusal.count),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(reset),
        }
    code = _CODES.get(refusal.code, refusal.code)
    return error(status, meaning.title, detail, code, **headers)


def rate(pace: Pace | None) -> dict[str, str]:
    """How fast one may go on; nothing for a replay, which does not count."""
    if pace is None:
        return {}
    return {
        "X-RateLimit-Limit": str(pace.limit.count),
        "X-RateLimit-Remaining": str(pace.remaining),
        "X-RateLimit-Reset": str(int(time.time()) + pace.reset_s),
    }
