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
    Mask,
    OnColour,
    SaveAs,
)
from photo_steps.outputs import PictureFile, Role
from photo_steps.rules import Check, FileRules
from photo_steps.scenes import Decor, Ground, InScene, Material, Ornament, Panorama, Pattern, Wall
from photo_steps.studio import (
    Frame,
    Light,
    OnGradient,
    Preset,
    Shadow,
    Stop,
    Upscale,
    Watermark,
)
from photo_steps.workflows import InvalidWorkflow, Parameters, Step, StepError, Workflow, check

__all__ = [
    "MAX_MARGIN_PERCENT",
    "MAX_SIDE_PX",
    "MIN_SIDE_PX",
    "QUALITIES",
    "Check",
    "Crop",
    "CutOut",
    "Decor",
    "FileRules",
    "Fit",
    "Format",
    "Frame",
    "Ground",
    "InScene",
    "InvalidWorkflow",
    "Light",
    "Mask",
    "Material",
    "OnColour",
    "OnGradient",
    "Ornament",
    "Panorama",
    "Parameters",
    "Pattern",
    "PictureFile",
    "Preset",
    "Role",
    "SaveAs",
    "Shadow",
    "Step",
    "StepError",
    "Stop",
    "Upscale",
    "Wall",
    "Watermark",
    "Workflow",
    "check",
]
