"""The one exception of the SDK, and how every refusal on the way becomes one.

An answer may come from four places, each with a body of its own: our functions
(`application/problem+json`), the gateway in front of them (`{"message": ...}`), S3 (XML), and
whatever proxy lies between (often HTML).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Self

import httpx

UNREACHABLE = "unreachable"
CONNECTION_LOST = "connection_lost"

_KNOWN_MEMBERS = {
    "type", "title", "status", "detail", "code", "success", "requestId", "instance", "message",
}  # fmt: skip
_REQUEST_ID_HEADERS = ("x-request-id", "apigw-requestid", "x-amz-request-id")


class ApiProblem(Exception):
    """A call that did not do what was asked.

    status      HTTP status; 0 when there was no refusing answer (server unreachable, photo
                refused before it was sent, job failed after it was accepted)
    code        stable word to branch on, for example `insufficient_credits`
    title       one short sentence
    detail      what exactly was wrong, may be empty
    request_id  what support needs to find the call
    extra       facts: needed, available, price, allowed, retryAfter (seconds), errors, jobId
    """

    def __init__(
        self,
        *,
        status: int = 0,
        code: str,
        title: str,
        detail: str = "",
        request_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.extra: dict[str, Any] = dict(extra or {})

    def __str__(self) -> str:
        said = f"{self.title}: {self.detail}" if self.detail else self.title
        return f"{self.status} {self.code}: {said}" if self.status else f"{self.code}: {said}"

    @property
    def retry_after_s(self) -> float | None:
        """Seconds the server asks to wait, if it said so."""
        value = self.extra.get("retryAfter")
        return max(0.0, float(value)) if isinstance(value, int | float) else None

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """The problem told by an answer whose body has been read."""
        body = _json_object(response) or _s3_error(response.text)
        phrase = _phrase(response.status_code)
        extra = {name: value for name, value in body.items() if name not in _KNOWN_MEMBERS}
        wait_s = retry_after_s(response)
        if wait_s is not None:
            extra["retryAfter"] = wait_s
        told = (response.headers.get(name) for name in _REQUEST_ID_HEADERS)
        return cls(
            status=response.status_code,
            code=str(body.get("code") or re.sub(r"\W+", "_", phrase.lower())),
            title=str(body.get("title") or body.get("message") or phrase),
            detail=str(body.get("detail") or ""),
            request_id=body.get("requestId") or next(filter(None, told), None),
            extra=extra,
        )


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _s3_error(xml: str) -> dict[str, Any]:
    """The same members as in JSON; none if there is no code."""
    found = dict(re.findall(r"<(Code|Message|RequestId)>([^<]*)</", xml[:10_000]))
    names = {"Code": "code", "Message": "message", "RequestId": "requestId"}
    return {names[tag]: text for tag, text in found.items()} if "Code" in found else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP status {status}"


def retry_after_s(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header, which is a number or an HTTP date."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
