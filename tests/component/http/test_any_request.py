"""Whatever is sent, the answer is one of the documented ones and never a 5xx."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from tests.component.http.conftest import Api, openapi
from tests.component.http_events import SELLER

OPERATIONS = [
    pytest.param(found.ok(), id=f"{found.ok().method} {found.ok().path}".lower())
    for found in openapi().get_all_operations()
    if isinstance(found, Ok)
]


def text(values: Any) -> dict[str, str]:
    """Query or headers as the gateway hands them on."""
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in (values or {}).items()}


def body(case: Case[Any]) -> str | bytes | None:
    """JSON, or bytes that are none."""
    if case.media_type != "application/json":
        return None
    return case.body if isinstance(case.body, bytes) else json.dumps(case.body)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_request_has_a_documented_answer(
    api: Api, operation: Any, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.stack.open_account(SELLER, 1000)
    if operation.path.startswith("/api/auth/"):
        app = api.stack.app("auth_api", UserPoolClient=api.stack.create_user())
        cognito = app.people.identity._client
        monkeypatch.setattr(cognito, "resend_confirmation_code", lambda **_: {})  # moto has none

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any]) -> None:
        got = api(
            case.method.upper(),
            case.formatted_path,
            raw_body=body(case),
            query=text(case.query),
            headers=text(case.headers),
        )
        assert got.status < 500, got.text

    with suppress(Unsatisfiable):  # some operations take nothing that could be wrong
        check()
