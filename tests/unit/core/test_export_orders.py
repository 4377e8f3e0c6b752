"""What an export may hold, by hand; what it costs; and bundles, which are whole or nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from lumiku.apps.studio.exports import Wished, check_bounds
from lumiku.domain.errors import InvalidRequest
from photo_steps.bundles import bundled, unbundled
from photo_steps.exports import Rendered, Size, Target, size_named, targets


def pictures(count: int, side: int) -> list[Any]:
    item = SimpleNamespace(id="item_1", name="Shoe")
    result = SimpleNamespace(width_px=side, height_px=side)
    return [(item, SimpleNamespace(result=result))] * count


def wished(*made: Target) -> Wished:
    return Wished(None, made, "{name}", "none", "en")


def test_a_hundred_pictures_in_many_sizes_and_formats_are_too_many_bytes() -> None:
    squares = targets(("png", "jpeg", "webp"), [(2400, 2400), (1200, 1200)], [])

    check_bounds(pictures(60, 1000), squares)
    with pytest.raises(InvalidRequest) as refused:
        check_bounds(pictures(100, 1000), squares)

    # 7.2 megapixels at 3, 0.9 and 0.6 bytes
    assert refused.value.facts["sizeBytes"] == 3_240_000_000
    assert refused.value.facts["allowedBytes"] == 2_000_000_000


def test_the_files_of_one_picture_have_a_hundred_megapixels_at_most() -> None:
    original = targets(("png", "jpeg"), [None], [])

    check_bounds(pictures(1, 7000), original)
    with pytest.raises(InvalidRequest) as refused:
        check_bounds(pictures(1, 7100), original)

    assert (refused.value.facts["megapixels"], refused.value.facts["allowed"]) == (101, 100)


@pytest.mark.parametrize(
    ("made", "credits"),
    [
        (targets(("png",), [None, (1080, 1080)], []), 5),
        (targets(("jpeg",), [], ["shopee"]), 5),
        (targets(("png", "jpeg"), [None], []), 10),
        (targets(("jpeg",), [], ["shopee", "tokopedia"]), 10),
        (targets(("jpeg",), [], ["instagram-feed", "instagram-story"]), 5),
        (targets(("png", "jpeg"), [], ["shopee"]), 15),
        (targets(("jpeg",), [], ["shopee", "tokopedia", "lazada"]), 15),
    ],
)
def test_formats_and_platforms_make_the_price(made: tuple[Target, ...], credits: int) -> None:
    assert wished(*made).export.price(credits_this_month=0).total == credits


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("original", None),
        ("1080", (1080, 1080)),
        ("64x1280", (64, 1280)),
        ("8000", (8000, 8000)),
    ],
)
def test_sizes_are_read(text: str, size: Size | None) -> None:
    assert size_named(text) == size


@pytest.mark.parametrize("text", ["", "63", "8001", "64x1281", "01080", "1080x", "1e3", "x9"])
def test_what_is_no_size_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ValueError, match="A size is") as refused:
        size_named(text)
    assert len(refused.value.args) == 2


def test_a_bundle_gives_back_its_files_and_is_the_same_each_time() -> None:
    files = [
        (
            data,
            Rendered(
                target=Target(format=format),
                width_px=4,
                height_px=3,
                size_bytes=len(data),
                quality=None,
                checks=(),
                told=(),
                thumbnail=b"small\xff",
            ),
        )
        for data, format in ((b"one", "png"), (b"another", "jpeg"))
    ]

    bundle = bundled(files)

    assert list(unbundled(bundle)) == files
    assert bundled(files) == bundle
