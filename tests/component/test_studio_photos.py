"""What users of studios complain of, on real products: colour, hue, lettering and edges.

The photos are not part of the repository: PHOTOS_DIR names the folder that holds `open/` and
`products/`.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.photos import OPEN, PRODUCTS
from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.framing import fit
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from darkroom.studio.canvas import frame
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.rendering import rendered
from darkroom.studio.tones import light_of
from photo_steps.scenes import InScene
from photo_steps.studio import Frame
from photo_steps.templates import templates

pytestmark = pytest.mark.skipif(
    not (OPEN.is_dir() and PRODUCTS.is_dir()),
    reason=f"no photos in {OPEN.parent}: set PHOTOS_DIR to the folder of open/ and products/",
)

SIDE_PX = 300
# Photos whose subject the tier basic finds, and whose true alpha was measured.
EXACT = ("am_GT02.png", "am_GT04.png", "am_GT19.png")
SCENES = [
    step.read(InScene)
    for template in templates()
    for step in template.workflow
    if step.name == InScene.step and not any(s.name == "light" for s in template.workflow)
]


@cache
def subject(path: Path, models: Models) -> Picture:
    """A product, cut out and small."""
    small = fit(decode_photo(path.read_bytes()), SIDE_PX)
    return cut_out(small, by_models(RECIPES["basic"], models))


def products() -> list[Path]:
    return sorted(PRODUCTS.glob("*.jpg")) if PRODUCTS.is_dir() else []


def inside(alpha: Bytes) -> np.ndarray:
    """Where a subject is opaque, away from its rim."""
    solid = alpha == 255
    for shift, axis in ((6, 0), (-6, 0), (6, 1), (-6, 1)):
        solid = solid & np.roll(solid, shift, axis)
    return np.asarray(solid)


@cache
def placed(path: Path, models: Models) -> tuple[Picture, np.ndarray]:
    """A product on its canvas, and where it is opaque, away from its rim."""
    told = Frame(width=SIDE_PX, fill_percent=52, base_percent=84)
    framed = frame(subject(path, models), told)
    return framed, inside(framed.cover)


@cache
def in_scenes(path: Path, models: Models, exact: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """The pixels inside a product before and after, in some scenes: (n, 3) uint8 pairs."""
    framed, where = placed(path, models)
    pairs = []
    for scene in SCENES[products().index(path) % 11 :: 11]:
        shown = replace(framed, backdrop=scene.model_copy(update={"exact_colours": exact}))
        pairs.append((framed.rgb[where], rendered(shown)[0][where]))
    return pairs


@pytest.mark.parametrize("path", products(), ids=lambda path: path.stem)
def test_a_scene_leaves_a_products_colour_and_hue(path: Path, models: Models) -> None:
    """Complaint 4: tinted, the median moves by less than 6 and the hue by less than 4 degrees."""
    for before, after in in_scenes(path, models, exact=False):
        one, other = (lab_of(light_of(rgb)) for rgb in (before, after))
        assert float(np.median(difference(one, other))) < 6
        strong = np.hypot(one[:, 1], one[:, 2]) > 20
        if strong.mean() > 0.05:
            turns = [np.degrees(np.arctan2(lab[strong, 2], lab[strong, 1])) for lab in (one, other)]
            assert abs(float(np.median((turns[1] - turns[0] + 180) % 360 - 180))) < 4


@pytest.mark.parametrize("path", products(), ids=lambda path: path.stem)
def test_exact_colours_are_exact_on_a_product(path: Path, models: Models) -> None:
    for before, after in in_scenes(path, models, exact=True):
        assert (before == after).all()


@pytest.mark.parametrize("path", products(), ids=lambda path: path.stem)
def test_lettering_and_texture_of_a_product_stay(path: Path, models: Models) -> None:
    """Complaints 3 and 11: what was light beside dark stays so, and no detail is smoothed away."""
    beside = np.diff(np.flatnonzero(placed(path, models)[1])) == 1
    for before, after in in_scenes(path, models, exact=False):
        one, other = (lab_of(light_of(rgb))[:, 0] for rgb in (before, after))
        steps = [np.diff(lightness)[beside] for lightness in (one, other)]
        # Less than one step of lightness is how levels were rounded.
        drawn = np.abs(steps[0]) > 1
        if np.count_nonzero(drawn) > 100:
            assert float(np.corrcoef(steps[0][drawn], steps[1][drawn])[0, 1]) >= 0.98
        toned = min(1.0, float(other.mean() / one.mean()))
        assert float(np.abs(steps[1]).mean()) >= 0.95 * toned * float(np.abs(steps[0]).mean())


@pytest.mark.parametrize("name", EXACT)
def test_a_fringe_is_that_of_the_true_alpha(name: str, models: Models) -> None:
    """Complaint 10: along the rim, laid on grey, against the same with the alpha as measured."""
    photo = decode_photo((OPEN / name).read_bytes())
    truth = np.asarray(Image.open(OPEN / "gt" / name).convert("L"))
    mattes = (by_models(RECIPES["basic"], models), lambda _: truth)
    ours, theirs = (
        fit(replace(cut_out(photo, matting), backdrop=(176, 176, 176)), SIDE_PX)
        for matting in mattes
    )
    rim = (theirs.cover > 5) & (theirs.cover < 250)
    laid = [lab_of(light_of(rendered(picture)[0][rim])) for picture in (ours, theirs)]
    # Of the embedded models' alpha, not of how it is laid: 3 is reached by smooth things alone.
    assert float(np.median(difference(laid[0], laid[1]))) < 4.5
