"""Signatures after the Standard Webhooks specification (standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel

from lumiku.domain.instant import Instant

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32
BOTH_VALID = timedelta(hours=24)
TOLERANCE = timedelta(minutes=5)


class Secret(BaseModel, frozen=True, defer_build=True):
    """Signs messages; `until` is set once another one has replaced it."""

    value: str
    until: Instant | None = None

    @classmethod
    def of(cls, random: bytes) -> "Secret":
        """The secret of so many random bytes."""
        return cls(value=SECRET_PREFIX + base64.b64encode(random).decode())

    def is_valid(self, at: datetime) -> bool:
        """It signs at that time."""
        return self.until is None or at < self.until


def rotated(secrets: tuple[Secret, ...], new: Secret, now: datetime) -> tuple[Secret, ...]:
    """With a new one first; the one before signs too for a day, older ones no more."""
    return new, secrets[0].model_copy(update={"until": now + BOTH_VALID})


def signature(secrets: Iterable[Secret], message_id: str, at: datetime, content: str) -> str:
    """Value of `webhook-signature`: one signature for each secret that is valid."""
    signed = f"{message_id}.{int(at.timestamp())}.{content}".encode()
    return " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets if secret.is_valid(at))


def headers(
    secrets: Iterable[Secret], message_id: str, at: datetime, content: str
) -> dict[str, str]:
    """The three headers of a message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(secrets, message_id, at, content),
    }


def is_signed(
    secrets: Iterable[Secret],
    *,
    message_id: str,
    timestamp: str,
    signatures: str,
    content: str,
    now: datetime,
) -> bool:
    """One of the secrets signed it, less than five minutes before or after `now`."""
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    signed = f"{message_id}.{timestamp}.{content}".encode(errors="surrogatepass")
    sent = [one.encode(errors="surrogatepass") for one in signatures.split(" ")]
    wanted = [f"v1,{_sign(secret, signed)}".encode() for secret in secrets if secret.is_valid(now)]
    return any(hmac.compare_digest(one, ours) for one in sent for ours in wanted)


def _sign(secret: Secret, signed: bytes) -> str:
    key = base64.b64decode(secret.value.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
