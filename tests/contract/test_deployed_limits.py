"""What AWS would refuse and a laptop takes: the template as SAM transforms it, against limits.

All but IAM's leave a tenth of AWS's own limits, so that they are met here first. `pytest -rP` shows
the figures of today. What functions and layers weigh: `tests/e2e/test_build.py`, which builds them.
"""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from scripts.template import ROOT

MAX_RESOURCES = 450
MAX_ROUTES = 250
MAX_TEMPLATE_BYTES = 900_000
MAX_RESOURCE_POLICY_BYTES = 18 * 1024
"""Of one function, to which SAM adds a statement for each route; one with too many is divided."""
MAX_INLINE_POLICIES = 10_240
"""Characters of all inline policies of one role: IAM's own limit, which does not count blanks."""

_TRANSFORM = """
import json, sys
from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse

class NoManagedPolicies:
    def load(self):
        return {}

template = yaml_parse(sys.stdin.read())
validator = SamTemplateValidator(template, NoManagedPolicies(), region="ap-southeast-1")
print(json.dumps(yaml_parse(validator.get_translated_template_if_valid())))
"""
_STACK = "lumiku-photo-services-production"


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    """What CloudFormation is handed, with a value for each reference."""
    python = ROOT / ".venvs" / "sam" / "bin" / "python"
    if not python.exists():
        pytest.skip("there is no SAM CLI in .venvs/sam: run this test through make")
    done = subprocess.run(  # noqa: S603 - our own template
        [python, "-c", _TRANSFORM],
        input=(ROOT / "template.yaml").read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    transformed: dict[str, Any] = json.loads(done.stdout)
    return transformed


def _physical(name: str) -> str:
    return f"{_STACK}-{name}-{13 * 'X'}"[:64]


def _arn(resource: str) -> str:
    return f"arn:aws:a-service:ap-southeast-1:123456789012:resource/{_physical(resource)}"


def resolved(value: Any) -> Any:
    """A value of the template as long as it is once deployed."""
    match value:
        case {"Ref": name}:
            return _physical(name)
        case {"Fn::GetAtt": [name, _]}:
            return _arn(name)
        case {"Fn::If": [_, chosen, _]}:
            return resolved(chosen)
        case {"Fn::Sub": [text, values]}:
            return resolved({"Fn::Sub": _filled(text, values)})
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{([\w:]+)(\.Arn)?\}", _reference, text)
        case dict():
            return {key: resolved(inner) for key, inner in value.items()}
        case list():
            return [resolved(inner) for inner in value]
        case _:
            return value


def _filled(text: str, values: Mapping[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", str(resolved(value)))
    return text


def _reference(found: re.Match[str]) -> str:
    pseudo = {"Partition": "aws", "Region": "ap-southeast-1", "AccountId": "123456789012"}
    name = found[1]
    if name.startswith("AWS::"):
        return pseudo.get(name.removeprefix("AWS::"), _STACK)
    return _arn(name) if found[2] else _physical(name)


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def of_type(deployed: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in deployed["Resources"].items()
        if resource["Type"] == f"AWS::{kind}"
    }


def hold(limit: int, figures: Mapping[str, int]) -> None:
    """Show the figures, the largest first, and refuse those beyond the limit."""
    largest_first = sorted(figures.items(), key=lambda each: -each[1])
    print(*(f"{figure:>9,} of {limit:,}  {name}" for name, figure in largest_first), sep="\n")  # noqa: T201
    assert [name for name, figure in figures.items() if figure > limit] == []


def test_the_transformed_template_is_one_that_cloudformation_takes(
    deployed: dict[str, Any],
) -> None:
    apis = of_type(deployed, "ApiGatewayV2::Api").values()
    routes = max(
        sum(len(methods.keys() - {"parameters"}) for methods in api["Body"]["paths"].values())
        for api in apis
    )

    hold(MAX_RESOURCES, {"resources": len(deployed["Resources"])})
    hold(MAX_ROUTES, {"routes of an API": routes})
    hold(MAX_TEMPLATE_BYTES, {"bytes of the template": len(compact(deployed))})


def test_no_function_has_more_routes_than_its_resource_policy_holds(
    deployed: dict[str, Any],
) -> None:
    statements = defaultdict(list)
    for name, permission in of_type(deployed, "Lambda::Permission").items():
        function = resolved(permission["FunctionName"])
        statements[function].append(
            {
                "Sid": _physical(name),
                "Effect": "Allow",
                "Principal": {"Service": permission["Principal"]},
                "Action": permission["Action"],
                "Resource": f"arn:aws:lambda:ap-southeast-1:123456789012:function:{function}",
                "Condition": {"ArnLike": {"AWS:SourceArn": resolved(permission["SourceArn"])}},
            }
        )

    assert len(statements) >= 10
    hold(
        MAX_RESOURCE_POLICY_BYTES,
        {
            function: len(compact({"Version": "2012-10-17", "Id": "default", "Statement": allowed}))
            for function, allowed in statements.items()
        },
    )


def test_the_inline_policies_of_every_role_are_ones_that_iam_takes(
    deployed: dict[str, Any],
) -> None:
    written = {
        name: [resolved(policy["PolicyDocument"]) for policy in role.get("Policies", [])]
        for name, role in of_type(deployed, "IAM::Role").items()
    }

    assert any(written.values())
    hold(
        MAX_INLINE_POLICIES,
        {name: sum(len(compact(document)) for document in own) for name, own in written.items()},
    )
