"""One picture that shows every photo beside its cut-out."""

import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps

from lumiku_client._photos import printable

MAX_ROWS_OF_PAIRS = 500

# Only what decodes by itself: Pillow would hand an EPS file to an interpreter.
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "JPEG2000")
_MAX_PIXELS = 64_000_000
_PAGE, _INK, _FAINT = (255, 255, 255), (40, 40, 40), (150, 150, 150)
_LIGHT, _DARK = (255, 255, 255), (208, 208, 208)


@dataclass(frozen=True)
class _Grid:
    columns: int
    side_px: int
    gap_px: int = 8
    text_px: int = 13

    @property
    def cell_px(self) -> tuple[int, int]:
        return 2 * self.side_px + 3 * self.gap_px, self.side_px + 3 * self.gap_px + self.text_px


def write_contact_sheet(pairs: Sequence[tuple[Path, Path]], target: Path) -> None:
    """Writes photos beside their results as PNG: at most some 20 megapixels, however many.

    A photo that Pillow cannot open, or that is too large to be worth it, is shown as a grey box.
    """
    shown = pairs[:MAX_ROWS_OF_PAIRS]
    grid = _grid(len(shown))
    width, height = grid.cell_px
    rows = math.ceil(len(shown) / grid.columns)
    sheet = Image.new("RGB", (width * min(grid.columns, len(shown)), height * rows), _PAGE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for index, pair in enumerate(shown):
            row, column = divmod(index, grid.columns)
            sheet.paste(_cell(pair, grid), (column * width, row * height))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    target.write_bytes(buffer.getvalue())


def _grid(count: int) -> _Grid:
    """Larger pictures for fewer photos, and a page about as wide as high."""
    side_px = next(
        s for most, s in ((6, 320), (24, 240), (120, 160), (10**9, 104)) if count <= most
    )
    width, height = _Grid(1, side_px).cell_px
    return _Grid(max(1, round(math.sqrt(count * height / width))), side_px)


def _cell(pair: tuple[Path, Path], grid: _Grid) -> Image.Image:
    cell = Image.new("RGB", grid.cell_px, _PAGE)
    box = (grid.side_px, grid.side_px)
    lefts = (grid.gap_px, 2 * grid.gap_px + grid.side_px)
    for path, left in zip(pair, lefts, strict=True):
        picture = _thumbnail(path, box) or _placeholder(box)
        inset = ((box[0] - picture.width) // 2, (box[1] - picture.height) // 2)
        cell.paste(picture, (left + inset[0], grid.gap_px + inset[1]))
    _write(cell, printable(pair[0].name), grid)
    return cell


def _thumbnail(path: Path, box: tuple[int, int]) -> Image.Image | None:
    """The picture upright in sRGB on a checkerboard, no larger than `box`; None if it cannot be."""
    picture = _decoded(path, box)
    if picture is None:
        return None
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    return _on_checkerboard(_in_srgb(picture))


def _decoded(path: Path, box: tuple[int, int]) -> Image.Image | None:
    """The picture upright with 8 bits, at least twice as large as `box` if it ever was."""
    try:
        with Image.open(path, formats=_FORMATS) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                return None
            opened.draft("RGB", (2 * box[0], 2 * box[1]))
            return _upright(_eight_bit(opened))
    except Exception:  # noqa: BLE001 - decoders raise anything over a damaged file
        return None


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - EXIF that cannot be read says nothing
        return picture


def _eight_bit(picture: Image.Image) -> Image.Image:
    """A copy that thumbnails well: 16-bit grey scaled down, palettes resolved."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    if picture.mode in ("P", "PA", "1") or "transparency" in picture.info:
        return picture.convert("RGBA")
    picture.load()
    return picture.copy()


def _in_srgb(picture: Image.Image) -> Image.Image:
    """RGBA; colours go through the embedded profile if there is a sound one."""
    profile = picture.info.get("icc_profile")
    if isinstance(profile, bytes) and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
            flat = picture.convert("RGB") if alpha is not None else picture
            converted = ImageCms.profileToProfile(
                flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                if alpha is not None:
                    converted.putalpha(alpha)
                return converted.convert("RGBA")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture.convert("RGBA")


def _on_checkerboard(picture: Image.Image, square_px: int = 8) -> Image.Image:
    board = Image.new("RGB", picture.size, _LIGHT)
    draw = ImageDraw.Draw(board)
    for top in range(0, picture.height, square_px):
        for left in range(top // square_px % 2 * square_px, picture.width, 2 * square_px):
            draw.rectangle((left, top, left + square_px - 1, top + square_px - 1), _DARK)
    board.paste(picture, mask=picture.getchannel("A"))
    return board


def _placeholder(box: tuple[int, int]) -> Image.Image:
    side_px = box[0]
    blank = Image.new("RGB", box, (238, 238, 238))
    ImageDraw.Draw(blank).text(
        (side_px / 2, side_px / 2),
        "no preview here",
        fill=_FAINT,
        font=ImageFont.load_default(12),
        anchor="mm",
    )
    return blank


def _write(cell: Image.Image, text: str, grid: _Grid) -> None:
    """The text under the pictures, its middle left out if it is too long."""
    draw = ImageDraw.Draw(cell)
    font = ImageFont.load_default(grid.text_px)
    room_px = cell.width - 2 * grid.gap_px
    shown, kept = text, len(text)
    while draw.textlength(shown, font) > room_px and kept > 2:
        kept -= 1
        shown = f"{text[: kept // 2]}…{text[len(text) - (kept - kept // 2) :]}"
    draw.text((grid.gap_px, grid.side_px + 2 * grid.gap_px), shown, fill=_INK, font=font)
