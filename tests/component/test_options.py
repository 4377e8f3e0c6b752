"""Options from the order to the stored result: every step that a workflow can name, for real.

Only the model is left out: the lane's cut-out gives every picture of 40 x 30 a hole, and these
photos are solid elsewhere.
"""

import itertools
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.cutout import Recipe
from darkroom.steps.cut_out import RECIPES
from lumiku.apps.remover.options import Options
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.work.file_names import extension
from lumiku.domain.work.jobs import Job, Status
from photo_steps import MAX_SIDE_PX
from tests.component.lane import HEIGHT_PX, WIDTH_PX, Lane

HOLE = (15, 15)
SOLID = (30, 5)


def finished(lane: Lane, options: Options) -> tuple[Job, str, bytes]:
    """A job with those options once it is over, and its result: content type and bytes."""
    told = lane.job(workflow=background_removal(Tier.BASIC, options))
    assert lane.deliver(told.body) == []
    job = told.now()
    assert job.result is not None
    stored = lane.stack.s3.get_object(Bucket=lane.stack.bucket, Key=job.result.key)
    return job, stored["ContentType"], stored["Body"].read()


def read(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def teal(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def all_options() -> list[Options]:
    """Every combination that is not refused."""
    found = []
    for format, background, crop, output, max_size in itertools.product(
        ("png", "webp", "jpeg"),
        (None, "transparent", "#FF8000"),
        (None, 5),
        ("cutout", "mask"),
        (None, 64),
    ):
        try:
            found.append(Options(format, background, crop, output, max_size))  # type: ignore[arg-type]
        except InvalidRequest:
            continue
    return found


@pytest.mark.parametrize("options", all_options(), ids=str)
def test_whatever_is_asked_for_comes_out_so(lane: Lane, options: Options) -> None:
    job, content_type, data = finished(lane, options)

    assert job.status is Status.COMPLETED
    assert job.result is not None
    assert job.result.format == options.format
    assert job.result.key.endswith(f".{extension(options.format)}")
    assert content_type == f"image/{options.format}"
    image = read(data)
    assert image.format == options.format.upper()
    assert image.size == (job.result.width_px, job.result.height_px) == (WIDTH_PX, HEIGHT_PX)
    assert ("A" in image.getbands()) == (options.output == "cutout" and options.colour is None)
    levels = np.asarray(image.convert("RGB")).astype(np.int16)
    if options.output == "mask":
        assert abs(levels[HOLE] - 0).max() <= 8
        assert abs(levels[SOLID[::-1]] - 255).max() <= 8
    elif options.colour is not None:
        expected = tuple(bytes.fromhex(options.colour.removeprefix("#")))
        assert abs(levels[HOLE] - expected).max() <= 24


def test_a_result_is_cropped_then_reduced(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = np.zeros((300, 400), np.uint8)
    alpha[:, :200] = 255
    monkeypatch.setitem(RECIPES, "basic", Recipe(lane.find, lambda *_: alpha))
    options = Options(background="black", crop=10, max_size=115)
    workflow = background_removal(Tier.BASIC, options)
    told = lane.job(teal(400, 300), workflow=workflow)

    assert lane.deliver(told.body) == []

    output = told.now().result
    assert output is not None
    # 200 x 300 with 30 on the right: 230 x 300, then 88 x 115.
    assert (output.width_px, output.height_px) == (88, 115)


def test_a_result_that_its_format_cannot_hold_is_refunded(lane: Lane) -> None:
    wide, webp = teal(MAX_SIDE_PX + 1, 30), Options("webp")
    told = lane.job(wide, workflow=background_removal(Tier.BASIC, webp))

    assert lane.deliver(told.body) == []

    failure = told.now().failure
    assert failure is not None
    assert failure.code == "not_encodable"
    assert lane.to_settle() == [told.id]


def test_the_largest_size_is_one_that_every_format_holds(lane: Lane) -> None:
    wide, webp = teal(MAX_SIDE_PX + 1, 30), Options("webp", max_size=MAX_SIDE_PX)
    told = lane.job(wide, workflow=background_removal(Tier.BASIC, webp))

    assert lane.deliver(told.body) == []
    assert told.now().status is Status.COMPLETED


def test_a_workflow_has_its_steps_in_the_order_that_matters() -> None:
    steps = background_removal(Tier.BASIC, Options("jpeg", "white", 5, max_size=800))
    assert [(step.name, step.params) for step in steps] == [
        ("cut-out", {"quality": "basic"}),
        ("crop", {"margin": 5}),
        ("fit", {"side": 800}),
        ("on-colour", {"colour": "#ffffff"}),
        ("save-as", {"format": "jpeg"}),
    ]
    mask = background_removal(Tier.BASIC, Options("webp", None, 0, "mask", 64))
    assert [step.name for step in mask] == ["cut-out", "crop", "fit", "mask", "save-as"]


def test_without_options_a_workflow_is_only_the_cut_out() -> None:
    assert len(background_removal(Tier.BASIC)) == 1
    assert len(background_removal(Tier.BASIC, Options(background="transparent"))) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"output": "mask", "background": "white"},
        {"output": "mask", "background": "transparent"},
        {"output": "mask", "format": "jpeg", "background": "#000000"},
        {"format": "jpeg", "background": "transparent"},
    ],
)
def test_what_does_not_go_together_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        Options(**options)  # type: ignore[arg-type]
    errors: Any = refusal.value.facts["errors"]
    assert [error["field"] for error in errors] == ["body.background"]


@pytest.mark.parametrize(
    ("background", "colour"),
    [("white", "#ffffff"), ("black", "#000000"), ("#FF8000", "#ff8000"), ("transparent", None)],
)
def test_colours_have_one_form(background: str, colour: str | None) -> None:
    assert Options(background=background).colour == colour


def test_a_jpeg_without_a_background_is_white() -> None:
    assert Options("jpeg").colour == "#ffffff"
    assert Options("webp").colour is None
