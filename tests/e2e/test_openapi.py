"""Requests of all kinds, on the wire: every answer is one that openapi.json tells of."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from local import samples
from local.layout import ROOT
from lumiku.apps.remover.http import REMOVER_PREFIX
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service

EXAMPLES = 3
# A photo in a form is waited for; everything else answers at once.
ANSWER_S = 60
BUDGET_S = 40
WAIT_S = 1
HONESTY = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ADMIN = "admin"


@cache
def operations() -> list[Any]:
    """Documented operations, all with the token that they ask for (its faults are test_tokens')."""
    document = json.loads((ROOT / "openapi.json").read_text())
    for path in document["paths"].values():
        for operation in path.values():
            operation["security"] = []
    schema = schemathesis.openapi.from_dict(document)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


class Everything:
    """An administrator with credits, a customer, and one of everything that has an id."""

    def __init__(self, service: Service, owner: Buyer, folder: Path) -> None:
        self.owner = owner
        customer = service.newcomer()
        photo = samples.write(service.layout) / "coffee.png"
        result = owner.person.client.remove(photo, "basic", folder / "out.png")
        payment = owner.top_up("credits-100")
        self.batches = [self._batch(), self._batch()]
        self.known = {
            "job_id": result.job.job_id,
            "batch_id": self.batches[0],
            "payment_id": payment["paymentId"],
            "token": proof_of(payment)[1],
            "package": "credits-100",
            "user_id": customer.user_id,
            "email": customer.email,
        }
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = owner.http.headers["Authorization"]
        self.deadline = time.monotonic() + BUDGET_S

    def _batch(self) -> str:
        files = [{"name": f"{n}.png", "size": 9} for n in range(2)]
        asked = {"tier": "basic", "files": files}
        made = self.owner("POST", f"{REMOVER_PREFIX}/batch", json=asked)
        return str(data(made)["batchId"])

    def put_in(self, part: Any) -> Any:
        """The same part of a request, about things that are there."""
        if not isinstance(part, dict):
            return part
        return {name: self.known.get(name, value) for name, value in part.items()}

    def send(self, case: Case[Any]) -> Response:
        """Send a request; the server must not wait long for anything."""
        if case.method == "DELETE" and "batch_id" in case.path_parameters:
            case.path_parameters = {"batch_id": self.batches[-1]}
        wait_s = str((case.query or {}).get("wait"))
        if wait_s.isdecimal() and int(wait_s) in range(WAIT_S, 21):
            case.query = {**case.query, "wait": WAIT_S}
        answer = case.call(
            base_url=str(self.owner.http.base_url),
            session=self.session,
            timeout=ANSWER_S,
            allow_redirects=False,
        )
        if answer.status_code == 201 and case.path.endswith("/batch"):
            self.batches.append(answer.json()["data"]["batchId"])
        return answer

    def close(self) -> None:
        self.session.close()
        for batch_id in self.batches:
            self.owner("DELETE", f"{REMOVER_PREFIX}/batch/{batch_id}")


@pytest.fixture(scope="module")
def everything(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with buyer(service, credits=100_000) as owner:
        service.cognito.admin_add_user_to_group(
            UserPoolId=service.outputs.user_pool_id,
            Username=owner.person.email,
            GroupName=ADMIN,
        )
        owner.http.headers["Authorization"] = f"Bearer {owner.person.client.login().token}"
        opened = Everything(service, owner, tmp_path_factory.mktemp("results"))
        yield opened
        opened.close()


@pytest.mark.parametrize("operation", operations(), ids=lambda found: found.label)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_any_request_has_a_documented_answer(
    everything: Everything, operation: Any, mode: GenerationMode
) -> None:
    valid = mode is GenerationMode.POSITIVE

    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any], is_known: bool) -> None:
        if time.monotonic() > everything.deadline:
            pytest.skip(f"{BUDGET_S} seconds are over")
        if valid or is_known:
            case.path_parameters = everything.put_in(case.path_parameters)
        if valid:
            case.query, case.body = everything.put_in(case.query), everything.put_in(case.body)
        answer = everything.send(case)
        assert answer.status_code < 500 or "Retry-After" in answer.headers, answer.text
        assert answer.status_code != 401 or case.path.startswith("/api/auth/")
        told = HONESTY if valid or is_known else [*HONESTY, checks.negative_data_rejection]
        case.validate_response(answer, checks=told)

    with suppress(Unsatisfiable):  # some operations take nothing that could be wrong
        check()
