"""Contact sheets of what the studio makes: `python -m scripts.studio_sheets [NAME ...]`.

They lie in docs/images/studio. Photos: Sylius sample data (MIT) and U-2-Net's lamp (Apache-2.0)
from PHOTOS_DIR, scikit-image's coffee (CC0), and the drawn bottle; cut out at tier professional.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.photos import OPEN
from darkroom.compose import WHITE, composed
from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.models import Models
from darkroom.picture import Backdrop, Bytes, Picture
from darkroom.steps import OPERATIONS
from darkroom.steps.cut_out import RECIPES
from darkroom.steps.light import light
from darkroom.steps.shadow import shadow
from darkroom.studio.canvas import frame
from darkroom.studio.sample import bottle
from darkroom.studio.showing import rendered
from darkroom.studio.slides import slide
from local.layout import ROOT
from models.fetch import fetch
from photo_steps import Step
from photo_steps.prompts import understand
from photo_steps.scenes import InScene
from photo_steps.slides import SIZES, Slide
from photo_steps.studio import Frame, Light, OnGradient, Shadow, Stop
from photo_steps.templates import templates

FOLDER = ROOT / "docs/images/studio"
CELL_PX = 300
_RENDERED_PX = 640
PHOTOS = {
    "mugs": OPEN / "syl_mugs.jpg",
    "books": OPEN / "syl_books.jpg",
    "lamp": OPEN / "u2_lamp2_meitu_1.jpg",
    "cap": OPEN.parent / "products/syl_caps_cap_02.jpg",
    "dress": OPEN.parent / "products/syl_dresses_dress_01.jpg",
    "shirt": OPEN.parent / "products/syl_t-shirts_man_t-shirt_01.jpg",
    "jeans": OPEN.parent / "products/syl_jeans_woman_jeans_01.jpg",
}
SWEEP = OnGradient(
    type="linear",
    stops=(
        Stop(colour="#c9d4e8", at=0),
        Stop(colour="#cfd9ea", at=58),
        Stop(colour="#eef1f7", at=86),
        Stop(colour="#eef1f7", at=100),
    ),
)
PROMPTS = (
    ("Luxury marble table", "bottle"),
    ("outdoor cafe scene", "bottle"),
    ("Soft pink gradient with sparkle effects", "bottle"),
    ("Luxury living room with marble coffee table, warm lighting", "lamp"),
    ("meja kayu di kafe, cahaya hangat, tanpa bunga", "coffee"),
    ("forest picnic on a wooden table", "coffee"),
    ("natal dengan salju, kayu gelap", "bottle"),
    ("podium hijau toska dengan daun palem", "bottle"),
    ("moody night city", "lamp"),
    ("pantai cerah", "bottle"),
    ("Imlek", "coffee"),
    ("clean white studio, glossy", "lamp"),
)

type Cells = Iterable[tuple[str, Picture]]


@cache
def subject(name: str) -> Picture:
    """One of the cut-outs."""
    if name == "bottle":
        return bottle()
    if name == "coffee":
        data = resources.files("skimage.data").joinpath("coffee.png").read_bytes()
    else:
        data = PHOTOS[name].read_bytes()
    models = Models(fetch, threads=2)
    return cut_out(decode_photo(data), by_models(RECIPES["professional"], models))


def laid(name: str, told: Frame, backdrop: Backdrop, *steps: Light | Shadow) -> Picture:
    """A cut-out on a canvas, before a backdrop, after some steps."""
    picture = replace(frame(subject(name), told), backdrop=backdrop)
    if isinstance(backdrop, InScene):
        picture = replace(picture, lit_from=backdrop.key)
    for step in steps:
        picture = light(picture, step) if isinstance(step, Light) else shadow(picture, step)
    return composed(picture)


def square(fill: int = 62, base: int | None = 80) -> Frame:
    """The canvas of most cells."""
    return Frame(width=_RENDERED_PX, fill_percent=fill, base_percent=base)


def scene_of(template: str) -> InScene:
    """The scene of a template."""
    (found,) = (one for one in templates() if one.id == template)
    (step,) = (step for step in found.workflow if step.name == InScene.step)
    return step.read(InScene)


def shadows() -> Cells:
    """Each kind on white, grey, a gradient and a table."""
    table = scene_of("oak-kitchen")
    backdrops: dict[str, Backdrop] = {
        "white": WHITE,
        "grey": (176, 176, 176),
        "gradient": SWEEP,
        "table": table,
    }
    for name in ("lamp", "bottle", "coffee"):
        for kind in ("natural", "drop", "reflection"):
            told = Shadow.model_validate({"type": kind})
            for place, backdrop in backdrops.items():
                yield f"{kind} on {place}", laid(name, square(), backdrop, told)


def presets() -> Cells:
    """The photo as it is, and five presets; the dark ones before a dark sheet."""
    for name in ("bottle", "cap", "coffee", "books"):
        for preset in (None, "studio", "natural", "dramatic", "bright", "moody"):
            dark = preset in ("dramatic", "moody")
            told = [Light.model_validate({"mode": "preset", "preset": preset})] if preset else []
            backdrop = (42, 42, 44) if dark else (236, 236, 236)
            yield preset or name, laid(name, square(), backdrop, *told, Shadow(type="natural"))


def all_templates() -> Cells:
    """Every template, with the bottle."""
    for template in templates():
        yield template.name.en, rendered(template, bottle(), _RENDERED_PX)


def prompts() -> Cells:
    """Words in two languages."""
    for text, name in PROMPTS:
        picture = subject(name)
        for step in understand(text).workflow:
            picture = _applied(picture, step)
        yield text, composed(picture)


def _applied(picture: Picture, step: Step) -> Picture:
    told = dict(step.params) | ({"width": _RENDERED_PX} if step.name == Frame.step else {})
    operation = OPERATIONS[step.name]
    return operation.apply(picture, operation.parameters.model_validate(told))


def failures() -> Cells:
    """What is hard, and what is made of it."""
    grey = (236, 236, 236)
    natural = Shadow(type="natural")
    for name, text in (
        ("shirt", "a torso: on the edge, drop shadow"),
        ("cap", "cut below: on the edge, drop shadow"),
        ("mugs", "cut left and right: from edge to edge"),
        ("jeans", "cut above: hung from the edge"),
    ):
        yield text, laid(name, square(), grey, natural)
    yield "a stack, partly lying", laid("books", square(), grey, natural)
    yield (
        "the same, pose lying",
        laid("books", square(), grey, Shadow(type="natural", pose="lying")),
    )
    yield "a shade in the air, a cable on the floor", laid("lamp", square(), grey, natural)
    yield "a torso in a scene", laid("shirt", square(), scene_of("marble-counter"), natural)


def carousel() -> Cells:
    """Five slides, a layout each, in both ratios."""
    told = (
        ("headline", "oak-kitchen", "bottle", "Baru: lini perawatan", "", "Geser untuk melihat"),
        (
            "band",
            "marble-counter",
            "coffee",
            "Kopi susu gula aren",
            "Rp 18.000",
            "Dingin atau panas",
        ),
        ("shade", "cafe-wood", "mugs", "Mug keramik, dua warna", "Rp 85.000", "Aman di microwave"),
        ("card", "linen-window", "lamp", "Lampu baca kayu jati", "Rp 1.249.000", "Garansi 2 tahun"),
        ("gallery", "pure-white", "books", "Buku catatan", "Rp 59.900", "Isi lima"),
    )
    known = {one.id: one for one in templates()}
    for ratio in SIZES:
        for number, (layout, template, name, title, price, note) in enumerate(told, 1):
            picture = rendered(known[template], subject(name), SIZES[ratio][0])
            words = {"title": title, "price": price, "note": note, "place": (number, len(told))}
            laid_out = {"layout": layout, "ratio": ratio, "colour": "#0b5d57"}
            yield f"{layout}, {ratio}", slide(picture, Slide.model_validate(laid_out | words))


SHEETS: dict[str, tuple[Callable[[], Cells], int]] = {
    "shadows": (shadows, 4),
    "presets": (presets, 6),
    "templates": (all_templates, 8),
    "prompts": (prompts, 4),
    "failures": (failures, 4),
    "carousel": (carousel, 5),
}


def sheet(cells: Cells, columns: int) -> Image.Image:
    """Put captioned pictures into a grid."""
    tiles = [_cell(text, picture.rgb) for text, picture in cells]
    rows = -(-len(tiles) // columns)
    whole = Image.new("RGB", (columns * CELL_PX, rows * (CELL_PX + 18)), (34, 34, 36))
    for number, tile in enumerate(tiles):
        place = (number % columns * CELL_PX, number // columns * (CELL_PX + 18))
        whole.paste(tile, place)
    return whole


def _cell(text: str, rgb: Bytes) -> Image.Image:
    cell = Image.new("RGB", (CELL_PX, CELL_PX + 18), (34, 34, 36))
    # The font that comes with Pillow has no accents.
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    ImageDraw.Draw(cell).text((4, 2), plain[:52], fill=(235, 235, 235), font_size=11)
    image = Image.fromarray(np.ascontiguousarray(rgb))
    image.thumbnail((CELL_PX - 4, CELL_PX - 4), Image.Resampling.LANCZOS)
    cell.paste(image, ((CELL_PX - image.width) // 2, 18 + (CELL_PX - image.height) // 2))
    return cell


def main(names: list[str], folder: Path = FOLDER) -> None:
    """Write the named sheets, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or SHEETS:
        make, columns = SHEETS[name]
        sheet(make(), columns).save(folder / f"{name}.jpg", quality=86)


if __name__ == "__main__":
    main(sys.argv[1:])
