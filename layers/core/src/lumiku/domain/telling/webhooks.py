"""Webhooks after the Standard Webhooks specification (standardwebhooks.com).

Where a customer's events go, and the secrets that sign them.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Text

MAX_ENDPOINTS = 5
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32
BOTH_VALID = timedelta(hours=24)
Kind = Literal["batch.closed", "generation.closed", "export.closed", "job.completed", "job.failed"]
CLOSED: tuple[Kind, ...] = ("batch.closed", "generation.closed", "export.closed")
"""Events that every endpoint gets unless it asked for others."""
RETRY_AFTER_S = (5, 300, 1_800, 7_200, 18_000, 36_000)
"""After which try comes how long a wait; after the last wait comes the last try."""


class TooManyWebhooks(Refusal):
    """The account has as many endpoints as it may have."""

    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"An account has at most {MAX_ENDPOINTS} endpoints. Delete one first.",
                f"Satu akun memiliki paling banyak {MAX_ENDPOINTS} endpoint. Hapus satu dulu.",
            ),
            allowed=MAX_ENDPOINTS,
        )


class Secret(BaseModel, frozen=True, defer_build=True):
    """Signs events; `until` is set once another one has replaced it."""

    value: str
    until: Instant | None = None

    @classmethod
    def of(cls, random: bytes) -> "Secret":
        """The secret of so many random bytes."""
        return cls(value=SECRET_PREFIX + base64.b64encode(random).decode())


class Endpoint(BaseModel, frozen=True, defer_build=True):
    """Where events of some kinds are sent to. The newest secret comes first."""

    id: str
    url: str
    secrets: tuple[Secret, ...]
    events: tuple[str, ...] = CLOSED
    created_at: Instant
    disabled_at: Instant | None = None

    def signature(self, message_id: str, at: datetime, body: str) -> str:
        """Value of `webhook-signature`: one signature for each secret that is valid."""
        content = f"{message_id}.{int(at.timestamp())}.{body}".encode()
        return " ".join(
            f"v1,{_sign(secret, content)}"
            for secret in self.secrets
            if secret.until is None or at < secret.until
        )


class Endpoints(BaseModel, frozen=True, defer_build=True):
    """All endpoints of a user; `revision` tells whether they changed meanwhile."""

    user_id: str
    revision: int = 0
    endpoints: tuple[Endpoint, ...] = ()

    def find(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id, else `NotFound`."""
        for endpoint in self.endpoints:
            if endpoint.id == endpoint_id:
                return endpoint
        raise NotFound(
            Text(f"There is no webhook {endpoint_id}.", f"Tidak ada webhook {endpoint_id}.")
        )

    def register(self, endpoint: Endpoint) -> "Endpoints":
        """With one more; `TooManyWebhooks` if that is too many."""
        if len(self.endpoints) >= MAX_ENDPOINTS:
            raise TooManyWebhooks
        return self._with((*self.endpoints, endpoint))

    def remove(self, endpoint_id: str) -> "Endpoints":
        """Without that one, else `NotFound`."""
        gone = self.find(endpoint_id)
        return self._with(tuple(one for one in self.endpoints if one != gone))

    def rotate(self, endpoint_id: str, secret: Secret, now: datetime) -> "Endpoints":
        """With a new secret there; the one before signs too for a day, older ones no more."""
        endpoint = self.find(endpoint_id)
        before = endpoint.secrets[0].model_copy(update={"until": now + BOTH_VALID})
        return self._replaced(endpoint.model_copy(update={"secrets": (secret, before)}))

    def disable(self, endpoint_id: str, now: datetime) -> "Endpoints":
        """With nothing sent there any more."""
        endpoint = self.find(endpoint_id)
        return self._replaced(endpoint.model_copy(update={"disabled_at": now}))

    def _replaced(self, changed: Endpoint) -> "Endpoints":
        return self._with(tuple(changed if one.id == changed.id else one for one in self.endpoints))

    def _with(self, endpoints: tuple[Endpoint, ...]) -> "Endpoints":
        return self.model_copy(update={"endpoints": endpoints})


def wait_after_s(tries: int) -> int | None:
    """Seconds to wait after so many tries that failed; None if that was the last."""
    return RETRY_AFTER_S[tries - 1] if tries <= len(RETRY_AFTER_S) else None


def _sign(secret: Secret, content: bytes) -> str:
    key = base64.b64decode(secret.value.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
