"""The steps that make a look or a template, as the studio renders for a plan."""

from collections.abc import Collection

from lumiku.apps.studio.backgrounds import LookBackground
from lumiku.apps.studio.looks import (
    MARK,
    RELIGHT_ROUTE,
    Look,
    LookLighting,
    LookShadow,
)
from lumiku.apps.studio.plans import GATES, RENDERINGS, Gate, Rendering
from photo_steps import (
    CutOut,
    Fit,
    Leave,
    OnColour,
    Parameters,
    Step,
    Workflow,
    studio,
)
from photo_steps.scenes import InScene, Painted
from photo_steps.templates import Template

SIDES = {RENDERINGS[plan].quality: gates[Gate.REMOVAL_SIDE_PX] for plan, gates in GATES.items()}
"""The longest side of cut-outs by quality; None as long as the photo's."""


def steps(
    look: Look,
    rendering: Rendering,
    template: Template | None = None,
    hosted: Collection[str] = (),
) -> Workflow:
    """The workflow that makes it, as the studio renders for a plan.

    `template` is the one whose background the look has. Of what providers may be asked for, they
    are asked by the routes `hosted`.
    """
    return _whole(behind(look, template, hosted), rendering, is_cut_out=look.is_cut_out)


def behind(look: Look, template: Template | None, hosted: Collection[str] = ()) -> Workflow:
    """What of it comes behind the cut-out, on every plan."""
    usual = _usual(look.background, template)
    frame = look.frame.on(usual) if look.frame is not None else usual
    made: list[Parameters | None] = [
        studio.Upscale(factor=look.upscale.factor) if look.upscale is not None else None,
        frame,
        _light(look.lighting, hosted),
        _backdrop(look.background, template, hosted),
        _shadow(look.shadow),
    ]
    return tuple(Step.of(step) for step in made if step is not None)


def template_steps(template: Template, rendering: Rendering) -> Workflow:
    """The workflow of a whole template, as the studio renders for a plan."""
    return _whole(template.workflow, rendering, is_cut_out=True)


def cut_out_steps(quality: str) -> Workflow:
    """What makes the cut-out of an item, and leaves it."""
    side = SIDES[quality]
    reduced = [Fit(side=side)] if isinstance(side, int) else []
    cut_out = CutOut.model_validate({"quality": quality})
    return tuple(map(Step.of, [*reduced, cut_out, Leave()]))


def _whole(behind: Workflow, rendering: Rendering, *, is_cut_out: bool) -> Workflow:
    before = cut_out_steps(rendering.quality) if is_cut_out else ()
    mark = (Step.of(studio.Watermark(text=MARK)),) if rendering.is_marked else ()
    return (*before, *behind, *mark)


def _usual(background: LookBackground | None, template: Template | None) -> studio.Frame | None:
    """How the product lies in a scene, unless it is told."""
    if background is None:
        return None
    if (understood := background.understood) is not None:
        return understood.frame
    if template is not None:
        named = {step.name: step for step in template.workflow}
        return named["frame"].read(studio.Frame) if "frame" in named else None
    return None


def _light(told: LookLighting | None, hosted: Collection[str]) -> Parameters | None:
    if told is None or told.mode == "none":
        return None
    if told.mode == "ai" and told.preset is not None:
        if RELIGHT_ROUTE in hosted:
            return studio.Relight(preset=told.preset)
        return studio.Light(mode="preset", preset=told.preset)
    return studio.Light.model_validate(told.model_dump())


def _shadow(told: LookShadow | None) -> studio.Shadow | None:
    if told is None or told.type == "none":
        return None
    said = told.model_dump(exclude={"color"})
    return studio.Shadow.model_validate({**said, "colour": told.color})


def _backdrop(
    told: LookBackground | None, template: Template | None, hosted: Collection[str]
) -> Parameters | None:
    if told is None:
        return None
    if told.color is not None:
        return OnColour(colour=told.color)
    if (gradient := told.gradient) is not None:
        stops = [{"colour": stop.color, "at": stop.at} for stop in gradient.stops]
        return studio.OnGradient.model_validate(
            {"type": gradient.type, "stops": stops, "angle": gradient.angle}
        )
    if (understood := told.understood) is not None:
        route = told.paint_route
        if route in hosted:
            return Painted(route=route, prompt=told.prompt or "", local=understood.scene)
        return understood.scene
    return _of_template(template, told.seed) if template is not None else None


def _of_template(template: Template, seed: int | None) -> Parameters | None:
    """What a template puts behind the product; a seed makes another scene of its kind."""
    for step in template.workflow:
        if step.name in {OnColour.step, studio.OnGradient.step}:
            return step.read(Parameters.kinds[step.name])
        if step.name == InScene.step:
            scene = step.read(InScene)
            return scene if seed is None else scene.model_copy(update={"seed": seed})
    return None
