"""All files of one picture: how they lie, what they say, and what could not be kept."""

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from darkroom.exporting import rendering
from darkroom.exporting.rendering import Made, exported
from darkroom.keeping import pack, unpack
from darkroom.picture import Bytes, Picture
from darkroom.studio.canvas import frame
from photo_steps import Format
from photo_steps.exports import Size, Target, targets
from photo_steps.platforms import destinations
from photo_steps.scenes import InScene
from photo_steps.studio import Frame, Shadow, Watermark
from tests.unit.darkroom.studio import shapes

RED = (200, 60, 30)


def opened(made: Made) -> Image.Image:
    return Image.open(io.BytesIO(made.data))


def pixels(made: Made) -> Bytes:
    return np.asarray(opened(made).convert("RGB"))


def one(picture: Picture, target: Target) -> Made:
    (made,) = exported(picture, [target])
    return made


def told(made: Made) -> list[str]:
    return [note.code for note in made.facts.told]


def block(height: int = 300, width: int = 200) -> Picture:
    """A red upright rectangle in the middle of 400 x 400."""
    down, across = (400 - height) // 2, (400 - width) // 2
    alpha = shapes.block(np.s_[down : down + height], np.s_[across : across + width])
    return shapes.picture(alpha, RED)


def box(rgb: Bytes) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what is red."""
    rows, columns = np.nonzero(rgb[..., 1] < 150)
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def test_the_subject_fills_the_canvas_as_the_platform_asks() -> None:
    top, bottom, left, right = box(pixels(one(block(), Target(format="png", destination="lazada"))))
    assert (top, bottom) == (78, 1122)  # 87 % of 1200 px
    assert right - left == pytest.approx(696, abs=2)
    assert left == pytest.approx(252, abs=2)


def test_every_file_has_its_size_and_the_name_of_its_format() -> None:
    wanted = targets(("jpeg", "png", "webp"), [None, (1080, 1080), (64, 640)], ["instagram-story"])
    sizes = {"original": (400, 400), "1080x1080": (1080, 1080), "64x640": (64, 640)}
    sizes["instagram-story"] = (1080, 1920)
    made = list(exported(block(), wanted))

    assert sorted(map(repr, wanted)) == sorted(repr(file.facts.target) for file in made)
    for file in made:
        facts, image = file.facts, opened(file)
        assert image.size == sizes[facts.target.label] == (facts.width_px, facts.height_px)
        assert image.format == facts.target.format.upper()
        assert facts.size_bytes == len(file.data)
        assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()
        assert Image.open(io.BytesIO(facts.thumbnail)).format == "WEBP"


def test_a_picture_is_composed_once_for_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    composed: list[Size] = []

    def counted(picture: Picture) -> Picture:
        composed.append((picture.width, picture.height))
        return replace(picture, rgb=picture.rgb, backdrop=None)

    monkeypatch.setattr(rendering, "composed", counted)
    squares: list[Size | None] = [(1080, 1080), (2400, 2400), (1200, 1200)]
    list(exported(block(), targets(("png", "webp"), squares, ["instagram-portrait"])))
    assert sorted(composed) == [(1080, 1350), (2400, 2400)]


def test_smaller_files_show_what_one_made_at_that_size_shows() -> None:
    picture = replace(
        shapes.picture(shapes.cylinder()), backdrop=(230, 235, 245), shadow=Shadow(type="natural")
    )
    small = Target(format="png", size_px=(600, 600))
    alone = pixels(one(picture, small))
    beside = {
        made.facts.target: made
        for made in exported(picture, [small, Target(format="png", size_px=(1200, 1200))])
    }[small]
    difference = np.abs(alone.astype(int) - pixels(beside))
    assert difference.mean() < 1
    assert box(alone) == pytest.approx(box(pixels(beside)), abs=1)


def test_transparency_stays_where_format_and_platform_hold_it() -> None:
    def alpha(name: str | None, format: Format) -> bool:
        size = None if name else (1080, 1080)
        image = opened(one(block(), Target(format=format, destination=name, size_px=size)))
        return bool(np.asarray(image.convert("RGBA"))[..., 3].min() == 0)

    assert alpha(None, "png")
    assert alpha(None, "webp")
    assert alpha("website", "webp")
    assert not alpha(None, "jpeg")
    assert not alpha("tokopedia", "png")


def test_enlarging_by_more_than_60_percent_is_said_and_only_then() -> None:
    # 300 px become 85 % of the side.
    made = {
        file.facts.width_px: file
        for file in exported(block(), targets((), [(560, 560), (1200, 1200)], []))
    }
    assert told(made[560]) == []
    assert made[1200].facts.told[0].code == "low_resolution"
    assert made[1200].facts.told[0].facts == {"enlargedPercent": 340}


def test_on_white_backdrop_and_shadow_go_and_that_is_said() -> None:
    picture = replace(block(), backdrop=(10, 90, 10), shadow=Shadow(type="natural"))
    made = one(picture, Target(format="jpeg", destination="shopee"))
    assert told(made)[:2] == ["shadow_left_out", "background_replaced"]
    assert (pixels(made)[:40] == 255).all()
    assert made.facts.passes

    kept = one(picture, Target(format="png", destination="tokopedia"))
    assert "background_replaced" not in told(kept)
    assert tuple(pixels(kept)[0, 0]) == (10, 90, 10)


def test_a_scene_is_painted_anew_for_each_shape_and_the_subject_stands_where_it_stood() -> None:
    placed = frame(block(), Frame(width=600, height=600, fill_percent=60, base_percent=80))
    picture = replace(placed, backdrop=InScene())
    rgb = pixels(one(picture, Target(format="png", destination="instagram-story")))
    top, bottom, _, _ = box_of_red(rgb)
    assert bottom == pytest.approx(0.8 * 1920, abs=12)
    assert bottom - top == pytest.approx(0.6 * 1080 * 1.5, rel=0.12)


def test_a_picture_that_was_not_framed_yet_is_laid_as_its_look_says_at_full_size() -> None:
    composition = Frame(width=600, height=600, fill_percent=60, base_percent=80)
    scene = InScene(exact_colours=True)
    product = shapes.picture(shapes.block(np.s_[50:950], np.s_[200:800], 1000), RED)
    whole = replace(product, backdrop=scene)
    before = replace(frame(whole, composition), backdrop=scene)
    wanted = [Target(format="png"), Target(format="png", destination="instagram-feed")]
    first = {made.facts.target: made for made in exported(whole, wanted, composition)}
    second = {made.facts.target: made for made in exported(before, wanted)}
    assert (pixels(first[wanted[0]]) == pixels(second[wanted[0]])).all()
    assert box_of_red(pixels(first[wanted[1]])) == pytest.approx(
        box_of_red(pixels(second[wanted[1]])), abs=2
    )
    shopee = Target(format="png", destination="shopee")
    (sharp,), (soft,) = exported(whole, [shopee], composition), exported(before, [shopee])
    assert "low_resolution" in told(soft)
    assert "low_resolution" not in told(sharp)


def box_of_red(rgb: Bytes) -> tuple[int, int, int, int]:
    red = rgb.astype(int)
    rows, columns = np.nonzero((red[..., 0] - red[..., 1] > 90) & (red[..., 1] < 110))
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def test_a_finished_picture_on_white_is_placed_like_a_cut_out() -> None:
    white = np.full((500, 700, 3), 255, np.uint8)
    white[50:350, 100:300] = RED
    formats: tuple[Format, ...] = ("png", "jpeg")
    for format in formats:
        made = one(Picture(white), Target(format=format, destination="lazada"))
        assert box(pixels(made))[:2] == pytest.approx((78, 1122), abs=1)
        assert made.facts.passes


def test_a_finished_picture_with_a_background_keeps_it_and_fails_where_white_is_required() -> None:
    photo = np.full((300, 600, 3), (20, 120, 200), np.uint8)
    photo[100:200, 200:400] = RED
    made = one(Picture(photo), Target(format="jpeg", destination="lazada"))
    assert told(made)[:2] == ["background_kept", "padded"]
    assert {check.rule for check in made.facts.checks if check.outcome == "fail"} == {
        "fill",
        "pureWhite",
    }
    assert not made.facts.passes
    rgb = pixels(made).astype(int)
    assert abs(rgb[5, 5] - (20, 120, 200)).max() <= 3  # bars of the rim's colour

    advised = one(Picture(photo), Target(format="jpeg", destination="shopee"))
    assert {check.rule: check.outcome for check in advised.facts.checks}["pureWhite"] == "advice"
    assert advised.facts.passes


def test_a_kept_picture_gives_the_same_bytes_as_before_it_was_kept() -> None:
    picture = replace(
        frame(shapes.picture(shapes.cylinder()), Frame(width=500)),
        backdrop=InScene(seed=3),
        shadow=Shadow(type="natural"),
        mark=Watermark(text="Lumiku"),
    )
    wanted = targets(("jpeg", "png"), [None], ["shopee", "instagram-feed"])
    before = [made.data for made in exported(picture, wanted)]
    assert before == [made.data for made in exported(unpack(pack(picture)), wanted)]


def test_a_mark_is_on_every_file_and_said_where_it_breaks_a_rule() -> None:
    marked = replace(block(), mark=Watermark(text="Lumiku"))
    for made in exported(marked, targets(("jpeg",), [(1080, 1080)], ["amazon", "instagram-feed"])):
        clean = one(block(), made.facts.target)
        assert (pixels(made) != pixels(clean)).any()
        assert made.facts.passes == (made.facts.target.destination != "amazon")


def test_a_byte_limit_lowers_quality_then_size() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), np.uint8)
    busy = Picture(noise, np.full((1500, 1500), 255, np.uint8), cut_at=frozenset())
    made = one(busy, Target(format="jpeg", destination="lazada"))
    assert told(made) == []
    made = one(busy, Target(format="png", destination="lazada"))
    assert "size_lowered" in told(made)
    assert made.facts.size_bytes <= 3_000_000
    assert made.facts.width_px == made.facts.height_px < 1200
    # A mere recommendation costs no pixels.
    made = one(busy, Target(format="png", destination="website"))
    assert told(made) == ["too_many_bytes"]
    assert made.facts.width_px == 2048
    assert made.facts.passes


def test_what_shows_nothing_becomes_an_empty_canvas_that_fails() -> None:
    nothing = Picture(np.zeros((50, 50, 3), np.uint8), np.zeros((50, 50), np.uint8))
    made = one(nothing, Target(format="jpeg", destination="amazon"))
    assert told(made) == ["no_subject"]
    assert not made.facts.passes
    white = Picture(np.full((50, 50, 3), 255, np.uint8))
    assert not one(white, Target(format="jpeg", destination="amazon")).facts.passes


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.tuples(st.integers(64, 300), st.integers(64, 300)),
    st.booleans(),
    st.sampled_from(["jpeg", "png", "webp"]),
)
def test_any_subject_fits_any_canvas(
    shape: Size, size: Size, is_flat: bool, format: Format
) -> None:
    rgb = np.full((*shape, 3), RED, np.uint8)
    picture = Picture(rgb, None if is_flat else np.full(shape, 255, np.uint8))
    made = one(picture, Target(format=format, size_px=size))
    assert opened(made).size == size
    assert made.facts.passes


def test_looks_differ_where_shape_background_or_fill_do() -> None:
    ratios = {Fraction(*place.size_px) for place in destinations().values()}
    assert ratios == {Fraction(1), Fraction(4, 5), Fraction(9, 16)}
