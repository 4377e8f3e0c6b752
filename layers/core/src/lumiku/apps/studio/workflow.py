"""The workflows of the studio."""

from photo_steps import Keep, Measure, Step, Workflow

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MIN_SIDE_PX, MAX_SIDE_PX = 500, 8000


def intake() -> Workflow:
    """Workflow that takes a photo in: measured, kept as it was sent, shown in two smaller sizes."""
    return tuple(map(Step.of, (Measure(min_side=MIN_SIDE_PX, max_side=MAX_SIDE_PX), Keep())))
