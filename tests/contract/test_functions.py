"""Each function of the template has its folder, its handler, its environment and its routes."""

import importlib
import json
import os
import re
import sys
import tomllib
from types import ModuleType

import pytest
from pydantic import ValidationError

from lumiku import settings
from scripts.routes import TARGET, methods
from scripts.template import (
    DEFAULT_ROUTE,
    ROOT,
    Function,
    by_key,
    functions,
    known,
    resources,
    template,
)
from tests.cold_start import forget_what_was_built

OF_LAMBDA = {
    "AWS_REGION": "ap-southeast-1",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008",
}
OF_POWERTOOLS = ("POWERTOOLS_", "LOG_LEVEL")
WITHOUT_TOKEN = {
    DEFAULT_ROUTE,
    "/api/brands/{slug}",
    "/api/auth/confirm",
    "/api/auth/forgot",
    "/api/auth/login",
    "/api/auth/refresh",
    "/api/auth/register",
    "/api/auth/resend",
    "/api/auth/reset",
    "/api/health",
    "/api/payments/{payment_id}/checkout",
    "/api/payments/{payment_id}/notifications",
    "/api/payments/notifications",
}
"""Each of these proves its caller in another way, or tells nothing."""

GROUPS = [
    group
    for group in vars(settings).values()
    if isinstance(group, type) and group.__module__ == settings.__name__
]
FIELDS = {
    name: field for group in GROUPS for name, field in getattr(group, "model_fields", {}).items()
}
WITH_DEFAULT = {name for name, field in FIELDS.items() if not field.is_required()}

each_function = pytest.mark.parametrize("function", functions(), ids=lambda f: f.folder)


def start_cold(
    folder: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """Import a function's module as Lambda does in a new sandbox with this environment."""
    for name in os.environ.keys() - {"HOME", "PATH"}:
        monkeypatch.delenv(name)
    for name, value in (OF_LAMBDA | environment).items():
        monkeypatch.setenv(name, value)
    forget_what_was_built()
    sys.modules.pop(f"functions.{folder}.app", None)
    return importlib.import_module(f"functions.{folder}.app")


def given(function: Function) -> dict[str, str]:
    """What the template gives the function, with made-up names of resources."""
    values = {name: known(value) for name, value in function.environment.items()}
    return {name: f"the-{name.lower()}" if v is None else v for name, v in values.items()}


def prefixes(path: str, app: ModuleType) -> list[str]:
    """Below which a function's path is served."""
    return [""] if path.startswith("/api/") else app.api._strip_prefixes


def test_every_folder_is_a_function_and_every_function_has_a_folder() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/*.py")}

    assert {function.folder for function in functions()} == folders
    assert len(functions()) == len(folders)


@each_function
def test_a_function_is_one_file_with_a_handler(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ROOT / "functions" / function.folder
    module, handler = function.properties["Handler"].split(".")

    assert [path.name for path in folder.glob("*.py")] == [f"{module}.py"]
    app = start_cold(function.folder, given(function), monkeypatch)
    assert callable(getattr(app, handler))


@each_function
def test_a_function_starts_only_with_all_of_its_own_variables(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    own = function.environment.keys() - shared.keys()
    needed = {name for name in own if not name.startswith(OF_POWERTOOLS)} - WITH_DEFAULT

    for name in needed:
        left = {key: value for key, value in given(function).items() if key != name}
        with pytest.raises(ValidationError, match=name):
            start_cold(function.folder, left, monkeypatch)


def test_every_variable_that_the_code_reads_is_given_by_the_template_or_by_lambda() -> None:
    written = {name for function in functions() for name in function.environment}

    assert FIELDS.keys() - OF_LAMBDA.keys() <= written


def test_the_environment_is_read_in_settings_and_nowhere_else() -> None:
    code = [*(ROOT / "layers/core/src").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]

    readers = [path.name for path in code if re.search(r"\benviron\b|\bgetenv\b", path.read_text())]

    assert readers == ["settings.py"]


@each_function
def test_a_service_name_is_the_functions_own(function: Function) -> None:
    assert function.environment["POWERTOOLS_SERVICE_NAME"] == function.folder


@each_function
def test_the_gateway_and_the_resolver_know_the_same_routes(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = {(r.method, r.path) for r in function.routes if r.path != DEFAULT_ROUTE}
    served = {(method, path) for method, path in routes if method != "HEAD"}
    app = start_cold(function.folder, given(function), monkeypatch)
    if not served:
        assert not hasattr(app, "api")
        return
    described = app.api.get_openapi_schema().model_dump(by_alias=True, exclude_none=True)["paths"]

    resolved = {
        (method.upper(), prefix + path)
        for path, item in described.items()
        for method in item
        for prefix in prefixes(path, app)
    }

    assert served == resolved


def test_only_these_routes_ask_for_no_token() -> None:
    routes = [route for function in functions() for route in function.routes]

    assert {route.path for route in routes if route.is_open} == WITHOUT_TOKEN
    assert len({(r.method, r.path) for r in routes}) == len(routes)


def test_keys_open_what_tokens_open_but_people_keys_and_administration() -> None:
    closed = re.compile(
        "/api/(auth/.*|account.*|admin/.*|keys.*|brand(/logo)?|background-remover/.*)"
        "|/api/(team.*|workspaces|invitations/.*)"
    )
    guarded = [(r, f) for f in functions() for r in f.routes if not r.is_open]

    wrong = [
        route
        for route, function in guarded
        if by_key(route.method, route.path)
        is not (None if closed.fullmatch(route.path) else function)
    ]

    assert wrong == []


def test_the_api_for_keys_asks_for_a_key_on_every_call_and_remembers_it_for_a_minute() -> None:
    auth = resources("Serverless::HttpApi")["KeyApi"]["Auth"]

    [(name, authorizer)] = auth["Authorizers"].items()
    assert auth["DefaultAuthorizer"] == name
    assert authorizer["Identity"] == {"Headers": ["X-API-Key"], "ReauthorizeEvery": 60}
    opened = {route.path for f in functions() for route in f.key_routes if route.is_open}
    assert opened == {"/v1.0/account", "/v1.0/removebg"}  # which read their key themselves


def test_functions_run_on_the_python_of_this_repository() -> None:
    pinned = (ROOT / ".python-version").read_text().strip()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert template()["Globals"]["Function"]["Runtime"] == f"python{pinned}"
    assert project["requires-python"] == f"=={pinned}.*"


@each_function
def test_every_function_is_traced_and_logs_where_retention_is_set(function: Function) -> None:
    assert function.properties["Tracing"] == "Active"
    assert function.properties["LoggingConfig"]["LogGroup"] == {"Ref": "LogGroup"}
    assert "RetentionInDays" in template()["Resources"]["LogGroup"]["Properties"]


@each_function
def test_the_gateway_waits_for_no_function_in_vain(function: Function) -> None:
    """An HTTP API gives up after 30 s; a long poll takes 20 s of that."""
    if function.routes:
        assert 20 < function.properties["Timeout"] < 30


def test_head_is_routed_where_get_is_and_as_open() -> None:
    routes = [route for function in functions() for route in function.routes]

    got, heads = (
        {(route.path, route.is_open) for route in routes if route.method == method}
        for method in ("GET", "HEAD")
    )

    assert got == heads


def test_the_methods_that_are_told_of_a_path_are_those_of_the_template() -> None:
    assert json.loads(TARGET.read_text("utf-8")) == methods(), "run make openapi"


def test_the_permissions_of_a_function_fit_into_its_policy() -> None:
    """SAM writes one for each route; Lambda takes 20 KiB, and one has fewer than 500 bytes."""
    assert all(len(function.routes) * 500 < 20 * 1024 for function in functions())
