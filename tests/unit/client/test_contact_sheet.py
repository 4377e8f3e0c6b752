from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from lumiku_client.commands.contact_sheet import write_contact_sheet

type Colour = tuple[int, ...]


def painted(path: Path, size: tuple[int, int], colour: Colour | int, **options: Any) -> Path:
    mode = "L" if isinstance(colour, int) else {3: "RGB", 4: "RGBA"}[len(colour)]
    Image.new(mode, size, colour).save(path, **options)
    return path


def sheet_of(tmp_path: Path, *pairs: tuple[Path, Path]) -> Image.Image:
    write_contact_sheet(pairs, tmp_path / "sheet.png")
    return Image.open(tmp_path / "sheet.png").convert("RGB")


def near(found: object, expected: Colour) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= 6 for a, b in zip(found, expected, strict=True))


# One pair: two boxes of 320 px with gaps of 8.
LEFT, RIGHT, MIDDLE = 8 + 160, 16 + 320 + 160, 8 + 160


def test_photo_left_and_cut_out_right_on_a_checkerboard(tmp_path: Path) -> None:
    photo = painted(tmp_path / "a.jpg", (400, 400), (200, 30, 30))
    cut = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    cut.paste((200, 30, 30, 255), (100, 100, 300, 300))
    cut.save(tmp_path / "a.png")

    sheet = sheet_of(tmp_path, (photo, tmp_path / "a.png"))

    assert sheet.size == (2 * 320 + 3 * 8, 320 + 3 * 8 + 13)
    assert near(sheet.getpixel((LEFT, MIDDLE)), (200, 30, 30))
    assert near(sheet.getpixel((RIGHT, MIDDLE)), (200, 30, 30))
    corner = [sheet.getpixel((16 + 320 + 4 + 8 * n, 12)) for n in range(4)]
    assert (
        corner == [(208, 208, 208), (255, 255, 255)] * 2
        or corner
        == [
            (255, 255, 255),
            (208, 208, 208),
        ]
        * 2
    )


def test_the_name_stands_under_it(tmp_path: Path) -> None:
    cut = painted(tmp_path / "cut.png", (10, 10), (0, 0, 0, 0))
    blank = sheet_of(tmp_path, (painted(tmp_path / " .png", (10, 10), 255), cut))
    named = sheet_of(tmp_path, (painted(tmp_path / ("long " * 40 + ".png"), (10, 10), 255), cut))

    def ink(sheet: Image.Image) -> int:
        label = sheet.crop((0, 336, sheet.width, sheet.height)).convert("L")
        return sum(label.histogram()[:200])

    assert ink(named) > 10 * ink(blank)
    assert near(named.getpixel((named.width - 2, 345)), (255, 255, 255))


def test_photos_are_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = tmp_path / "a.jpg"
    stored = Image.new("RGB", (300, 100), (0, 0, 255))
    stored.paste((255, 0, 0), (0, 0, 150, 100))
    stored.save(photo, exif=exif)
    cut = painted(tmp_path / "cut.png", (100, 300), (0, 0, 255, 255))

    sheet = sheet_of(tmp_path, (photo, cut))

    assert near(sheet.getpixel((LEFT, 8 + 40)), (255, 0, 0))
    assert near(sheet.getpixel((LEFT, 8 + 280)), (0, 0, 255))
    assert sheet.getpixel((LEFT - 80, MIDDLE)) == (255, 255, 255)


def test_what_cannot_be_opened_is_a_grey_box(tmp_path: Path) -> None:
    broken = tmp_path / "a.heic"
    broken.write_bytes(b"\x00\x00\x00\x18ftypheic")
    truncated = tmp_path / "b.jpg"
    painted(truncated, (500, 500), (9, 9, 9))
    truncated.write_bytes(truncated.read_bytes()[:400])
    cut = painted(tmp_path / "cut.png", (300, 300), (10, 200, 10, 255))

    for photo in (broken, truncated, tmp_path / "gone.jpg"):
        sheet = sheet_of(tmp_path, (photo, cut))
        assert sheet.getpixel((12, 12)) == (238, 238, 238)
        assert sheet.getpixel((RIGHT, MIDDLE)) == (10, 200, 10)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "bmp", "tif", "avif"])
def test_formats(tmp_path: Path, ending: str) -> None:
    photo = painted(tmp_path / f"a.{ending}", (64, 64), (40, 90, 200))
    cut = painted(tmp_path / "cut.png", (64, 64), (0, 0, 0, 255))

    assert near(sheet_of(tmp_path, (photo, cut)).getpixel((LEFT, MIDDLE)), (40, 90, 200))


def test_cmyk_sixteen_bits_palette_and_damaged_profiles(tmp_path: Path) -> None:
    cut = painted(tmp_path / "cut.png", (64, 64), (0, 0, 0, 255))
    Image.new("CMYK", (64, 64), (0, 0, 0, 255)).save(tmp_path / "cmyk.jpg")
    Image.new("I;16", (64, 64), 0x8000).save(tmp_path / "sixteen.png")
    Image.new("P", (64, 64), 0).save(tmp_path / "palette.png", transparency=0)
    painted(tmp_path / "damaged.jpg", (64, 64), (40, 90, 200), icc_profile=b"no profile")
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    painted(tmp_path / "unfit.jpg", (64, 64), (40, 90, 200), icc_profile=lab)

    expected = {
        "cmyk.jpg": (0, 0, 0),
        "sixteen.png": (128, 128, 128),
        "damaged.jpg": (40, 90, 200),
        "unfit.jpg": (40, 90, 200),
    }
    for name, colour in expected.items():
        sheet = sheet_of(tmp_path, (tmp_path / name, cut))
        assert near(sheet.getpixel((LEFT, MIDDLE)), colour), name
    sheet = sheet_of(tmp_path, (tmp_path / "palette.png", cut))
    assert sheet.getpixel((LEFT, MIDDLE)) in {(255, 255, 255), (208, 208, 208)}


@pytest.mark.parametrize("count", [1, 2, 4, 7, 19, 100, 500, 700])
def test_the_sheet_stays_of_a_sane_size(tmp_path: Path, count: int) -> None:
    photo = painted(tmp_path / "a.png", (4, 4), (1, 2, 3))
    sheet = sheet_of(tmp_path, *[(photo, photo)] * count)

    assert sheet.width * sheet.height < 20_000_000
    assert count < 7 or 0.5 < sheet.width / sheet.height < 2


def test_colours_go_through_the_profile(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"xxxx").replace(b"gXYZ", b"rXYZ").replace(b"xxxx", b"gXYZ")
    photo = painted(tmp_path / "a.png", (64, 64), (200, 30, 60), icc_profile=swapped)
    clear = painted(tmp_path / "cut.png", (64, 64), (200, 30, 60, 255), icc_profile=swapped)

    sheet = sheet_of(tmp_path, (photo, clear))

    assert near(sheet.getpixel((LEFT, MIDDLE)), (30, 200, 60))
    assert near(sheet.getpixel((RIGHT, MIDDLE)), (30, 200, 60))
