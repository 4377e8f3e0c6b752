"""Writes openapi.json from the handlers: `python -m scripts.openapi`; `--check` only compares.

Powertools describes each function on its own and by its own habits. Here the descriptions are
joined and made true: paths as the gateway serves them, the authorizer where the template puts it,
problem documents with examples, and the answers that the gateway gives by itself.
"""

import argparse
import difflib
import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from lumiku import __version__
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.http.problems import CONTENT_TYPE, MEANINGS
from scripts import openapi_facts as facts
from scripts.template import ROOT, Function, Route, by_key, functions, known

TARGET = ROOT / "openapi.json"
PREFIXES = ("", REMOVER_PREFIX, REMOVER_ALIAS, STUDIO_PREFIX)
OF_POWERTOOLS = {"HTTPValidationError", "ResponseValidationError", "ValidationError"}
ORDER = ("tags", "summary", "description", "operationId", "security", "parameters", "requestBody")


def _add(schemas: dict[str, Any], others: Mapping[str, Any]) -> None:
    """Put others beside them; a name that means two things would document one of them wrongly."""
    for name, other in others.items():
        if schemas.setdefault(name, other) != other:
            raise SystemExit(f"Two functions have a different {name}: rename one of them.")


def document() -> dict[str, Any]:
    """The OpenAPI document of all HTTP functions."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    for function in functions():
        if function.routes:
            described = _describe(function)
            for path, operations in described["paths"].items():
                for method, operation in operations.items():
                    route = _served_as(function, method, path)
                    _complete(operation, method, path, route, function)
                    _split_forms(operation, described["components"]["schemas"])
                    keys = (*ORDER, "responses")
                    served = {key: operation[key] for key in keys if key in operation}
                    paths.setdefault(route.path, {})[method] = served
            _add(schemas, described["components"]["schemas"])
    schemas = {name: _untitled(schemas[name]) for name in sorted(schemas.keys() - OF_POWERTOOLS)}
    schemas["Problem"]["properties"] |= facts.MEMBERS
    schemas["GatewayMessage"] = facts.GATEWAY_MESSAGE
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lumiku photo services",
            "version": __version__,
            "description": facts.DESCRIPTION,
        },
        "servers": [
            {
                "url": "{apiUrl}",
                "description": "`ApiUrl` among the outputs of the stack",
                "variables": {"apiUrl": {"default": "https://api.example.com"}},
            }
        ],
        "paths": {r.path: paths[r.path] for f in functions() for r in f.routes if r.path in paths},
        "components": {"schemas": schemas, "examples": facts.examples(), **facts.COMPONENTS},
    }


def _describe(function: Function) -> dict[str, Any]:
    """What Powertools says about a function, which is started with a made-up environment."""
    # What is empty by default, such as routes of providers, is left so.
    given = {name: known(value) for name, value in function.environment.items()}
    os.environ |= {name: "unset" if value is None else value for name, value in given.items()}
    os.environ |= {"AWS_DEFAULT_REGION": "ap-southeast-1", "LOG_LEVEL": "INFO"}
    app = importlib.import_module(f"functions.{function.folder}.app")
    described = app.api.get_openapi_json_schema()
    renamed: dict[str, Any] = json.loads(re.sub(r"Envelope_([A-Za-z]+)_", r"\1Envelope", described))
    return renamed


def _served_as(function: Function, method: str, path: str) -> Route:
    """The route of the template that leads to `path` of the function, canonical prefix first."""
    served = {(route.method, route.path): route for route in function.routes}
    for prefix in PREFIXES:
        if route := served.get((method.upper(), prefix + path)):
            return route
    raise LookupError(f"the template has no route for {method.upper()} {path} of {function.name}")


def _complete(
    operation: dict[str, Any], method: str, path: str, route: Route, function: Function
) -> None:
    """Finish what Powertools wrote about one route."""
    name = operation["operationId"].removesuffix("_" + method)
    name = name.removesuffix(re.sub(r"\W", "_", path))
    app = importlib.import_module(f"functions.{function.folder}.app")
    operation["operationId"] = to_camel(name)
    operation["description"] = inspect.getdoc(getattr(app, name))
    operation["security"] = [] if route.is_open else [{"token": []}]
    if not route.is_open and function is by_key(route.method, route.path):
        operation["security"].append({"key": []})
    headers_of_all = ["AcceptLanguage"] if route.is_open else ["AcceptLanguage", "Workspace"]
    operation["parameters"] = [
        *map(_parameter, operation.get("parameters", [])),
        *({"$ref": f"#/components/parameters/{name}"} for name in headers_of_all),
    ]
    responses = operation["responses"]
    if not route.is_open:
        _add_door(responses)
    if "HTTPValidationError" in json.dumps(responses.get("422", {})):
        del responses["422"]
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        headers["X-Request-Id"] = {"$ref": "#/components/headers/RequestId"}
        if status in {"429", "503"}:
            headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
        if status == "304":
            del response["content"]  # Powertools documents a body for every answer
        for content in response.get("content", {}).values():
            for code in content.get("examples", {}):
                content["examples"][code] = {"$ref": f"#/components/examples/{code}"}
    for status, message in facts.GATEWAY_MESSAGES.items():
        if not (status == "401" and route.is_open) and not (
            status == "413" and "requestBody" not in operation
        ):
            _add_gateway(responses, status, message)
    operation["responses"] = dict(sorted(responses.items()))


def _split_forms(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A body with a file in it is a multipart form; Powertools calls every body JSON."""
    content = operation.get("requestBody", {}).get("content", {})
    if "oneOf" not in content.get("application/json", {}).get("schema", {}):
        return
    choices: dict[str, list[dict[str, Any]]] = {}
    for choice in content.pop("application/json")["schema"]["oneOf"]:
        fields = schemas[choice["$ref"].rsplit("/", 1)[-1]]["properties"].values()
        has_file = any(
            "binary" in (field.get("format"), field.get("items", {}).get("format"))
            for field in fields
        )
        kind = "multipart/form-data" if has_file else "application/json"
        choices.setdefault(kind, []).append(choice)
    for kind, found in choices.items():
        content[kind] = {"schema": found[0] if len(found) == 1 else {"oneOf": found}}


def _add_door(responses: dict[str, Any]) -> None:
    """Whoever has a token or a key may be refused at the door too."""
    for kind in facts.AT_THE_DOOR:
        meaning = MEANINGS[kind]
        found = responses.setdefault(
            str(int(meaning.status)),
            {
                "description": f"{meaning.title} (`code`: {kind.code})",
                "content": {
                    CONTENT_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {kind.code: {}},
                    }
                },
            },
        )
        examples = found["content"][CONTENT_TYPE]["examples"]
        if kind.code not in examples:
            examples[kind.code] = {}
            titles, _, codes = found["description"].removesuffix(")").partition(" (`code`: ")
            found["description"] = f"{titles}; {meaning.title} (`code`: {codes}, {kind.code})"


def _add_gateway(responses: dict[str, Any], status: str, message: str) -> None:
    """The gateway may answer in this way too."""
    response = responses.setdefault(status, {"description": "The gateway's answer"})
    response.setdefault("content", {})["application/json"] = {
        "schema": {"$ref": "#/components/schemas/GatewayMessage"},
        "example": {"message": message},
    }


def _parameter(described: dict[str, Any]) -> dict[str, Any]:
    """Headers in their usual spelling; and a parameter may be absent, but it cannot be null."""
    schema = _untitled(described["schema"])
    for choice in schema.pop("anyOf", []):
        if choice != {"type": "null"}:
            schema |= choice
    schema.pop("description", None)
    name = described["name"].title() if described["in"] == "header" else described["name"]
    kept = {key: described[key] for key in ("description",) if key in described}
    return {
        "name": name,
        "in": described["in"],
        "required": described["required"],
        **kept,
        "schema": schema,
    }


def _untitled(schema: Any) -> Any:
    """Without titles made of field names, and with whole numbers written as such."""
    match schema:
        case dict():
            return {
                key: _untitled(value)
                for key, value in schema.items()
                if key != "title" or not isinstance(value, str)
            }
        case list():
            return [_untitled(value) for value in schema]
        case float() if schema.is_integer():
            return int(schema)
    return schema


def main(arguments: list[str]) -> int:
    """Write the document, or with `--check` say how the committed one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    made = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if not check:
        TARGET.write_text(made, encoding="utf-8")
        return 0
    committed = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    sys.stdout.writelines(
        difflib.unified_diff(
            committed.splitlines(keepends=True),
            made.splitlines(keepends=True),
            "openapi.json as committed",
            "openapi.json as the handlers say",
        )
    )
    return int(committed != made)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
