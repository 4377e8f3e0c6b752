"""Put a scene behind the subject that a provider paints."""

from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.asking import Hosted, Wish, Words
from darkroom.compose import lay_on
from darkroom.models import Models
from darkroom.painted import asked_size, check_alone, received_around, received_backdrop
from darkroom.picture import Bytes, Painting, Picture
from darkroom.received import Shows
from darkroom.steps.operation import operation
from photo_steps.prompts.for_models import painting
from photo_steps.scenes import Painted

_GREY = (128, 128, 128)


@operation(Painted, "models", "hosted")
def painted(picture: Picture, told: Painted, *, models: Models, hosted: Hosted) -> Picture:
    """Take what a provider painted, or the scene that we paint ourselves.

    The subject's pixels stay as they are: what is painted lies behind them.
    """
    width, height = asked_size(picture.width, picture.height)
    words = Words(painting(told), told.local.seed, width, height)
    if told.route == "ai-simple":
        has_podium = told.local.ground.shape == "podium"
        wish = _backdrop(words, models, has_podium=has_podium)
    else:
        wish = _around(picture, words, models)
    found = hosted(told.route, wish)
    backdrop = told.local if found is None else Painting(found, told.local)
    return replace(picture, backdrop=backdrop, lit_from=told.local.key)


def _backdrop(words: Words, models: Models, *, has_podium: bool) -> Wish:
    """A scene without the subject, for a canvas of that shape."""

    def read(data: bytes, shows: Shows) -> Bytes:
        rgb = received_backdrop(data, shows, words.width, words.height)
        if not has_podium:  # which stands out itself
            check_alone(rgb, models)
        return rgb

    return Wish(read, words=words)


def _around(picture: Picture, words: Words, models: Models) -> Wish:
    """A scene around the subject, which is sent on grey."""
    size = words.width, words.height
    alpha = np.asarray(Image.fromarray(picture.cover).resize(size, Image.Resampling.BOX))
    whole = lay_on(picture.rgb, picture.cover, _GREY)
    rgb = np.asarray(Image.fromarray(whole).resize(size, Image.Resampling.BOX))

    def read(data: bytes, shows: Shows) -> Bytes:
        found = received_around(data, shows, rgb, alpha)
        check_alone(found, models, alpha)
        return found

    return Wish(read, rgb, replace(words, mask=255 - alpha))
