"""What values flow between a model's layers: measured once on photos, kept in `models/ranges`.

`python -m models.activations [NAME ...]` measures anew, on the sample photos of scikit-image.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import onnx

from darkroom.decode import decode_photo
from darkroom.matte import model_input
from darkroom.picture import Bytes, Floats
from darkroom.weights import manifest
from models.fetch import fetch
from models.graph import observed, simplify
from models.quantise import Range, activations

FOLDER = Path(__file__).resolve().parent / "ranges"
# They come with scikit-image, and their licences allow it (README).
PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
QUANTISED = [name for name, weights in manifest().items() if weights.int8 is not None]
# Ranges end in rounding to 255 steps: more digits would only be noise to review.
_DIGITS = 5


class RangesError(Exception):
    """The ranges do not belong to the model; the message says what to do."""


@dataclass(frozen=True)
class Ranges:
    """Lowest and highest value of tensors, with those weights (SHA-256)."""

    weights: str
    tensors: Mapping[str, Range]


def ranges(name: str, wanted: list[str], folder: Path = FOLDER) -> Mapping[str, Range]:
    """Read what was measured, if it is of these weights and has all that is `wanted`."""
    path = folder / f"{name}.json"
    again = f"Measure them anew: python -m models.activations {name}"
    try:
        known = Ranges(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise RangesError(f"{path} cannot be read ({error}). {again}") from error
    if known.weights != manifest()[name].fp32.sha256:
        raise RangesError(f"{path} was measured with other weights of {name}. {again}")
    if sorted(known.tensors) != sorted(wanted):
        raise RangesError(f"{path} is of another graph than {name}'s. {again}")
    return known.tensors


def measure(name: str) -> Ranges:
    """Run a model on every view, and note how far each tensor goes."""
    model = onnx.load(fetch(name))
    simplify(model)
    names = activations(model.graph)
    session = observed(model, names)
    low, high = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    for view in views():
        tensors = session.run(None, {session.get_inputs()[0].name: view})
        low = np.minimum(low, [tensor.min() for tensor in tensors])
        high = np.maximum(high, [tensor.max() for tensor in tensors])
    limits = ((_rounded(least), _rounded(most)) for least, most in zip(low, high, strict=True))
    found = dict(zip(names, limits, strict=True))
    return Ranges(manifest()[name].fp32.sha256, found)


def photo(name: str) -> Bytes:
    """One of `PHOTOS`, (height, width, 3) uint8 sRGB."""
    return decode_photo(resources.files("skimage.data").joinpath(name).read_bytes()).rgb


def views() -> Iterator[Floats]:
    """Each sample photo whole and its four quarters, as the models see them."""
    for name in PHOTOS:
        rgb = photo(name)
        for part in (rgb, *_quarters(rgb)):
            yield model_input(part)


def _quarters(rgb: Bytes) -> Iterator[Bytes]:
    for half in np.array_split(rgb, 2, axis=0):
        for quarter in np.array_split(half, 2, axis=1):
            yield np.ascontiguousarray(quarter)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def main() -> None:
    """Measure the models named on the command line, or all, and write their files."""
    parser = argparse.ArgumentParser(prog="python -m models.activations", description=main.__doc__)
    parser.add_argument("name", nargs="*", choices=[*QUANTISED, []], help="all when none")
    FOLDER.mkdir(exist_ok=True)
    for name in parser.parse_args().name or QUANTISED:
        text = json.dumps(asdict(measure(name)), indent=1)
        # One line a tensor.
        text = text.replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")
        (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
