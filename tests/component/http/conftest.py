"""The HTTP API without its gateway: requests in, checked answers out."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
import httpx
import pytest
import schemathesis
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks

from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from scripts.template import DEFAULT_ROUTE, ROOT
from tests.component.http_events import REQUEST_ID, SELLER, Answer, answer, request, routed
from tests.component.stack import Stack
from tests.imitation_providers.midtrans import SERVER_KEY, MidtransImitation, midtrans

HONESTY = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@cache
def openapi() -> BaseSchema:
    return schemathesis.openapi.from_path(str(ROOT / "openapi.json"))


class Api:
    """Sends each request to the function that the template routes it to.

    Every answer must carry the request's id and must be one that openapi.json tells of.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def __call__(self, method: str, path: str, **sent: Any) -> Answer:
        if found := routed(method, path):
            function, route, parameters = found
            event = request(
                method,
                path,
                route=route.path,
                path_parameters=parameters or None,
                **({"user": None} if route.is_open else {}) | sent,
            )
            got = self._invoke(function.folder, event)
            self._check(method, route.path, parameters, got)
            return got
        event = request(method, path, user=None) | {"routeKey": DEFAULT_ROUTE}
        return self._invoke("health_api", event)

    def get(self, path: str, **sent: Any) -> Answer:
        return self("GET", path, **sent)

    def post(self, path: str, body: object = None, **sent: Any) -> Answer:
        return self("POST", path, body=body, **sent)

    def _invoke(self, folder: str, event: dict[str, Any]) -> Answer:
        got = answer(self.stack.call(folder, event))
        assert got.headers["x-request-id"] == REQUEST_ID
        return got

    def _check(self, method: str, route: str, parameters: dict[str, str], got: Answer) -> None:
        if method == "HEAD":
            return  # documented once, as GET without its body
        documented = route.replace(REMOVER_ALIAS, REMOVER_PREFIX, 1)
        case = openapi()[documented][method].Case(path_parameters=parameters)
        case.validate_response(as_sent(got, method, route), checks=HONESTY)


def as_sent(got: Answer, method: str, path: str) -> httpx.Response:
    """The answer as it goes over the wire."""
    response = httpx.Response(
        got.status,
        headers=got.headers,
        content=got.text,
        request=httpx.Request(method, f"https://api.example.com{path}"),
    )
    response.elapsed = timedelta()
    return response


@pytest.fixture
def api(stack: Stack) -> Api:
    """The API of an empty stack."""
    return Api(stack)


@pytest.fixture
def seller(api: Api) -> Api:
    """The API, with a caller who has 1000 credits."""
    api.stack.open_account(SELLER, 1000)
    return api


@pytest.fixture
def bank(api: Api) -> Iterator[MidtransImitation]:
    """Midtrans, and a stack that takes money by it."""
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="payments", SecretString=json.dumps({"midtrans": SERVER_KEY}))[
        "ARN"
    ]
    api.stack.open_account(SELLER, 0)
    with midtrans() as imitation:
        names = {
            "Stage": "local",
            "PaymentGateway": "midtrans",
            "PaymentSecretArn": arn,
            "Midtrans": imitation.url,
        }
        for folder in ("billing_api", "sweep"):
            api.stack.app(folder, **names)
        yield imitation
