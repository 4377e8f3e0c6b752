"""Photos to send, and photos with ground truth that cut-outs are judged by."""

import csv
import os
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.scores import Mask, scored_pixels
from darkroom.decode import decode_photo
from darkroom.picture import Bytes, Picture
from local import samples
from local.layout import ROOT, Layout

OPEN = Path(os.environ.get("PHOTOS_DIR", ROOT.parent / "shared/photos")) / "open"
PRODUCTS = OPEN.parent / "products"
_ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True)
class Judged:
    """A photo, its true alpha (height, width) uint8, and which pixels count."""

    picture: Picture
    truth: Bytes
    scored: Mask


def choose(folder: Path | None, count: int) -> list[Path]:
    """Choose `count` photos of a folder, again from the start when it holds fewer.

    Without a folder those beside the checkout (or in PHOTOS_DIR), else scikit-image's samples.
    """
    chosen = folder or (OPEN if OPEN.is_dir() else samples.write(Layout()))
    found = sorted(path for path in chosen.iterdir() if path.suffix.lower() in _ENDINGS)
    if not found:
        raise SystemExit(f"No photos in {chosen}")
    return list(islice(cycle(found), count))


def judged() -> list[Judged]:
    """Read every open photo that has ground truth."""
    if not (OPEN / "manifest.csv").is_file():
        raise SystemExit(f"No photos in {OPEN}. Set PHOTOS_DIR to the folder that holds open/.")
    with (OPEN / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [_read(row) for row in csv.DictReader(file) if row["has_gt"] == "yes"]


def _read(row: dict[str, str]) -> Judged:
    truth = np.asarray(Image.open(OPEN / row["gt_file"]).convert("L"))
    picture = decode_photo((OPEN / row["file"]).read_bytes())
    return Judged(picture, truth, scored_pixels(truth, row["gt_type"]))
