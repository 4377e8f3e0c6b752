"""template.yaml as data: its resources, and what it gives each function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DEFAULT_ROUTE = "$default"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref X` becomes `{"Ref": "X"}`."""


def _intrinsic(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP route; `is_open` says that no token is asked for."""

    method: str
    path: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Function:
    """One function with the template's globals merged in."""

    name: str
    properties: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """Its folder below `functions/`."""
        return Path(self.properties["CodeUri"]).name

    @property
    def environment(self) -> dict[str, Any]:
        """Variables as the template writes them, references unresolved."""
        return dict(self.properties["Environment"]["Variables"])

    @property
    def statements(self) -> list[dict[str, Any]]:
        """Policy statements of its role that allow something, also under a condition."""
        return self._statements("Allow")

    @property
    def denials(self) -> list[dict[str, Any]]:
        """Policy statements of its role that deny what others allow."""
        return self._statements("Deny")

    def _statements(self, effect: str) -> list[dict[str, Any]]:
        written = [s for policy in self.properties.get("Policies", []) for s in policy["Statement"]]
        always = [s["Fn::If"][1] if "Fn::If" in s else s for s in written]
        return [s for s in always if s["Effect"] == effect]

    @property
    def routes(self) -> list[Route]:
        """HTTP routes that lead to it; `$default` is the one without a path."""
        return self._routes("HttpApi")

    @property
    def key_routes(self) -> list[Route]:
        """Those of the API for keys."""
        return self._routes("KeyApi")

    def _routes(self, api: str) -> list[Route]:
        return [
            Route(
                event.get("Method", DEFAULT_ROUTE),
                event.get("Path", DEFAULT_ROUTE),
                event.get("Auth", {}).get("Authorizer") == "NONE",
            )
            for event in self._events("HttpApi")
            if event["ApiId"] == {"Ref": api}
        ]

    @property
    def queues(self) -> list[str]:
        """Names of the queue resources that feed it."""
        return [event["Queue"]["Fn::GetAtt"][0] for event in self._events("SQS")]

    def _events(self, kind: str) -> list[dict[str, Any]]:
        events = self.properties.get("Events", {}).values()
        return [event["Properties"] for event in events if event["Type"] == kind]


@cache
def template() -> dict[str, Any]:
    """The whole file."""
    with (ROOT / "template.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.load(file, _Loader)  # noqa: S506 - a SafeLoader
    return loaded


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of the resources of type `AWS::<kind>`, by name."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template()["Resources"].items()
        if resource["Type"] == f"AWS::{kind}"
    }


def known(value: Any) -> str | None:
    """A value of the template before deployment: as written, or a parameter's default."""
    if isinstance(value, dict):
        value = template()["Parameters"].get(value.get("Ref"), {}).get("Default")
    return None if value is None else str(value)


def by_key(method: str, path: str) -> Function | None:
    """Where the API for keys sends it: whole routes before greedy ones, methods before `ANY`."""
    found = [
        ("{proxy+}" not in route.path, len(route.path), route.method != "ANY", function)
        for function in functions()
        for route in function.key_routes
        if route.method in {method, "ANY"} and re.fullmatch(_pattern(route.path), path)
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def _pattern(path: str) -> str:
    """What a route matches; other parameters may be written as such."""
    return re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path).replace(r"\{proxy\+\}", ".+"))


@cache
def functions() -> list[Function]:
    """Every function, in the order of the template."""
    defaults = template()["Globals"]["Function"]
    return [
        Function(name, _merged(defaults, own))
        for name, own in resources("Serverless::Function").items()
    ]


def _merged(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """SAM's rule for globals: maps are merged, lists are joined, anything else is replaced."""
    merged = {**defaults, **own}
    for key in defaults.keys() & own.keys():
        match defaults[key], own[key]:
            case dict() as below, dict() as above:
                merged[key] = _merged(below, above)
            case list() as below, list() as above:
                merged[key] = below + above
    return merged
