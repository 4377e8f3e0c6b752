"""Looks: what they cost and need, what is wrong with one, and the steps that make it."""

from typing import Any

import pytest
from pydantic import ValidationError

from lumiku.apps.studio.looks import (
    Look,
    features,
    needs,
)
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.plans import RENDERINGS, Rendering, StudioPlanName, missing
from lumiku.apps.studio.prices import workflow_price
from lumiku.apps.studio.steps import template_steps
from lumiku.apps.studio.wanted import of_look
from lumiku.domain.work.workflows import check
from photo_steps import Step, Workflow
from photo_steps.scenes import InScene
from photo_steps.studio import Frame
from photo_steps.templates import templates

PAYG, FREE, PREMIUM = (
    RENDERINGS[plan] for plan in (StudioPlanName.PAYG, StudioPlanName.FREE, StudioPlanName.PREMIUM)
)
REMOVED = {"action": "remove"}
WHITE = {"action": "solid", "color": "#ffffff"}
CAFE = {"action": "ai", "prompt": "a marble table"}


def look(**said: Any) -> Look:
    """The look that says this."""
    return Look.model_validate(said)


def steps(told: Look, rendering: Rendering) -> Workflow:
    """What makes it of a photo, with the templates that were shipped."""
    return of_look(told, shipped).steps(rendering)


def price(**said: Any) -> int:
    """What it costs alone."""
    return workflow_price(features(look(**said))).total


def names(workflow: tuple[Step, ...]) -> list[str]:
    """Names of the steps of a workflow."""
    return [step.name for step in workflow]


def test_prices_of_looks_by_hand() -> None:
    # 5 + 10 + 8 = 23, less 10 % rounded down
    assert price(background=WHITE, shadow={"type": "natural"}) == 21
    # 5 + 12 + 10 + 8 = 35: a computed scene costs what a template's background does
    light = {"mode": "preset", "preset": "studio"}
    assert price(background=CAFE, lighting=light, shadow={"type": "natural"}) == 32
    assert price(background=REMOVED) == 5
    assert price(lighting={"mode": "auto"}) == 8
    assert price(lighting={"mode": "manual", "contrast": 10}) == 10
    assert price(background=REMOVED, shadow={"type": "reflection"}) == 14  # 5 + 10, less 1
    assert price(upscale={"factor": 4}) == 20


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"": "nothing_to_do"}),
        ({"background": {"action": "keep"}}, {"": "nothing_to_do"}),
        ({"lighting": {"mode": "none"}, "frame": {"width": 800}}, {"": "nothing_to_do"}),
        ({"background": {"action": "solid"}}, {"background.color": "needed_with"}),
        ({"background": {**REMOVED, "seed": 1}}, {"background.seed": "not_with"}),
        (
            {"background": {"action": "template", "templateId": "none-such"}},
            {"background.templateId": "unknown_template"},
        ),
        (
            {"background": {"action": "ai", "prompt": "xyzzy plugh"}},
            {"background.prompt": "prompt_not_served"},
        ),
        ({"shadow": {"type": "drop"}}, {"shadow": "not_with"}),
        (
            {"background": {"action": "gradient", "gradient": {"type": "linear", "stops": [
                {"color": "#000000", "at": 60}, {"color": "#ffffff", "at": 40}]}}},
            {"background.gradient.stops": "stops_unordered"},
        ),
        (
            {"background": WHITE, "frame": {"aspectRatio": "1:1", "width": 100, "height": 100}},
            {"frame": "impossible_frame"},
        ),
        (
            {
                "background": {"action": "solid", "color": "red", "prompt": "a marble table"},
                "lighting": {"mode": "preset", "brightness": 5},
                "shadow": {"type": "drop", "opacity": 101},
                "upscale": {"factor": 3},
            },
            {
                "background.color": "string_pattern_mismatch",
                "background.prompt": "not_with",
                "lighting.preset": "needed_with",
                "lighting.brightness": "not_with",
                "shadow.opacity": "less_than_equal",
                "upscale.factor": "literal_error",
            },
        ),
    ],
)  # fmt: skip
def test_every_error_of_a_look_is_told_at_once(said: Any, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        look(**said)

    found = {".".join(map(str, error["loc"])): error["type"] for error in refused.value.errors()}
    assert found == wrong


def test_a_generated_scene_is_what_a_plan_must_have_even_where_it_is_computed() -> None:
    assert missing(StudioPlanName.PROFESSIONAL, needs(look(background=CAFE))) is None
    refused = missing(StudioPlanName.PAYG, needs(look(background=CAFE)))
    assert refused is not None
    assert refused.available_in == StudioPlanName.PROFESSIONAL
    complex_one = look(background={**CAFE, "complexity": "complex"})
    assert missing(StudioPlanName.PREMIUM, needs(complex_one)) is None
    assert missing(StudioPlanName.PROFESSIONAL, needs(complex_one)) is not None


def test_all_that_a_plan_lacks_is_told_at_once() -> None:
    last = templates()[-1]
    told = look(
        background={"action": "template", "templateId": last.id},
        lighting={"mode": "auto"},
        shadow={"type": "reflection"},
        upscale={"factor": 2},
    )
    refused = missing(StudioPlanName.FREE, of_look(told, shipped).needs)

    assert refused is not None
    assert [text.en for text in refused.missing] == [
        "template backgrounds",
        "automatic lighting",
        "the reflection",
        "2x upscaling",
        f"the template {last.name.en}",
    ]
    assert refused.missing[-1].id == f"templat {last.name.id}"


def test_the_quality_and_the_mark_of_a_cut_out_are_those_of_the_plan() -> None:
    removed = look(background=REMOVED)

    assert names(steps(removed, FREE)) == ["fit", "cut-out", "leave", "watermark"]
    assert steps(removed, FREE)[0].params == {"side": 1024}
    assert steps(removed, PAYG)[0].params == {"side": 4096}
    assert names(steps(removed, PREMIUM)) == ["cut-out", "leave"]
    assert steps(removed, PREMIUM)[0].params == {"quality": "professional"}
    assert names(steps(look(lighting={"mode": "auto"}), PAYG)) == ["light"]


def test_a_scene_lays_the_product_on_its_ground_unless_the_frame_says_otherwise() -> None:
    table = {"action": "template", "templateId": "marble-counter"}

    def frame(**said: Any) -> Frame:
        workflow = steps(look(background=table, **said), PAYG)
        return next(step for step in workflow if step.name == "frame").read(Frame)

    assert frame().size == (1200, 1200)
    assert frame().base_percent == 84
    assert frame(frame={"width": 600, "aspectRatio": "4:5"}).size == (600, 750)
    assert frame(frame={"width": 600}).base_percent == 84
    assert frame(frame={"align": "top"}).base_percent is None


def test_a_seed_makes_another_scene_of_the_same_words_or_template() -> None:
    def scene(background: dict[str, Any]) -> InScene:
        workflow = steps(look(background=background), PAYG)
        return next(step for step in workflow if step.name == "in-scene").read(InScene)

    for background in (CAFE, {"action": "template", "templateId": "marble-counter"}):
        assert scene(background) == scene(background)
        assert scene({**background, "seed": 7}) != scene(background)
        assert scene({**background, "seed": 7}).wall == scene(background).wall


def test_every_template_can_be_ordered_whole_and_as_a_background() -> None:
    for template in templates():
        check(template_steps(template, FREE))
        check(steps(look(background={"action": "template", "templateId": template.id}), FREE))
        assert len(template.version) == 12
    assert len({template.version for template in templates()}) == len(templates())


def test_what_was_told_is_shown_as_it_was_told() -> None:
    said = {"background": WHITE, "shadow": {"type": "drop"}, "frame": {"aspectRatio": "4:5"}}

    assert look(**said).told == said
