"""The photos with ground truth that cut-outs are judged by."""

import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.scores import Mask, scored_pixels
from darkroom.decode import decode_photo
from darkroom.picture import Bytes, Picture

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "photos"
# Photos whose licence is stated: only these may be shown.
SHOWABLE = ("syl_", "u2_", "wob_")


@dataclass(frozen=True)
class Judged:
    """A photo, its true alpha (height, width) uint8, and which pixels count."""

    name: str
    picture: Picture
    truth: Bytes
    scored: Mask


def photos_folder() -> Path:
    """Find the folder of open photos (PHOTOS_DIR, else beside the checkout) or explain."""
    folder = Path(os.environ.get("PHOTOS_DIR", _BESIDE)) / "open"
    if not (folder / "manifest.csv").is_file():
        sys.exit(f"No photos in {folder}. Set PHOTOS_DIR to the folder that holds open/.")
    return folder


def judged(folder: Path) -> list[Judged]:
    """Read every photo that has ground truth."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["has_gt"] == "yes"]
    return [_read(folder, row) for row in rows]


def showable(folder: Path) -> list[tuple[str, Picture]]:
    """Read the photos that may be published."""
    paths = sorted(path for path in folder.iterdir() if path.name.startswith(SHOWABLE))
    return [(path.stem, decode_photo(path.read_bytes())) for path in paths]


def _read(folder: Path, row: dict[str, str]) -> Judged:
    truth = np.asarray(Image.open(folder / row["gt_file"]).convert("L"))
    return Judged(
        name=row["file"],
        picture=decode_photo((folder / row["file"]).read_bytes()),
        truth=truth,
        scored=scored_pixels(truth, row["gt_type"]),
    )
