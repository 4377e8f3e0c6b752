"""What can be done to a photo: the vocabulary of who orders workflows and of who runs them."""

from photo_steps.kinds import (
    MAX_MARGIN_PERCENT,
    MAX_SIDE_PX,
    MIN_SIDE_PX,
    QUALITIES,
    Crop,
    CutOut,
    Fit,
    Format,
    Keep,
    Leave,
    Mask,
    Measure,
    OnColour,
    SaveAs,
    Shrink,
)
from photo_steps.outputs import PictureFile, Role
from photo_steps.workflows import InvalidWorkflow, Parameters, Step, StepError, Workflow, check

__all__ = [
    "MAX_MARGIN_PERCENT",
    "MAX_SIDE_PX",
    "MIN_SIDE_PX",
    "QUALITIES",
    "Crop",
    "CutOut",
    "Fit",
    "Format",
    "InvalidWorkflow",
    "Keep",
    "Leave",
    "Mask",
    "Measure",
    "OnColour",
    "Parameters",
    "PictureFile",
    "Role",
    "SaveAs",
    "Shrink",
    "Step",
    "StepError",
    "Workflow",
    "check",
]
