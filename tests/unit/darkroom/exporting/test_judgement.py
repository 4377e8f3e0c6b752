"""What the report says of files is so: a checker that knows nothing of it says the same.

Good files of every kind, and files that were spoilt on purpose, one rule each.
"""

import ast
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from darkroom.compose import composed
from darkroom.decode import decode_photo
from darkroom.exporting.placing import Look, placed
from darkroom.exporting.rendering import Made, exported
from darkroom.picture import Bytes, Picture
from darkroom.studio.sample import bottle
from darkroom.studio.verifying import Written, verified
from local.layout import ROOT
from photo_steps import Format
from photo_steps.exports import Target, targets
from photo_steps.platforms import destinations
from photo_steps.studio import Watermark
from tests.unit.darkroom.exporting import checker
from tests.unit.darkroom.photos import as_file

OPEN = Path(os.environ.get("PHOTOS_DIR", ROOT.parent / "shared" / "photos")) / "open"
FORMATS: tuple[Format, ...] = ("jpeg", "png", "webp")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY = (226, 229, 233)


@cache
def product() -> Picture:
    return replace(bottle(500), backdrop=(255, 255, 255))


@dataclass(frozen=True)
class Shown:
    """What a file of a destination shows: pixels without loss, and where the subject is."""

    image: Image.Image
    subject: Bytes

    def turned(self, change: Callable[[Image.Image], Image.Image]) -> "Shown":
        subject = np.asarray(change(Image.fromarray(self.subject)))
        return Shown(change(self.image), subject)


@cache
def shown(name: str, picture: Picture | None = None) -> Shown:
    place = destinations()[name]
    subject = picture or product()
    lain = placed(subject, Look.of(Target(format="png", destination=name)), place.size_px)
    finished = composed(lain.picture)
    return Shown(Image.fromarray(finished.rgb), lain.picture.cover)


def said(data: bytes, name: str, subject: Bytes, *, is_marked: bool = False) -> set[str]:
    checks = verified(Written(data, subject, is_marked), destinations()[name].rules)
    return {check.rule for check in checks if not check.holds}


@cache
def good() -> dict[tuple[str, Format], Made]:
    wanted = targets(FORMATS, [], list(destinations()))
    return {
        (made.facts.target.destination or "", made.facts.target.format): made
        for made in exported(product(), wanted)
    }


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", list(destinations()))
def test_a_checker_of_its_own_agrees_with_the_report(name: str, format: Format) -> None:
    made = good()[name, format]
    clean = good()[name, "png"].data
    judged = {check.rule for check in made.facts.checks if not check.holds}

    assert judged == checker.broken(made.data, name, clean)
    assert {check.rule for check in made.facts.checks} == destinations()[name].rules.names
    if format in destinations()[name].formats:
        assert judged == set()
        assert made.facts.passes


@pytest.mark.skipif(not (OPEN / "gt").is_dir(), reason=f"no photos in {OPEN}: set PHOTOS_DIR")
@pytest.mark.parametrize("photo", ["am_GT04", "gc_teddy"])
def test_the_checker_agrees_on_photos_too(photo: str) -> None:
    (file,) = OPEN.glob(f"{photo}.*")
    truth = Image.open(OPEN / "gt" / f"{photo}.png").convert("L")
    picture = Picture(decode_photo(file.read_bytes()).rgb, np.asarray(truth))
    for name in ("shopee", "lazada", "amazon"):
        wanted = targets(("jpeg", "png"), [], [name])
        made = {one.facts.target.format: one for one in exported(picture, wanted)}
        for one in made.values():
            judged = {check.rule for check in one.facts.checks if not check.holds}
            assert judged == checker.broken(one.data, name, made["png"].data) == set()


def jpeg(what: Shown, **options: Any) -> bytes:
    return as_file(what.image, "JPEG", quality=100, subsampling="4:4:4", **options)


def png(what: Shown, **options: Any) -> bytes:
    return as_file(what.image, "PNG", compress_level=1, **options)


type Spoilt = tuple[bytes, Shown]


def format_(what: Shown) -> Spoilt:
    return as_file(what.image, "WEBP", lossless=True, method=0), what


def as_png(what: Shown) -> Spoilt:
    return png(what), what


def sized(side: int) -> Callable[[Shown], Spoilt]:
    """Another width, with the same shape."""

    def spoil(what: Shown) -> Spoilt:
        height = round(side * what.image.height / what.image.width)
        # Nearest: what is white around the subject stays so.
        other = what.turned(lambda image: image.resize((side, height), Image.Resampling.NEAREST))
        return jpeg(other), other

    return spoil


def wider(what: Shown) -> Spoilt:
    """More background at the side that the product does not fill first."""

    def pad(image: Image.Image) -> Image.Image:
        ground = image.getpixel((0, 0))
        sheet = Image.new(image.mode, (image.width + 48, image.height), ground)
        sheet.paste(image, (24, 0))
        return sheet

    other = what.turned(pad)
    return jpeg(other), other


def heavy(size_bytes: int) -> Callable[[Shown], Spoilt]:
    """Bytes behind the end of the picture that no program shows."""
    return lambda what: (jpeg(what).ljust(size_bytes + 1, b"\0"), what)


def smaller(share: float) -> Callable[[Shown], Spoilt]:
    def spoil(what: Shown) -> Spoilt:
        def shrink(image: Image.Image) -> Image.Image:
            sheet = Image.new(image.mode, image.size, image.getpixel((0, 0)))
            size = (round(image.width * share), round(image.height * share))
            at = (image.width - size[0]) // 2
            sheet.paste(image.resize(size, Image.Resampling.NEAREST), (at, at))
            return sheet

        other = what.turned(shrink)
        return png(other), other

    return spoil


def speck(what: Shown) -> Spoilt:
    """One pixel in a corner that is not quite white."""
    image = what.image.copy()
    image.putpixel((3, 3), (255, 254, 255))
    return png(Shown(image, what.subject)), what


def off_white(what: Shown) -> Spoilt:
    rgb = np.asarray(what.image).copy()
    rgb[what.subject == 0] = 252
    return png(Shown(Image.fromarray(rgb), what.subject)), what


def ringing(what: Shown) -> Spoilt:
    return as_file(what.image, "JPEG", quality=70, subsampling="4:2:0"), what


def profiled(what: Shown) -> Spoilt:
    return jpeg(what, icc_profile=PROFILE), what


def cmyk(what: Shown) -> Spoilt:
    return as_file(what.image.convert("CMYK"), "JPEG", quality=100), what


def see_through(what: Shown) -> Spoilt:
    image = what.image.convert("RGBA")
    image.putpixel((image.width // 2, image.height // 2), (0, 0, 0, 250))
    return as_file(image, "PNG", compress_level=1), what


def keyed(what: Shown) -> Spoilt:
    """A PNG in which one colour means transparent."""
    return png(what, transparency=what.image.getpixel((0, 0))), what


def with_exif(what: Shown) -> Spoilt:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    return jpeg(what, exif=exif), what


def commented(what: Shown) -> Spoilt:
    return jpeg(what, comment=b"made by"), what


def with_xmp(what: Shown) -> Spoilt:
    return jpeg(what, xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), what


SPOILT: list[tuple[str, str, Callable[[Shown], Spoilt]]] = [
    *(
        ("format", name, format_)
        for name in ("shopee", "tokopedia", "tiktok-shop", "lazada", "amazon", "instagram-feed")
    ),
    ("format", "instagram-portrait", format_),
    ("format", "instagram-story", format_),
    ("format", "tiktok-post", as_png),
    ("size", "shopee", sized(1023)),
    ("size", "tokopedia", sized(300)),
    ("size", "tiktok-shop", sized(1201)),
    ("size", "tiktok-shop", sized(599)),
    ("size", "lazada", sized(2001)),
    ("size", "lazada", sized(499)),
    ("size", "amazon", sized(999)),
    ("size", "instagram-feed", sized(1441)),
    ("size", "instagram-portrait", sized(1153)),
    ("size", "instagram-story", sized(1089)),
    ("size", "tiktok-post", sized(1071)),
    ("size", "website", sized(999)),
    *(
        ("aspectRatio", name, wider)
        for name in ("shopee", "tokopedia", "tiktok-shop", "lazada", "amazon", "website")
    ),
    ("aspectRatio", "instagram-feed", wider),
    ("aspectRatio", "instagram-portrait", wider),
    ("aspectRatio", "instagram-story", wider),
    ("bytes", "shopee", heavy(2_000_000)),
    ("bytes", "tokopedia", heavy(5_000_000)),
    ("bytes", "lazada", heavy(3_000_000)),
    ("bytes", "website", heavy(1_000_000)),
    ("bytes", "instagram-feed", heavy(8_000_000)),
    ("fill", "tiktok-shop", smaller(0.9)),
    ("fill", "lazada", smaller(0.9)),
    ("fill", "amazon", smaller(0.5)),
    ("pureWhite", "shopee", speck),
    ("pureWhite", "tiktok-shop", off_white),
    ("pureWhite", "lazada", ringing),
    ("pureWhite", "amazon", speck),
    ("sRGB", "shopee", profiled),
    ("sRGB", "website", profiled),
    ("sRGB", "tokopedia", cmyk),
    ("noAlpha", "tokopedia", see_through),
    ("noAlpha", "amazon", see_through),
    ("noAlpha", "instagram-feed", keyed),
    ("noMetadata", "lazada", with_exif),
    ("noMetadata", "tokopedia", commented),
    ("noMetadata", "website", with_xmp),
]


@pytest.mark.parametrize(
    ("rule", "name", "spoil"), SPOILT, ids=lambda part: getattr(part, "__name__", str(part))
)
def test_a_spoilt_file_breaks_exactly_its_rule(
    rule: str, name: str, spoil: Callable[[Shown], Spoilt]
) -> None:
    data, what = spoil(shown(name))

    assert said(data, name, what.subject) == {rule}
    assert checker.broken(data, name, png(what)) == {rule}


def test_a_mark_is_found_and_breaks_white_as_well() -> None:
    told = Watermark(text="Lumiku")
    marked = replace(product(), mark=told, backdrop=GREY)
    unmarked = replace(product(), backdrop=GREY)
    for name, rules in (("tokopedia", {"noWatermark"}), ("lazada", {"noWatermark", "pureWhite"})):
        (made,) = exported(marked, [Target(format="jpeg", destination=name)])
        (clean,) = exported(unmarked, [Target(format="png", destination=name)])
        assert {check.rule for check in made.facts.checks if not check.holds} == rules
        assert checker.broken(made.data, name, clean.data) == rules
        assert not made.facts.passes or name == "tokopedia"


def test_the_checker_knows_nothing_of_what_it_checks() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
        )
    }
    assert modules == {"io", "typing", "numpy", "PIL"}
    assert checker.RULES.keys() == destinations().keys()
