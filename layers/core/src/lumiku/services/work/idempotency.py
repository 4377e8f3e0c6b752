"""Ids and fingerprints of requests, so that the business transaction itself is the guard.

A row's id follows from the user, the route and the client's key; the row keeps the fingerprint of
the request. The same key with the same request finds its row, with another request it is refused.
"""

import hashlib
import json
import uuid
from typing import Any

_IDS = uuid.UUID("5f0c1c1e-6a0a-4f0e-9d3a-0f3a3a2b7c11")


def row_id(prefix: str, user_id: str, route: str, key: str | None) -> str:
    """`<prefix>_<32 hex digits>`: the same for the same key, new without one."""
    if key is None:
        return f"{prefix}_{uuid.uuid4().hex}"
    return f"{prefix}_{uuid.uuid5(_IDS, json.dumps([user_id, route, key])).hex}"


def fingerprint(request: dict[str, Any]) -> str:
    """SHA-256 over the request's values."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
