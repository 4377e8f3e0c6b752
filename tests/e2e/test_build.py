"""What is deployed: not more than Lambda takes."""

from pathlib import Path

import pytest

from local import previews, stack
from local.layout import Layout, Outputs
from photo_steps.templates import preview_key, templates
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


def test_every_template_has_its_preview_in_the_bucket(
    layout: Layout, laptop_cloud: Outputs
) -> None:
    s3, bucket = stack.bucket_here(layout, laptop_cloud)
    for template in templates():
        for size in ("preview", "thumbnail"):
            there = s3.head_object(Bucket=bucket, Key=preview_key(template, size))
            assert there["ContentType"] == "image/webp"
            assert there["ContentLength"] > 500
    assert previews.upload(layout, laptop_cloud, previews.folder_of_now()) == 0
