"""What models that paint answer: of use, or refused; and never the product's pixels."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from PIL import Image, ImageDraw

from darkroom import painted
from darkroom.asking import Wish
from darkroom.compose import composed
from darkroom.keeping import pack, unpack
from darkroom.models import Models
from darkroom.painted import Redrawn, asked_size
from darkroom.picture import Bytes, Floats, Painting, Picture
from darkroom.received import Unusable
from darkroom.steps import OPERATIONS
from photo_steps import Parameters
from photo_steps.scenes import Ground, InScene, Painted
from photo_steps.studio import Light, Relight, Shadow
from tests.imitation_providers.pictures import empty, picture
from tests.unit.darkroom.photos import as_file

WIDTH, HEIGHT = 240, 200
LOCAL = InScene(ground=Ground(shape="table", material="wood"), seed=5)
SIMPLE = Painted(route="ai-simple", prompt="a marble table", local=LOCAL)
COMPLEX = Painted(route="ai-complex", prompt="a marble table", local=LOCAL)
LIGHT = Relight(preset="dramatic")


def product() -> Picture:
    """A labelled box in the middle of a canvas, with letters on it."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 60, 160, 170), fill=(30, 90, 190))
    draw.rectangle((92, 90, 148, 130), fill=(250, 245, 230))
    draw.text((100, 102), "KOPI 12", fill=(120, 10, 10))
    alpha = Image.new("L", image.size)
    ImageDraw.Draw(alpha).rectangle((80, 60, 160, 170), fill=255)
    return Picture(np.asarray(image), np.asarray(alpha))


class Seen(Models):
    """The small model finds what is red, or nothing."""

    def __init__(self) -> None:
        self.ran = set()

    def run(self, name: str, batch: Floats) -> Floats:
        red = batch[0, 0] - batch[0, 1]
        found: Floats = (red > 1.5).astype(np.float32)[None, None]
        return found


class Provider:
    """Answers every wish with a picture of that kind, made of what it was sent."""

    def __init__(self, kind: str, scale: float = 1.0) -> None:
        self.kind, self.scale = kind, scale
        self.wishes: list[Wish] = []
        self.why: Unusable | None = None

    def __call__(self, route: str, wish: Wish) -> Bytes | None:
        self.wishes.append(wish)
        assert wish.words is not None
        sent = empty(wish.words.width, wish.words.height)
        if wish.rgb is not None:
            sent = as_file(Image.fromarray(wish.rgb), "PNG")
        data = b"<html>" if self.kind == "page" else picture(self.kind, sent, self.scale)
        shows: Literal["backdrop", "filled"] = "backdrop" if wish.rgb is None else "filled"
        try:
            return wish.read(data, shows)
        except Unusable as why:
            self.why = why
            return None


def done(told: Parameters, by: Provider, subject: Picture | None = None) -> Picture:
    kit = {"models": Seen(), "hosted": by}
    operation = OPERATIONS[told.step]
    needed = {need: kit[need] for need in operation.needs}
    made: Picture = operation.apply(subject or product(), told, **needed)
    return made


def opaque(subject: Picture) -> Bytes:
    assert subject.alpha is not None
    found: Bytes = subject.rgb[subject.alpha == 255]
    return found


@pytest.mark.parametrize(
    ("told", "kind"), [(SIMPLE, "scene"), (COMPLEX, "around")], ids=["without it", "around it"]
)
def test_the_products_pixels_are_ours_before_what_somebody_painted(
    told: Painted, kind: str
) -> None:
    before = product()

    made = done(told, Provider(kind))
    shown = composed(replace(made, shadow=Shadow(type="natural")))

    assert isinstance(made.backdrop, Painting)
    assert shown.alpha is None
    assert np.array_equal(shown.rgb[before.cover == 255], opaque(before))
    behind = shown.rgb[:20].reshape(-1, 3).astype(int)
    assert behind.std() > 0
    assert behind.mean() > 100


@pytest.mark.parametrize(
    "kind", ["black", "flat", "narrow", "page", "body"], ids=lambda kind: f"a {kind} picture"
)
@pytest.mark.parametrize("told", [SIMPLE, COMPLEX], ids=["without it", "around it"])
def test_what_is_of_no_use_leaves_our_own_scene(told: Painted, kind: str) -> None:
    by = Provider(kind)

    made = done(told, by)

    assert by.why is not None
    assert made.backdrop == LOCAL
    assert made.lit_from == LOCAL.key


@pytest.mark.parametrize(
    ("box", "is_refused"),
    [
        ((80, 60, 160, 180), True),
        ((4, 60, 235, 180), True),
        ((80, 0, 160, 140), False),
        ((0, 100, 160, 199), False),
        ((80, 100, 239, 199), False),
        ((100, 160, 116, 180), False),
    ],
    ids=["stands", "stands near both sides", "hangs", "at the left", "at the right", "small"],
)
def test_of_an_empty_scene_what_stands_is_a_product(
    box: tuple[int, int, int, int], *, is_refused: bool
) -> None:
    scene = Image.new("RGB", (WIDTH, HEIGHT), (150, 150, 150))
    ImageDraw.Draw(scene).rectangle(box, fill=(230, 20, 20))

    with pytest.raises(Redrawn) if is_refused else nullcontext():
        painted.check_alone(np.asarray(scene), Seen())


@pytest.mark.parametrize("kind", ["redrawn", "scene"], ids=["redrawn", "painted over"])
def test_a_product_that_is_not_as_it_was_sent_is_refused(kind: str) -> None:
    by = Provider(kind)

    done(COMPLEX, by)

    assert isinstance(by.why, Redrawn)


def test_grain_of_a_model_is_no_redrawn_product() -> None:
    subject = product()
    noise = np.random.default_rng(1).normal(0, 6, subject.rgb.shape)
    grainy = (subject.rgb + noise).clip(0, 255).astype(np.uint8)
    behind = np.random.default_rng(2).integers(90, 160, subject.rgb.shape).astype(np.uint8)
    rgb = np.where(subject.cover[..., None] == 255, grainy, behind)

    found = painted.received_around(
        as_file(Image.fromarray(rgb), "PNG"), "filled", subject.rgb, subject.cover
    )

    assert np.array_equal(found, rgb)


@pytest.mark.parametrize("told", [SIMPLE, COMPLEX], ids=["without it", "around it"])
def test_a_picture_of_another_size_and_the_same_shape_is_used(told: Painted) -> None:
    made = done(told, Provider("scene" if told is SIMPLE else "around", scale=0.5))

    assert isinstance(made.backdrop, Painting)
    assert composed(made).rgb.shape == (HEIGHT, WIDTH, 3)


def test_a_backdrop_that_is_too_long_is_cut_in_the_middle() -> None:
    rgb = np.zeros((100, 120, 3), np.uint8)
    rgb[:, 10:110] = np.linspace(90, 200, 100, dtype=np.uint8)[None, :, None]

    found = painted.received_backdrop(as_file(Image.fromarray(rgb), "PNG"), "backdrop", 50, 50)

    assert np.array_equal(found, rgb[:, 10:110])


def test_what_is_asked_for_is_what_models_paint() -> None:
    assert asked_size(1200, 1200) == (992, 992)
    assert asked_size(1200, 900) == (992, 736)
    assert asked_size(100, 64) == (96, 64)
    by = Provider("around")
    done(COMPLEX, by)
    [wish] = by.wishes
    assert wish.words is not None
    assert wish.words.mask is not None
    assert wish.rgb is not None
    assert wish.words.mask.shape == wish.rgb.shape[:2] == (192, 240)
    # White is painted, black is kept.
    assert (wish.words.mask[0, 0], wish.words.mask[120, 120]) == (255, 0)
    assert wish.words.seed == LOCAL.seed
    assert wish.words.prompt.startswith("a marble table. The product in the picture")


def test_a_painting_is_kept_between_runs_to_the_byte() -> None:
    made = replace(done(SIMPLE, Provider("scene")), shadow=Shadow(type="natural"))

    again = unpack(pack(made))

    assert np.array_equal(composed(again).rgb, composed(made).rgb)


def test_light_comes_from_a_provider_and_colours_and_letters_from_us() -> None:
    before = product()

    made = done(LIGHT, Provider("relit"), before)

    was, now = opaque(before).astype(float), opaque(made).astype(float)
    assert np.array_equal(made.cover, before.cover)
    lit = (made.rgb.astype(float).sum(axis=2) + 1) / (before.rgb.astype(float).sum(axis=2) + 1)
    assert lit[100, 84] > lit[100, 156]
    # The imitation dyes all and blurs the letters: hues stay, and so does every edge.
    assert np.corrcoef(_edges(before), _edges(made))[0, 1] > 0.98
    strong = was.max(axis=1) - was.min(axis=1) > 60
    assert np.abs(_share(was[strong]) - _share(now[strong])).max() < 0.09


def test_without_a_providers_light_it_is_that_of_the_preset() -> None:
    ours = OPERATIONS["light"].apply(product(), Light(mode="preset", preset="dramatic"))

    made = done(LIGHT, Provider("black"))

    assert np.array_equal(made.rgb, ours.rgb)


def test_the_same_light_changes_nothing() -> None:
    before = product()

    def unchanged(_: str, wish: Wish) -> Bytes:
        assert wish.rgb is not None
        return wish.read(as_file(Image.fromarray(wish.rgb), "PNG"), "relit")

    made = OPERATIONS["relight"].apply(before, LIGHT, hosted=unchanged)

    assert np.array_equal(made.rgb, before.rgb)


def _edges(subject: Picture) -> np.ndarray:
    grey = subject.rgb[66:164, 86:154].astype(float).mean(axis=2)
    return np.concatenate([np.diff(grey, axis=axis).ravel() for axis in (0, 1)])


def _share(rgb: np.ndarray) -> np.ndarray:
    linear = (rgb / 255) ** 2.2
    share: np.ndarray = linear / linear.sum(axis=1, keepdims=True)
    return share
