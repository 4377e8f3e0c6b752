"""What a provider's answer means: the kind of a refusal, hints how long to wait, pictures."""

import base64
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lumiku.domain.hosting.tickets import Fault

MAX_HINT_S = 86_400
"""A hint of more than a day is one of a day."""

_KINDS = {
    400: Fault.INPUT,
    401: Fault.AUTH,
    402: Fault.CREDIT,
    403: Fault.AUTH,
    404: Fault.GONE,
    405: Fault.GONE,
    410: Fault.GONE,
    413: Fault.INPUT,
    415: Fault.INPUT,
    422: Fault.INPUT,
    429: Fault.RATE,
}
_RESETS = re.compile(r"\bt=(\d+)")
_CONTENT = re.compile(r"moderat|nsfw|content[ _]policy", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{80,}")
_DATA_URI = re.compile(r"data:[^,]{0,100},")
_MAGIC = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF....WEBP", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that came in full. `headers` are read by any case of their names."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    def request_id(self, header: str) -> str | None:
        """What the provider calls the request, bounded; None if it says nothing."""
        return self.headers.get(header, "")[:200] or None

    @property
    def words(self) -> str:
        """The body, whatever it is, as text, without the photos in it."""
        return without_photos(self.data.decode(errors="replace"))

    @property
    def fields(self) -> dict[str, Any]:
        """The body's JSON object; empty if it is something else."""
        try:
            found = json.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def never(_: Reply) -> Fault | None:
    """Nothing is different."""
    return None


@dataclass(frozen=True, slots=True)
class Manners:
    """In what a provider differs from others.

    `kind` knows its own refusals and answers None for what is read as everybody's. `may_bill` are
    the statuses that may be billed after all; where a provider does not say, those with which it
    may have worked. Results are fetched from `result_hosts`, names within them included.
    """

    kind: Callable[[Reply], Fault | None] = never
    may_bill: Collection[int] = frozenset(range(500, 600)) - {503}
    result_hosts: tuple[str, ...] = ()


def kind_of(reply: Reply) -> Fault:
    """What a refusal asks for, as far as providers agree."""
    if reply.status == 503 and "estimated_time" in reply.fields:
        return Fault.COLD
    if 300 <= reply.status < 400:
        return Fault.GONE  # an API that moved; the key is not sent after it
    kind = _KINDS.get(reply.status, Fault.TRANSIENT)
    return Fault.CONTENT if kind is Fault.INPUT and is_of_content(reply.words) else kind


def without_photos(text: str) -> str:
    """The text with dots where something is encoded; by chance that could read as any word."""
    return _ENCODED.sub("...", text)


def is_of_content(words: str) -> bool:
    """The words say that the provider does not want to see such a photo."""
    return _CONTENT.search(words) is not None


def retry_after_s(reply: Reply) -> float | None:
    """The provider's hint, from headers or body; None if it gives none that is a number."""
    fields = reply.fields
    found = _resets_s(reply.headers.get("ratelimit", "")) if reply.status == 429 else None
    hints = [
        _wait_s(reply.headers.get("retry-after", "")),
        _seconds(fields.get("retry_after")),
        _seconds(fields.get("estimated_time")),
        found,
    ]
    return next((hint for hint in hints if hint is not None), None)


def is_picture(data: bytes) -> bool:
    """It begins as a PNG, JPEG or WebP does, whatever its content type says."""
    return _MAGIC.match(data) is not None


def decoded(text: str) -> bytes:
    """The bytes of base64, bare or in a data URI; `ValueError` if it is neither."""
    prefix = _DATA_URI.match(text)
    return base64.b64decode(text[prefix.end() if prefix else 0 :], validate=True)


def _wait_s(header: str) -> float | None:
    """`Retry-After`: seconds, or a date."""
    try:
        return _seconds(float(header))
    except ValueError:
        pass  # perhaps a date
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _seconds(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(min(value, MAX_HINT_S)) if value >= 0 else None


def _resets_s(header: str) -> float | None:
    found = _RESETS.search(header)
    return float(found[1]) if found else None
