"""Slides of a carousel: a finished picture in its place, and words that can be read."""

from functools import lru_cache
from importlib import resources
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from darkroom.compose import composed, lay_on
from darkroom.picture import Bytes, Colour, Picture
from photo_steps.slides import SIZES, Ground, Layout, Panel, Slide, TextBox, Weight, layouts

PAPER: Colour = (255, 255, 255)
INK: Colour = (28, 36, 48)
# Left, top, width and height in pixels.
type _Place = tuple[int, int, int, int]
# What a picture may lose at its sides to fill its place; more than that, and it is shown whole.
_MAX_CUT = 0.12
_FILTER = Image.Resampling.BICUBIC
# Contrast of WCAG 2.2, 1.4.3: 4.5 for text of any size.
CONTRAST = 4.5
# How much of ink lies under words at the bottom of a picture: on white that leaves 6.1.
_SHADE = 0.72
_ALIGNED = {"left": 0.0, "centre": 0.5, "right": 1.0}
_LEADING, _PILL = 1.16, (0.42, 0.62)
_FINEST = 4  # corners are drawn this many times as large


def slide(picture: Picture, told: Slide) -> Picture:
    """Compose a picture, lay it out and write on it: opaque, of the ratio's size.

    Words that do not fit at their smallest end in "…", which the note `text_cut` tells.
    """
    layout = layouts()[told.layout]
    size = SIZES[told.ratio]
    accent = _colour(told.colour)
    canvas = Image.new("RGB", size, _ground(layout.ground, accent))
    _lay(canvas, picture, layout)
    if layout.panel is not None:
        _lay_panel(canvas, layout.panel, accent)
    parts = (_written(canvas, box, getattr(told, box.part), accent, layout) for box in layout.texts)
    is_whole = sum(parts) == len(layout.texts)
    if told.place is not None:
        _dots(canvas, *told.place)
    return Picture(
        np.asarray(canvas),
        format=picture.format,
        sent_as=picture.sent_as,
        remarks=picture.remarks,
        note=picture.note if is_whole else "text_cut",
    )


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    levels = np.array(colour, np.float64) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Colour, other: Colour) -> float:
    """How well one colour is read on another, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _colour(told: str) -> Colour:
    red, green, blue = bytes.fromhex(told.removeprefix("#"))
    return red, green, blue


def _ground(ground: Ground, accent: Colour) -> Colour:
    return accent if ground == "accent" else PAPER


def _on(ground: Colour) -> Colour:
    """The one of ink and paper that is read better on it; one of them has more than 4.5."""
    return max((INK, PAPER, (0, 0, 0)), key=lambda ink: contrast(ink, ground))


def _lay(canvas: Image.Image, picture: Picture, layout: Layout) -> None:
    left, top, width, height = _pixels(canvas, layout.picture)
    seen = composed(picture)
    rgb = seen.rgb if seen.alpha is None else lay_on(seen.rgb, seen.alpha, PAPER)
    image = Image.fromarray(rgb)
    scales = width / image.width, height / image.height
    if min(scales) >= max(scales) * (1 - _MAX_CUT):
        placed = _covering(image, width, height)
    else:
        placed = _whole(image, rgb, width, height)
    canvas.paste(placed, (left, top), _rounded(width, height, round(layout.radius * canvas.width)))


def _covering(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = max(width / image.width, height / image.height)
    across, down = min(width / scale, image.width), min(height / scale, image.height)
    left, top = (image.width - across) / 2, (image.height - down) / 2
    return image.resize((width, height), _FILTER, (left, top, left + across, top + down))


def _whole(image: Image.Image, rgb: Bytes, width: int, height: int) -> Image.Image:
    """All of it, on what goes on at its edges: their colour where they have one, else a blur."""
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    edge = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]).astype(np.float32)
    if float(edge.std(axis=0).max()) < 6:
        behind = Image.new("RGB", (width, height), tuple(map(round, np.median(edge, axis=0))))
    else:
        small = _covering(image, max(1, width // 8), max(1, height // 8))
        blurred = small.filter(ImageFilter.GaussianBlur(width / 160))
        behind = blurred.resize((width, height), _FILTER)
    behind.paste(image.resize(size, _FILTER), ((width - size[0]) // 2, (height - size[1]) // 2))
    return behind


def _lay_panel(canvas: Image.Image, panel: Panel, accent: Colour) -> None:
    left, top, width, height = _pixels(canvas, panel.box)
    if panel.fill == "shade":
        box = (left, top, left + width, top + height)
        canvas.paste(Image.fromarray(_shaded(np.asarray(canvas.crop(box)))), box)
        return
    sheet = Image.new("RGB", (width, height), _ground(panel.fill, accent))
    radius = round(panel.radius * canvas.width)
    canvas.paste(sheet, (left, top), _rounded(width, height, radius))


def _shaded(rgb: Bytes) -> Bytes:
    """Lay ink over it, more towards the bottom: white words are read on the brightest of it."""
    grown = np.linspace(0, 3.4, len(rgb), dtype=np.float32).clip(0, 1)[:, None, None]
    grown = grown * grown * (3 - 2 * grown) * np.float32(_SHADE)
    return np.asarray(np.rint(rgb + (np.array(INK, np.float32) - rgb) * grown), np.uint8)


def _written(canvas: Image.Image, box: TextBox, words: str, accent: Colour, layout: Layout) -> bool:
    """Write words into their box; says whether all of them stand there."""
    words = " ".join(words.split())
    if not words:
        return True
    place = _pixels(canvas, box.box)
    lines, font, is_whole = _fitted(words, box, place, canvas.width)
    step = round(font.size * _LEADING)
    ascent = font.getmetrics()[0]
    left, top, width, height = place
    if box.is_low:
        top += height - step * len(lines)
    elif box.pill:
        top += (height - step * len(lines)) // 2
    drawing = ImageDraw.Draw(canvas)
    ground = layout.panel.fill if layout.panel else layout.ground
    ink = PAPER if ground == "shade" else _on(_ground(ground, accent))
    for row, line in enumerate(lines):
        across = font.getlength(line)
        start = left + (width - across) * _ALIGNED[box.align]
        if box.pill:
            ink = _on(accent)
            start = _pill(canvas, accent, font, (left, width), start, across, top + row * step)
        drawing.text((start, top + row * step + ascent), line, fill=ink, font=font, anchor="ls")
    return is_whole


def _pill(
    canvas: Image.Image,
    accent: Colour,
    font: ImageFont.FreeTypeFont,
    room: tuple[int, int],
    start: float,
    across: float,
    top: int,
) -> float:
    """Lay a label under a line that begins at `start`; where the line begins on it."""
    margin = round(font.size * _PILL[1])
    high = round(font.size * (1 + 2 * _PILL[0]))
    width = min(room[1], round(across) + 2 * margin)
    left = min(max(room[0], round(start - margin)), room[0] + room[1] - width)
    ascent, descent = font.getmetrics()
    middle = top + (ascent + descent) / 2
    sheet = Image.new("RGB", (width, high), accent)
    canvas.paste(sheet, (left, round(middle - high / 2)), _rounded(width, high, high // 2))
    return left + (width - across) / 2


def _fitted(
    words: str, box: TextBox, place: _Place, canvas_width: int
) -> tuple[list[str], ImageFont.FreeTypeFont, bool]:
    """The largest letters at which the words fit, and the lines; whether they do at all."""
    _, _, width, height = place
    most, least = round(box.size * canvas_width), round(box.least * canvas_width)
    for px in range(most, least - 1, -1):
        font = _font(box.weight, px)
        room = width - (round(2 * px * _PILL[1]) if box.pill else 0)
        high = px * (1 + 2 * _PILL[0]) if box.pill else 0
        lines = _wrapped(words, font, room)
        fits = max(len(lines) * px * _LEADING, high) <= height
        if fits and len(lines) <= box.lines and all(font.getlength(one) <= room for one in lines):
            return _balanced(words, font, room, lines), font, True
    most_lines = max(1, min(box.lines, int(height / (least * _LEADING))))
    return _cut(lines, font, room, most_lines), font, False


def _wrapped(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break between words into as few lines as hold them."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(words: str, font: ImageFont.FreeTypeFont, width: int, lines: list[str]) -> list[str]:
    """The same number of lines, as equally long as can be."""
    for narrower in range(width, width // 2, -8):
        again = _wrapped(words, font, narrower)
        if len(again) > len(lines) or any(font.getlength(one) > narrower for one in again):
            break
        lines = again
    return lines


def _cut(lines: list[str], font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    shown = lines[:most]
    shown[-1] = " ".join(lines[most - 1 :])
    return [_shortened(line, font, width) for line in shown]


def _shortened(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1].rstrip()
    return f"{line}…"


def _dots(canvas: Image.Image, number: int, of: int) -> None:
    """Which of the slides it is, at the very bottom where nothing else is written."""
    radius = round(canvas.width * 0.006)
    gap = radius * 4
    left = canvas.width / 2 - gap * (of - 1) / 2
    middle = canvas.height - round(canvas.width * 0.028)
    for one in range(of):
        centre = round(left + gap * one)
        around = np.asarray(canvas.crop((centre - 9, middle - 9, centre + 9, middle + 9)))
        ink = _on(_mean(around))
        opacity = 255 if one == number - 1 else 90
        disc = _rounded(2 * radius, 2 * radius, radius).point(lambda v, o=opacity: v * o // 255)
        canvas.paste(ink, (centre - radius, middle - radius), disc)


def _mean(rgb: Bytes) -> Colour:
    red, green, blue = (int(level) for level in rgb.reshape(-1, 3).mean(axis=0))
    return red, green, blue


def _pixels(canvas: Image.Image, box: tuple[float, float, float, float]) -> _Place:
    left, top = round(box[0] * canvas.width), round(box[1] * canvas.height)
    right, bottom = (box[0] + box[2]) * canvas.width, (box[1] + box[3]) * canvas.height
    return left, top, round(right) - left, round(bottom) - top


@lru_cache(32)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners, smooth at its edge."""
    if radius == 0:
        return Image.new("L", (width, height), 255)
    large = Image.new("L", (width * _FINEST, height * _FINEST))
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * _FINEST, fill=255)
    return large.resize((width, height), Image.Resampling.BOX)


@lru_cache(64)
def _font(weight: Weight, px: int) -> ImageFont.FreeTypeFont:
    """Manrope (SIL Open Font License 1.1)."""
    file = resources.files("font_manrope").joinpath("files", f"Manrope-{weight}.ttf")
    return ImageFont.truetype(BytesIO(file.read_bytes()), px, layout_engine=ImageFont.Layout.BASIC)
