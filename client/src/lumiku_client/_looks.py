"""What a picture of the studio shall look like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    """Either a template as it is, or a workflow in the words of the API.

    >>> Look(template_id="pure-white")
    >>> Look(workflow={"background": {"action": "solid", "color": "#ffffff"}})

    Raises ValueError for both or neither.
    """

    template_id: str | None = None
    workflow: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if (self.template_id is None) == (self.workflow is None):
            raise ValueError("Name a template, or say what shall be done: one of the two.")

    @property
    def body(self) -> dict[str, Any]:
        """The fields of a request."""
        if self.template_id is not None:
            return {"templateId": self.template_id}
        return {"workflow": dict(self.workflow or {})}
