"""Events of an HTTP API, payload format 2.0, as API Gateway sends them."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from scripts.template import Function, Route, functions

SELLER = "8f1e7f6a-0c1d-4c55-9a0e-5b1f3d2c4a10"
STRANGER = "c0ffee00-0c1d-4c55-9a0e-5b1f3d2c4a11"
REQUEST_ID = "Kx9bMjT6yQ0EPxA="


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answered, headers by lower-case name."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        return self.json["data"]


def answer(raw: dict[str, Any]) -> Answer:
    """Read the answer of a handler."""
    assert not raw["isBase64Encoded"]
    headers = {name.lower(): str(value) for name, value in raw["headers"].items()}
    return Answer(raw["statusCode"], headers, raw["body"])


def routed(method: str, path: str) -> tuple[Function, Route, dict[str, str]] | None:
    """Where the template sends a request, and the parameters in its path."""
    for function in functions():
        for route in function.routes:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route.path))
            match = re.fullmatch(pattern, path)
            if match and route.method == method:
                return function, route, match.groupdict()
    return None


def request(
    method: str,
    path: str,
    *,
    route: str | None = None,
    body: object = None,
    raw_body: str | bytes | None = None,
    user: str | None = SELLER,
    groups: object = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    path_parameters: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An event; bytes as `raw_body` are sent the way the gateway sends binary bodies."""
    text, is_base64 = None, False
    if body is not None:
        text = json.dumps(body)
    if isinstance(raw_body, bytes):
        text, is_base64 = base64.b64encode(raw_body).decode(), True
    elif raw_body is not None:
        text = raw_body
    sent = {"host": "api.example.com", "accept": "*/*"}
    if text is not None:
        sent |= {"content-type": "application/json", "content-length": str(len(text))}
    if user is not None:
        sent["authorization"] = "Bearer x"
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    context: dict[str, Any] = {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": "a1b2c3d4e5.execute-api.ap-southeast-1.amazonaws.com",
        "domainPrefix": "a1b2c3d4e5",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.7",
            "userAgent": "lumiku-client/0.1.0",
        },
        "requestId": REQUEST_ID,
        "routeKey": f"{method} {route or path}",
        "stage": "$default",
        "time": "21/Nov/2026:09:30:00 +0000",
        "timeEpoch": 1795253400000,
    }
    if user is not None:
        context["authorizer"] = {
            "jwt": {
                "claims": {
                    "sub": user,
                    "client_id": "7d1v8k2u3n4m5b6v7c8x9z0a1s",
                    "token_use": "access",
                    "username": user,
                    **({} if groups is None else {"cognito:groups": groups}),
                },
                "scopes": None,
            }
        }
    event = {
        "version": "2.0",
        "routeKey": context["routeKey"],
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": sent,
        "requestContext": context,
        "isBase64Encoded": is_base64,
    }
    if query:
        event["queryStringParameters"] = query
    if path_parameters:
        event["pathParameters"] = path_parameters
    if text is not None:
        event["body"] = text
    return event
