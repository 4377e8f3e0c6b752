"""Automatic light against known degradations: `python -m benchmarks.light`.

Every photo is degraded in eight ways, and corrected as the step `light` in mode auto does. Compared
is the subject with that of the photo as it was: mean CIEDE2000. Alphas are true ones where there
are any, else those of the tier basic. Photos: those beside the checkout (PHOTOS_DIR), and
scikit-image's samples.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources

import numpy as np
from PIL import Image

from benchmarks import report
from benchmarks.photos import OPEN
from darkroom.cutout import by_models
from darkroom.decode import decode_photo
from darkroom.models import Models
from darkroom.picture import Bytes
from darkroom.steps.cut_out import RECIPES
from darkroom.studio.diagnosis import diagnose
from darkroom.studio.grading import graded_light
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.seeing import small_rgba
from darkroom.studio.tones import light_of, rounded_levels_of
from models.fetch import fetch

SAMPLES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
MAX_RISE, MAX_MOVED = 0.5, 1.0

type Degrade = Callable[[Bytes], Bytes]


def exposed(stops: float, *gains: float) -> Degrade:
    """Change the light itself, as a camera or a lamp does."""
    factor = np.array(gains or (1, 1, 1), np.float32) * np.float32(2**stops)
    return lambda rgb: rounded_levels_of(light_of(rgb) * factor)


DEGRADATIONS: dict[str, Degrade] = {
    "none": lambda rgb: rgb,
    "-0.7 stops": exposed(-0.7),
    "-1.5 stops": exposed(-1.5),
    "+0.5 stops": exposed(0.5),
    "warm 1.18/1/.72": exposed(0, 1.18, 1, 0.72),
    "cool .82/1/1.22": exposed(0, 0.82, 1, 1.22),
    "green .88/1.06/.86": exposed(0, 0.88, 1.06, 0.86),
    "-1 stop, warm": exposed(-1, 1.18, 1, 0.72),
    "flat x .6 + .2": lambda rgb: np.rint(rgb * np.float32(0.6) + 51).astype(np.uint8),
}


@dataclass(frozen=True)
class Seen:
    """A photo's name, and its small copy with alpha."""

    name: str
    rgba: Bytes


def main() -> None:
    """Measure, print."""
    photos = list(seen_photos())
    rows, figures, moved = [], {}, {}
    for name, degrade in DEGRADATIONS.items():
        results = {photo.name: _judged(photo, degrade) for photo in photos}
        before, after = (float(np.mean([row[at] for row in results.values()])) for at in (0, 1))
        offered = sum(row[2] for row in results.values())
        worse = [photo for photo, row in results.items() if row[1] > row[0] + MAX_RISE]
        rows.append((name, before, after, offered, len(worse), ", ".join(worse)[:70]))
        figures[name] = [round(before, 2), round(after, 2)]
        if name == "none":
            moved = {photo: row[1] for photo, row in results.items() if row[1] >= MAX_MOVED}
    report.table(
        {
            "degraded": "",
            "before": ".1f",
            "after": ".1f",
            "offered": "d",
            "worse": "d",
            "which": "",
        },
        rows,
    )
    report.verdict(
        f"every row falls or rises by at most {MAX_RISE}",
        all(after <= before + MAX_RISE for before, after in figures.values()),
    )
    report.verdict(f"undegraded photos move by less than {MAX_MOVED} {moved or ''}", not moved)
    report.figures(photos=len(photos), rows=figures)


def seen_photos() -> Iterator[Seen]:
    """Every photo there is, small, with its alpha."""
    matting = by_models(RECIPES["basic"], Models(fetch, threads=2))
    folders = [folder for folder in (OPEN, OPEN.parent / "products") if folder.is_dir()]
    truths = {}
    if OPEN.is_dir():
        with (OPEN / "manifest.csv").open(encoding="utf-8", newline="") as file:
            truths = {row["file"]: row["gt_file"] for row in csv.DictReader(file)}
    files = [path for folder in folders for path in sorted(folder.iterdir())]
    named = {path.name: path.read_bytes() for path in files if path.suffix in (".jpg", ".png")}
    for sample in SAMPLES:
        named[sample] = resources.files("skimage.data").joinpath(sample).read_bytes()
    for name, data in named.items():
        rgb = decode_photo(data).rgb
        truth = truths.get(name)
        alpha = np.asarray(Image.open(OPEN / truth).convert("L")) if truth else matting(rgb)
        if alpha is not None:
            yield Seen(name.rsplit(".", 1)[0], small_rgba(rgb, alpha))


def _judged(photo: Seen, degrade: Degrade) -> tuple[float, float, bool]:
    """Distance to the undegraded subject before and after, and whether it was only offered."""
    rgb, alpha = photo.rgba[..., :3], photo.rgba[..., 3]
    subject = alpha >= 230
    degraded = degrade(rgb)
    found = diagnose(np.dstack([degraded, alpha]))
    wanted, light = lab_of(light_of(rgb[subject])), light_of(degraded[subject])
    corrected = graded_light(light, found.safe.grade)
    before, after = (float(difference(lab_of(one), wanted).mean()) for one in (light, corrected))
    return before, after, found.safe != found.whole


if __name__ == "__main__":
    main()
