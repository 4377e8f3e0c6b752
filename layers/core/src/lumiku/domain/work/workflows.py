"""A job is one photo put through a workflow: a list of steps, from pixels to pixels."""

import photo_steps
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import Workflow


def check(workflow: Workflow) -> None:
    """Refuse what cannot be run with `InvalidRequest`, which has all of its errors."""
    try:
        photo_steps.check(workflow)
    except photo_steps.InvalidWorkflow as invalid:
        errors = [
            {
                "field": error.field,
                "message": Text(error.message, "Nilai ini tidak dapat dipakai di sini."),
            }
            for error in invalid.errors
        ]
        raise InvalidRequest(
            Text("This workflow cannot be run.", "Alur kerja ini tidak dapat dijalankan."),
            errors=errors,
        ) from None
