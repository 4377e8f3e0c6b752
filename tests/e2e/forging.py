"""Tokens that nobody gave."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def part(content: Mapping[str, Any]) -> str:
    return encoded(json.dumps(content).encode())


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(written: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(written + "==")))


def signed(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A token like the user pool's, by a key that is not the pool's."""
    content = f"{part(header)}.{part(claims)}"
    signature = KEY.sign(content.encode(), padding.PKCS1v15(), SHA256())
    return f"{content}.{encoded(signature)}"


def forged(genuine: str, kind: str) -> str:
    """Somebody's token, changed."""
    head, body, signature = genuine.split(".")
    header, claims = decoded(head), decoded(body)
    later = claims | {"exp": int(time.time()) + 9999}
    match kind:
        case "expired":
            return signed(header, claims | {"iat": 1, "exp": int(time.time()) - 1})
        case "signed by a stranger":
            return signed(header, later)
        case "of an unknown key":
            return signed(header | {"kid": "mine"}, later)
        case "with a key of its own":
            numbers = KEY.public_key().public_numbers()
            own = {"kty": "RSA", "kid": "mine", "n": encoded(numbers.n.to_bytes(256)), "e": "AQAB"}
            return signed(header | {"kid": "mine", "jwk": own}, later)
        case "unsigned":
            return f"{part(header | {'alg': 'none'})}.{part(later)}."
        case "unsigned, with a signature":
            return f"{part(header | {'alg': 'None'})}.{part(later)}.{signature}"
        case "signed by a secret":
            content = f"{part(header | {'alg': 'HS256'})}.{part(later)}"
            secret = hmac.digest(b"", content.encode(), hashlib.sha256)
            return f"{content}.{encoded(secret)}"
        case "an administrator's":
            return f"{head}.{part(claims | {'cognito:groups': ['admin']})}.{signature}"
        case "without its signature":
            return f"{head}.{body}"
        case _:
            return f"{genuine[:-8]}{'A' * 8}"
