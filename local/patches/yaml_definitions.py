"""A state machine may be defined in YAML.

CloudFormation takes JSON or YAML at a `DefinitionS3Location`. Upstream keeps the text as it is,
and every execution of a machine in YAML fails with InvalidDefinition.
"""

import functools
import json
from typing import Any

import yaml
from ministack.services.cloudformation import provisioners

from local.patches.expect import expect_upstream


def apply() -> None:
    """Turn the definition into JSON before upstream stores it."""
    upstream = provisioners._sfn_definition
    expect_upstream(upstream, "_sfn_definition")

    @functools.wraps(upstream)
    def definition(props: dict[str, Any]) -> str:
        return json.dumps(yaml.safe_load(upstream(props)))

    provisioners._sfn_definition = definition
