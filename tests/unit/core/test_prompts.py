"""Prompts in two languages, and what is said of them."""

import pytest

from photo_steps import check
from photo_steps.prompts import PromptNotServed, understand
from photo_steps.scenes import InScene


def test_a_luxury_marble_table() -> None:
    read = understand("Luxury marble table")
    assert read.scene.ground.material == "marble"
    assert read.scene.ground.shape == "table"
    assert read.scene.wall.room == "apartment"
    assert (read.understood, read.ignored) == (("luxury", "marble", "table"), ())
    assert read.source == "procedural"


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("wooden table in a cafe, warm light", "meja kayu di kafe, cahaya hangat"),
        ("marble in the kitchen", "marmer di dapur"),
        ("pink podium with palm leaves", "podium merah muda dengan daun palem"),
        ("christmas with snow", "natal dengan salju"),
        ("Independence Day", "Kemerdekaan"),
        ("lunar new year", "Imlek"),
    ],
)
def test_both_languages_mean_the_same(english: str, indonesian: str) -> None:
    one, other = (
        understand(prompt).scene.model_copy(update={"seed": 0}) for prompt in (english, indonesian)
    )
    assert one == other


@pytest.mark.parametrize(
    "prompt", ["marble table, no flowers", "meja marmer tanpa bunga", "marble table without bokeh"]
)
def test_what_is_negated_is_not_shown(prompt: str) -> None:
    assert understand(prompt).scene.decor == ()


@pytest.mark.parametrize("prompt", ["cafe without bokeh", "kafe tanpa lampu", "cafe, no lights"])
def test_a_setting_comes_without_the_ornament_that_is_not_wanted(prompt: str) -> None:
    assert understand("cafe").scene.decor
    assert understand(prompt).scene.decor == ()


@pytest.mark.parametrize(
    "prompt", ["table without flowers and leaves", "meja tanpa bunga atau daun palem"]
)
def test_a_negation_reaches_over_a_conjunction(prompt: str) -> None:
    assert understand(prompt).scene.decor == ()


@pytest.mark.parametrize("prompt", ["don't use marble", "non-marble", "hindari marmer"])
def test_of_a_negation_alone_no_scene_is_made(prompt: str) -> None:
    with pytest.raises(PromptNotServed):
        understand(prompt)


def test_a_negation_ends_at_a_comma() -> None:
    read = understand("tanpa bunga, marmer")
    assert read.scene.ground.material == "marble"
    assert read.understood == ("tanpa bunga", "marmer")


def test_the_first_mention_wins() -> None:
    assert understand("marble or wood").scene.ground.material == "marble"
    assert understand("wood or marble").scene.ground.material == "wood"


def test_what_is_named_stands_over_what_a_setting_brings() -> None:
    scene = understand("marble table in a cafe").scene
    assert (scene.ground.material, scene.wall.room) == ("marble", "esplanade")


def test_colours_are_those_of_the_wall() -> None:
    scene = understand("navy podium").scene
    assert (scene.wall.colour, scene.ground.colour) == ("#1f2f57", "#1f2f57")
    assert understand("blue and white podium").scene.wall.pattern == "two-tone"


def test_moods_become_presets_and_warmth() -> None:
    read = understand("moody marble, warm")
    assert read.light is not None
    assert (read.light.preset, read.scene.warmth) == ("moody", 45)


def test_unknown_words_are_named() -> None:
    assert understand("a marble table for a unicorn").ignored == ("unicorn",)


NOTHING = ["a dragon on a spaceship", "", "   ", "!!!", "the of in", "naga"]


@pytest.mark.parametrize("prompt", NOTHING)
def test_what_cannot_be_served_is_refused(prompt: str) -> None:
    with pytest.raises(PromptNotServed):
        understand(prompt)


def test_refused_words_are_told() -> None:
    with pytest.raises(PromptNotServed) as refused:
        understand("A dragon on a spaceship")
    assert refused.value.ignored == ("dragon", "spaceship")


def test_same_words_same_seed_and_another_one_is_the_next() -> None:
    first = understand("Marble  TABLE!").scene.seed
    assert understand("marble table!").scene.seed == first
    assert understand("marble table!", another=1).scene.seed == (first + 1) % 2**32
    assert understand("marble desk").scene.seed != first


ODD = ["natal " * 200, "marble " + "x" * 5000, "\N{CHRISTMAS TREE} natal", "NATAL\x00"]


@pytest.mark.parametrize("prompt", ODD)
def test_long_and_odd_prompts_are_read(prompt: str) -> None:
    check(understand(prompt).workflow)


def test_a_workflow_can_be_ordered_and_keeps_colours_where_asked() -> None:
    read = understand("bright forest picnic", exact_colours=True)
    check(read.workflow)
    assert [step.name for step in read.workflow] == ["frame", "light", "in-scene", "shadow"]
    assert read.workflow[2].read(InScene).exact_colours
