"""Let a provider change the light on the subject."""

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from PIL import Image

from darkroom.asking import Hosted, Wish, Words
from darkroom.compose import lay_on
from darkroom.painted import asked_size, received_light, relit
from darkroom.picture import Picture
from darkroom.steps.light import light
from darkroom.steps.operation import operation
from darkroom.studio.presets import PRESETS
from photo_steps.prompts.for_models import relighting
from photo_steps.studio import Light, Relight

# Only soft light is taken from the answer, and providers bill by its pixels.
_SIDE_PX = 768
_GREY = (128, 128, 128)
_SIDE = 0.25
_SEED = 0


@operation(Relight, "hosted")
def relight(picture: Picture, told: Relight, *, hosted: Hosted) -> Picture:
    """Light the subject as a provider did, as far as that is soft, or by our own preset."""
    width, height = size = asked_size(picture.width, picture.height, _SIDE_PX)
    alpha = np.asarray(Image.fromarray(picture.cover).resize(size, Image.Resampling.BOX))
    whole = lay_on(picture.rgb, picture.cover, _GREY)
    rgb = np.asarray(Image.fromarray(whole).resize(size, Image.Resampling.BOX))
    side = PRESETS[told.preset].side
    lit_from: Literal["left", "right", "top"] = "top"
    if abs(side) >= _SIDE:
        lit_from = "left" if side < 0 else "right"
    words = Words(relighting(told.preset), _SEED, width, height, lit_from=lit_from)
    gains = hosted("relight", Wish(partial(received_light, ours=rgb, alpha=alpha), rgb, words))
    if gains is None:
        return light(picture, Light(mode="preset", preset=told.preset))
    return replace(picture, rgb=relit(picture.rgb, gains), lit_from=round(side * 100))
