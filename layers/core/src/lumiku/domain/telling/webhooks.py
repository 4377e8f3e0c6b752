"""Webhooks after the Standard Webhooks specification (standardwebhooks.com).

Where a customer's events go, the secrets that sign them, and which addresses are never called:
whatever lies inside a network is none of a customer's business.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from pydantic import BaseModel, ConfigDict

from lumiku.domain.errors import InvalidRequest, NotFound, Refusal
from lumiku.domain.instant import Instant

MAX_ENDPOINTS = 5
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = 32
BOTH_VALID = timedelta(hours=24)
RETRY_AFTER_S = (5, 300, 1_800, 7_200, 18_000, 36_000)
"""After which try comes how long a wait; after the last wait comes the last try."""

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\"$-~]*)?"
)
_NAT64 = IPv6Network("64:ff9b::/96")

type Address = IPv4Address | IPv6Address


class TooManyWebhooks(Refusal):
    """The account has as many endpoints as it may have."""

    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(
            f"An account has at most {MAX_ENDPOINTS} endpoints. Delete one first.",
            allowed=MAX_ENDPOINTS,
        )


class Secret(BaseModel):
    """Signs events; `until` is set once another one has replaced it."""

    model_config = ConfigDict(frozen=True)

    value: str
    until: Instant | None = None

    @classmethod
    def of(cls, random: bytes) -> "Secret":
        """The secret of so many random bytes."""
        return cls(value=SECRET_PREFIX + base64.b64encode(random).decode())


class Endpoint(BaseModel):
    """Where events are sent to. The newest secret comes first."""

    model_config = ConfigDict(frozen=True)

    id: str
    url: str
    secrets: tuple[Secret, ...]
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


class Endpoints(BaseModel):
    """All endpoints of a user; `revision` tells whether they changed meanwhile."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    revision: int = 0
    endpoints: tuple[Endpoint, ...] = ()

    def find(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id, else `NotFound`."""
        for endpoint in self.endpoints:
            if endpoint.id == endpoint_id:
                return endpoint
        raise NotFound(f"There is no webhook {endpoint_id}.")

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


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses may be called: public ones, and on a laptop its own."""

    loopback: bool = False

    def allows(self, address: Address) -> bool:
        """The address may be called."""
        return is_public(address) or (self.loopback and address.is_loopback)

    def check_all(self, addresses: Sequence[Address]) -> Address:
        """The address to call, IPv4 first; `ValueError` if any of them may not be called.

        A name that has one inner address beside a public one is refused as a whole.
        """
        if not addresses or not all(map(self.allows, addresses)):
            raise ValueError("The name leads to an address that is not public.")
        return min(addresses, key=lambda address: address.version)

    def check_url(self, url: str) -> str:
        """The URL, which is https and, as far as can be told without DNS, public."""
        parts = _URL.fullmatch(url)
        if parts is None:
            raise _unusable("Not a URL of the form https://host[:port][/path], in ASCII")
        if parts["port"] and not 0 < int(parts["port"]) < 65_536:
            raise _unusable("There is no such port")
        try:
            address = ip_address(parts["host"].strip("[]"))
        except ValueError:
            is_own = parts["host"].lower() == "localhost"
        else:
            if not self.allows(address):
                raise _unusable("The address is not public")
            is_own = address.is_loopback
        if is_own and not self.loopback:
            raise _unusable("The address is not public")
        if parts["scheme"] != "https" and not is_own:
            raise _unusable("Only https is called")
        return url


def is_public(address: Address) -> bool:
    """Reached over the internet; IPv6 addresses that carry an IPv4 address are as that one is."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo is not None:
            return False
        if carried is not None:
            return is_public(carried)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def wait_after_s(tries: int) -> int | None:
    """Seconds to wait after so many tries that failed; None if that was the last."""
    return RETRY_AFTER_S[tries - 1] if tries <= len(RETRY_AFTER_S) else None


def _sign(secret: Secret, content: bytes) -> str:
    key = base64.b64decode(secret.value.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _unusable(message: str) -> InvalidRequest:
    found = [{"field": "body.url", "message": message}]
    return InvalidRequest("No events can be sent to this URL.", errors=found)
