"""The versions of weights that the API knows, against the models that there are."""

import hashlib
from typing import get_args

from darkroom.steps.cut_out import RECIPES
from darkroom.studio.upscaling import MODEL
from darkroom.weights import manifest
from photo_steps.weights import CUT_OUTS, UPSCALING, Precision

PRECISIONS: tuple[Precision, ...] = get_args(Precision.__value__)


def version(precision: Precision, *models: str) -> str:
    """The start of a SHA-256 over the hashes of the files of some models."""
    files = "".join(manifest()[model].file(precision).sha256 for model in models)
    return hashlib.sha256(files.encode()).hexdigest()[:12]


def test_cut_outs_are_told_apart_by_the_models_that_make_them() -> None:
    made = {
        precision: {
            quality: version(precision, *found.models) for quality, found in RECIPES.items()
        }
        for precision in PRECISIONS
    }
    assert made == CUT_OUTS


def test_enlargements_are_told_apart_by_the_model_that_makes_them() -> None:
    assert {precision: version(precision, MODEL) for precision in PRECISIONS} == UPSCALING
