"""Written files measured against rules, and files that break each of them."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms

from darkroom.compose import WHITE
from darkroom.encode import encode
from darkroom.errors import PhotoRefused
from darkroom.picture import Picture
from darkroom.steps.shadow import shadow
from darkroom.studio.canvas import frame
from darkroom.studio.verifying import Written, verified
from photo_steps import Format
from photo_steps.rules import FileRules
from photo_steps.studio import Frame, Shadow
from tests.unit.darkroom.photos import as_file
from tests.unit.darkroom.studio import shapes

RULES = FileRules(
    formats=("jpeg",),
    min_side_px=500,
    max_side_px=2000,
    aspect_ratio=(1, 1),
    max_bytes=200_000,
    fill_percent=(85, 90),
    pure_white=True,
    no_alpha=True,
)


def product() -> Picture:
    framed = frame(shapes.picture(shapes.cylinder()), Frame(width=600, fill_percent=87))
    return replace(framed, backdrop=WHITE)


def broken(data: bytes, rules: FileRules = RULES, picture: Picture | None = None) -> list[str]:
    subject = None if picture is None else picture.cover
    return [check.rule for check in verified(Written(data, subject), rules) if not check.holds]


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_a_product_on_white_keeps_every_rule(format: Format) -> None:
    rules = RULES.model_copy(update={"formats": (format,)})
    checks = verified(Written(encode(product(), format, 98), product().cover), rules)
    assert [check.rule for check in checks if not check.holds] == []
    assert len(checks) == 9


def test_each_rule_is_measured_in_the_file() -> None:
    small = replace(frame(product(), Frame(width=400, height=300)), backdrop=WHITE)
    assert broken(encode(small, "png")) == ["format", "size", "aspectRatio", "fill", "pureWhite"]
    tiny = RULES.model_copy(update={"max_bytes": 99})
    assert broken(encode(product(), "jpeg", 98), tiny, product()) == ["bytes"]


def test_a_shadow_or_an_off_white_is_not_pure_white() -> None:
    shadowed = shadow(product(), Shadow(type="natural"))
    assert "pureWhite" in broken(encode(shadowed, "jpeg"), picture=product())
    grey = replace(product(), backdrop=(254, 255, 255))
    assert broken(encode(grey, "jpeg"), picture=product()) == ["pureWhite"]


def test_what_rings_beside_a_strong_colour_is_not_pure_white() -> None:
    assert broken(encode(product(), "jpeg", 90), picture=product()) == ["pureWhite"]


def test_one_grey_pixel_far_from_the_subject_is_found() -> None:
    rgb = np.full((600, 600, 3), 255, np.uint8)
    rgb[200:400, 40:560] = 30
    rgb[20, 20] = 254
    rules = FileRules(pure_white=True)
    subject = (rgb < 100).any(axis=-1).astype(np.uint8) * 255
    (white, *_) = verified(Written(encode(Picture(rgb), "png"), subject), rules)
    assert not white.holds
    rgb[20, 20] = 255
    (white, *_) = verified(Written(encode(Picture(rgb), "png"), subject), rules)
    assert white.holds


def test_transparency_profiles_and_metadata_are_found() -> None:
    clear = encode(shapes.picture(shapes.cylinder()), "png")
    assert broken(clear, FileRules(no_alpha=True)) == ["noAlpha"]
    image = Image.fromarray(np.full((64, 64, 3), 255, np.uint8))
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    assert broken(as_file(image, "JPEG", exif=exif), FileRules()) == ["noMetadata"]
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert broken(as_file(image, "JPEG", icc_profile=profile), FileRules()) == ["sRGB"]
    assert broken(as_file(image.convert("CMYK"), "JPEG"), FileRules()) == ["sRGB"]
    assert broken(as_file(image, "JPEG", comment=b"made by"), FileRules()) == ["noMetadata"]


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PhotoRefused):
        verified(Written(b"no picture"), RULES)
