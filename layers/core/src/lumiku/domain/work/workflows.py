"""A job is one photo put through a workflow: a list of steps, from pixels to pixels."""

import photo_steps
from lumiku.domain.errors import InvalidRequest
from photo_steps import Workflow


def check(workflow: Workflow) -> None:
    """Refuse what cannot be run with `InvalidRequest`, which has all of its errors."""
    try:
        photo_steps.check(workflow)
    except photo_steps.InvalidWorkflow as invalid:
        errors = [{"field": error.field, "message": error.message} for error in invalid.errors]
        raise InvalidRequest("This workflow cannot be run.", errors=errors) from None
