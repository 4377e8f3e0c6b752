"""openapi.json is valid, up to date and says the same as the template."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import schemathesis

from lumiku.apps.remover.http import REMOVER_ALIAS
from scripts.openapi import TARGET
from scripts.template import DEFAULT_ROUTE, ROOT, by_key, functions

DOCUMENT: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
each_operation = pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)


def compare(target: Path) -> subprocess.CompletedProcess[str]:
    """`--check` against a file, in a process with another order of hashes."""
    script = (
        "import sys; from pathlib import Path; from scripts import openapi;"
        "openapi.TARGET = Path(sys.argv[1]); sys.exit(openapi.main(['--check']))"
    )
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, str(target)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "4711", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_committed_document_is_what_the_handlers_say() -> None:
    done = compare(TARGET)

    assert done.returncode == 0, f"run make openapi\n{done.stdout}{done.stderr}"
    assert done.stdout == ""


def test_a_stale_document_is_shown_with_what_changed(tmp_path: Path) -> None:
    stale = tmp_path / "openapi.json"
    stale.write_text(TARGET.read_text().replace("Show the balance", "Show the money"))

    done = compare(stale)

    assert done.returncode == 1
    assert '-        "summary": "Show the money",' in done.stdout
    assert '+        "summary": "Show the balance",' in done.stdout


def test_the_document_is_valid() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> set[str]:
        match node:
            case dict():
                found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
                return found.union(*map(references, node.values()))
            case list():
                return set().union(*map(references, node))
        return set()

    for reference in references(DOCUMENT):
        place = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_route_is_described_once_under_its_canonical_path() -> None:
    routes = {(r.method, r.path) for f in functions() for r in f.routes}
    canonical = {
        (method, path)
        for method, path in routes - {("HEAD", path) for _, path in routes}
        if not path.startswith(REMOVER_ALIAS) and path != DEFAULT_ROUTE
    }

    assert {(m.upper(), p) for p, item in DOCUMENT["paths"].items() for m in item} == canonical
    assert f"`{REMOVER_ALIAS}`" in DOCUMENT["info"]["description"]


@each_operation
def test_a_token_is_asked_for_where_the_gateway_asks(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    [route] = [
        r for f in functions() for r in f.routes if (r.method, r.path) == (method.upper(), path)
    ]

    keyed: list[dict[str, list[str]]] = [{"key": []}] if by_key(method.upper(), path) else []
    assert operation["security"] == ([] if route.is_open else [{"token": []}, *keyed])
    unauthorized = operation["responses"].get("401", {}).get("content", {})
    assert ("application/json" in unauthorized) is not route.is_open


@each_operation
def test_refusals_are_problem_documents_and_the_gateways_answers_are_not(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert "HTTPValidationError" not in json.dumps(operation)
    assert {"429", "500", "503"} <= operation["responses"].keys()
    for status, response in operation["responses"].items():
        assert ("content" in response) == (status != "304")
        for kind, content in response.get("content", {}).items():
            shape = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
            if int(status) < 400:
                assert kind == "text/html" or shape.endswith("Envelope")
            elif kind == "application/problem+json":
                assert shape == "Problem"
                assert content["examples"]
            else:
                assert (kind, shape) == ("application/json", "GatewayMessage")


@each_operation
def test_an_operation_tells_of_its_good_answer(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert [status for status in operation["responses"] if int(status) < 300]


@each_operation
def test_an_operation_can_be_read_by_a_person_and_named_by_a_generator(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["operationId"].isalpha()
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]


def test_names_of_operations_are_unique() -> None:
    names = [o["operationId"] for item in DOCUMENT["paths"].values() for o in item.values()]

    assert len(set(names)) == len(names)


def test_a_post_that_charges_takes_an_idempotency_key_and_tells_what_is_left() -> None:
    remove = DOCUMENT["paths"]["/api/apps/background-remover/remove"]["post"]

    assert "Idempotency-Key" in {p.get("name") for p in remove["parameters"]}
    assert {"X-Credits-Used", "X-Credits-Remaining"} <= remove["responses"]["202"]["headers"].keys()


def test_a_download_may_be_a_redirect() -> None:
    download = DOCUMENT["paths"]["/api/apps/background-remover/jobs/{job_id}/download"]["get"]

    assert "Location" in download["responses"]["302"]["headers"]
