"""Messages of the queues: what S3, process_photo and the event bus write into them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from pydantic import ValidationError

from lumiku.domain.work.photos import PhotoKey
from lumiku.services.telling.ports import Delivery
from lumiku.services.work.fetching import Elsewhere
from lumiku.services.work.processing import Arrival, Start


class Unreadable(Exception):
    """A message that nobody of ours wrote; it ends in the dead letters, for a person to see."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the bus tells: `kind` as in `batch.closed`, and its ids and counts."""

    kind: str
    detail: dict[str, Any]


def announcement(body: str) -> Announcement:
    """The bus's event in a message."""
    message = _object(body)
    kind, detail = message.get("detail-type"), message.get("detail")
    if not isinstance(kind, str) or not isinstance(detail, dict) or "batchId" not in detail:
        raise Unreadable("not an event about a batch")
    return Announcement(kind, detail)


def for_webhooks(body: str) -> Announcement | Delivery:
    """What the bus tells, or one delivery of it."""
    parts = _object(body).get("delivery")
    if parts is None:
        return announcement(body)
    try:
        return Delivery(**{name: str(value) for name, value in parts.items()})
    except (AttributeError, TypeError):
        raise Unreadable("not a delivery") from None


def work(body: str) -> list[Arrival | Start]:
    """What a lane's message tells of: a job to start, uploads, or nothing (S3's test event).

    S3 encodes keys as in a query (space as `+`) and may put several records in one message.
    """
    message = _object(body)
    if "job_id" in message:
        return [Start(str(message["job_id"]))]
    if message.get("Event") == "s3:TestEvent":
        return []
    return list(_records(message))


def job_ids(body: str) -> list[str]:
    """Jobs that a settle message or a lane's dead letter is about."""
    found = (told if isinstance(told, Start) else PhotoKey.parse(told.key) for told in work(body))
    return [one.job_id for one in found if one is not None]


def to_fetch(body: str) -> tuple[str, Elsewhere]:
    """The job whose files lie somewhere else, and where."""
    message = _object(body)
    try:
        return str(message["job_id"]), Elsewhere.model_validate(message)
    except (KeyError, ValidationError):
        raise Unreadable("not a photo to fetch") from None


def _object(body: str) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(message, dict):
        raise Unreadable("not an object")
    return message


def _records(message: dict[str, Any]) -> Iterator[Arrival]:
    try:
        for record in message["Records"]:
            photo = record["s3"]["object"]
            yield Arrival(unquote_plus(photo["key"]), photo["eTag"], int(photo.get("size", 0)))
    except (KeyError, TypeError, ValueError):
        raise Unreadable("not an S3 event") from None
