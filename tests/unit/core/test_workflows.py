"""Workflows: typed steps, all errors at once, and what older rows say."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.work.workflows import check
from photo_steps import Crop, CutOut, Fit, Mask, OnColour, Parameters, SaveAs, Step, Workflow
from photo_steps.scenes import InScene
from photo_steps.studio import Frame, Light, OnGradient, Shadow, Upscale, Watermark

EVERY = (
    CutOut(quality="standard"),
    Crop(margin=5),
    Fit(side=800),
    Mask(),
    OnColour(colour="#ff8000"),
    SaveAs(format="jpeg"),
    Frame(aspect_ratio="4:5", fill_percent=70),
    Shadow(type="natural", angle=90),
    Light(mode="preset", preset="moody"),
    OnGradient.model_validate(
        {
            "type": "linear",
            "stops": [{"colour": "#ffffff", "at": 0}, {"colour": "#123456", "at": 9}],
        }
    ),
    Watermark(text="Lumiku"),
    Upscale(factor=4),
    InScene.model_validate({"wall": {"pattern": "room", "room": "park"}, "seed": 7}),
)
# As rows had them when every parameter was text.
OLD_ROWS: list[tuple[dict[str, Any], Parameters]] = [
    ({"name": "cut-out", "params": {"quality": "standard"}}, EVERY[0]),
    ({"name": "crop", "params": {"margin": "5"}}, EVERY[1]),
    ({"name": "fit", "params": {"side": "800"}}, EVERY[2]),
    ({"name": "mask", "params": {}}, EVERY[3]),
    ({"name": "mask"}, EVERY[3]),
    ({"name": "on-colour", "params": {"colour": "#ff8000"}}, EVERY[4]),
    ({"name": "save-as", "params": {"format": "jpeg"}}, EVERY[5]),
]


class Gradient(Parameters, step="test-gradient"):
    """A kind that the package does not know."""

    stops: tuple[int, ...]


@pytest.mark.parametrize("parameters", EVERY, ids=lambda p: p.step)
def test_a_step_gives_back_the_parameters_it_was_made_of(parameters: Parameters) -> None:
    step = Step.of(parameters)

    assert step.read(type(parameters)) == parameters
    assert Step.model_validate(step.model_dump(mode="json")) == step


@pytest.mark.parametrize(("row", "parameters"), OLD_ROWS)
def test_a_row_of_before_is_read(row: dict[str, Any], parameters: Parameters) -> None:
    assert Step.model_validate(row).read(type(parameters)) == parameters


def test_numbers_of_a_table_are_whole_again() -> None:
    row = {"name": "test-gradient", "params": {"stops": [Decimal(1), Decimal(9)]}}

    step = Step.model_validate(row)

    assert step == Step.of(Gradient(stops=(1, 9)))
    assert step.model_dump(mode="json")["params"] == {"stops": [1, 9]}


def test_every_error_of_every_step_is_told_at_once() -> None:
    workflow: Workflow = TypeAdapter(Workflow).validate_python(
        [
            {"name": "cut-out", "params": {"quality": "gold"}},
            {"name": "crop", "params": {"margin": 51, "padding": 1}},
            {"name": "fit"},
            {"name": "polish"},
            {"name": "on-colour", "params": {"colour": "white"}},
            {"name": "mask"},
        ]
    )

    with pytest.raises(InvalidRequest) as refused:
        check(workflow)

    errors: Any = refused.value.facts["errors"]
    assert [error["field"] for error in errors] == [
        "workflow.0.quality",
        "workflow.1.margin",
        "workflow.1.padding",
        "workflow.2.side",
        "workflow.3.name",
        "workflow.4.colour",
    ]
    assert "less than or equal to 50" in errors[1]["message"].en
    assert "crop" in errors[4]["message"].en


@pytest.mark.parametrize("margin", [0, 50])
@pytest.mark.parametrize("side", [64, 16383])
def test_what_can_be_run_passes(margin: int, side: int) -> None:
    check(tuple(Step.of(p) for p in (*EVERY, Crop(margin=margin), Fit(side=side))))


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [(Crop, {"margin": -1}), (Fit, {"side": 63}), (Fit, {"side": 16384}), (Fit, {"side": 64.5})],
)
def test_bounds_are_kept(kind: type[Parameters], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(wrong)


def test_a_kind_from_outside_is_checked_like_those_within() -> None:
    check((Step.of(Gradient(stops=(1, 2))),))
    with pytest.raises(InvalidRequest) as refused:
        check((Step(name="test-gradient", params={"stops": ["a"]}),))
    errors: Any = refused.value.facts["errors"]
    assert [error["field"] for error in errors] == ["workflow.0.stops.0"]


def test_no_two_kinds_have_one_name() -> None:
    with pytest.raises(TypeError, match="crop"):

        class Another(Parameters, step="crop"):
            """Whatever."""
