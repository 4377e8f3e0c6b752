"""What is deployed: not more than Lambda takes."""

from pathlib import Path

import pytest

from local.layout import Outputs
from scripts.template import ROOT, Function, functions

LIMIT_MB = 240
"""Unzipped, of function and layers together; Lambda's own limit is 250 MB."""


def size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@pytest.mark.parametrize("function", functions(), ids=lambda f: f.folder)
def test_function_and_layers_fit_into_lambda(function: Function, laptop_cloud: Outputs) -> None:
    parts = [function.name, *(layer["Ref"] for layer in function.properties["Layers"])]

    sizes = {part: size_mb(ROOT / ".aws-sam" / "build" / part) for part in parts}

    assert all(sizes.values()), sizes
    assert sum(sizes.values()) < LIMIT_MB, sizes
