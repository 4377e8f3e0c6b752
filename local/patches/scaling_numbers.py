"""A queue's `MaximumConcurrency` may come from a template parameter.

CloudFormation hands a `Number` parameter on as text and converts it by the property's type.
Upstream keeps the text, and its poller then fails on every comparison: no message is delivered.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

from local.patches.expect import expect

_TYPE = "AWS::Lambda::EventSourceMapping"


def apply() -> None:
    """Convert the number before upstream stores it."""
    handlers = provisioners._RESOURCE_HANDLERS[_TYPE]
    create, update = handlers["create"], handlers["update"]
    expect(create is provisioners._lambda_esm_create, "creation of an event source mapping")
    expect(update is provisioners._lambda_esm_update, "update of an event source mapping")
    expect("MaximumConcurrency" not in create.__code__.co_consts, "it converts the number now")

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        return create(logical_id, _converted(props), stack)

    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> Any:
        return update(physical_id, old, _converted(new), stack)

    handlers["create"], handlers["update"] = created, updated


def _converted(props: dict[str, Any]) -> dict[str, Any]:
    scaling = props.get("ScalingConfig")
    if not scaling or "MaximumConcurrency" not in scaling:
        return props
    return props | {"ScalingConfig": {"MaximumConcurrency": int(scaling["MaximumConcurrency"])}}
