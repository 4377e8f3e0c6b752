"""Whatever is sent, the answer is one of the documented ones and never a 5xx."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from lumiku.apps.remover.http import REMOVER_PREFIX
from scripts.template import ROOT
from tests.component.http.conftest import Api, as_sent
from tests.component.http_events import SELLER
from tests.component.moment import moment
from tests.component.stack import EMAIL, Stack
from tests.component.test_events import ticking


def operations() -> list[Any]:
    """Documented operations, all without a token: that is the gateway's part."""
    document = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    for path in document["paths"].values():
        for operation in path.values():
            operation["security"] = []
    schema = schemathesis.openapi.from_dict(document)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def text(values: Any) -> dict[str, str]:
    """Query or headers as the gateway hands them on."""
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in (values or {}).items()}


def body(case: Case[Any]) -> str | bytes | None:
    """JSON, or bytes that are none."""
    if case.media_type != "application/json":
        return None
    return case.body if isinstance(case.body, bytes) else json.dumps(case.body)


@pytest.fixture(scope="module")
def begun(warm_stack: Stack) -> tuple[dict[str, str], Callable[[], None]]:
    """One of everything that has an id, of one seller; and what goes back to that moment."""
    warm_stack.empty()
    api = Api(warm_stack)
    api.stack.open_account(SELLER, 1000)
    api.stack.put_job("job_known", SELLER)
    api.stack.work("job_known")
    files = [{"name": f"{n}.png", "size": 9} for n in range(2)]
    batch = api.post(f"{REMOVER_PREFIX}/batch", {"tier": "basic", "files": files}).data
    payment = api.post("/api/credits/topups", {"package": "credits-100"}).data
    ids = {
        "job_id": "job_known",
        "batch_id": batch["batchId"],
        "payment_id": payment["paymentId"],
        "token": payment["checkoutUrl"].partition("token=")[2],
        "package": "credits-100",
        "user_id": SELLER,
        "email": EMAIL,
    }
    return ids, moment()


@pytest.fixture
def known(
    api: Api, begun: tuple[dict[str, str], Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """One of everything that has an id, of somebody for whom no function really waits."""
    ids, back = begun
    back()
    for folder, use_case in (("jobs_api", "jobs"), ("batches_api", "groups")):
        app, naps = api.stack.app(folder), list[float]()
        hurried = replace(getattr(app, use_case), sleep=naps.append, clock=ticking(naps))
        monkeypatch.setattr(app, use_case, hurried)
    return ids


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", operations(), ids=lambda found: found.label)
def test_any_request_has_a_documented_answer(
    api: Api,
    known: dict[str, str],
    operation: Any,
    mode: GenerationMode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if operation.path.startswith("/api/auth/"):
        app = api.stack.app("auth_api", UserPoolClient=api.stack.create_user())
        cognito = app.people.identity._client
        monkeypatch.setattr(cognito, "resend_confirmation_code", lambda **_: {})  # moto has none
    if operation.path.startswith("/api/admin/"):
        api.stack.create_user()
        api.stack.app("admin_api", UserPool=api.stack.user_pool)
    valid = mode is GenerationMode.POSITIVE

    def put_in(part: Any) -> Any:
        """The same part of a request, about things that are there."""
        if not isinstance(part, dict):
            return part
        return {name: known.get(name, value) for name, value in part.items()}

    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any], is_known: bool) -> None:
        if is_known:
            case.path_parameters = put_in(case.path_parameters)
            if valid:
                case.query, case.body = put_in(case.query), put_in(case.body)
        method = case.method.upper()
        got = api(
            method,
            case.formatted_path,
            raw_body=body(case),
            query=text(case.query),
            headers=text(case.headers),
            groups="[admin]",
        )
        assert got.status < 500, got.text
        if not valid and not is_known:
            response = as_sent(got, method, case.formatted_path)
            case.validate_response(response, checks=[checks.negative_data_rejection])

    with suppress(Unsatisfiable):  # some operations take nothing that could be wrong
        check()
