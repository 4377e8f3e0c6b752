"""Build the int8 files of darkroom's manifest from the published weights, into the same cache.

`python -m models.build [NAME ...]`. The same tools make the same bytes, so the manifest says what
they must be. Then the mattes of two photos must be those of the published file, on the CPU at hand.
What is wrong is not kept.
"""

import argparse
import hashlib
import platform
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import onnx

from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.weights import Precision, manifest
from models.activations import RangesError, photo, ranges
from models.fetch import CACHE, FetchError, Say, fetch, say_now
from models.graph import simplify
from models.kernels import alike_first_layer, split_side_outputs
from models.quantise import activations, quantise

# Mattes of these are compared: the models are in no doubt about them.
_CHECKED = ("coffee.png", "rocket.jpg")
# Mean difference of two mattes of 0 to 1. Kernels of other CPUs add up floats in another order.
TOLERANCE = 0.005
_CPU = Path("/proc/cpuinfo")
_INSTEAD = 'The published files work too: set "WeightsPrecision=fp32" in samconfig.toml.'


class BuildError(Exception):
    """The file could not be built; the message tells a person why and what to do."""


def file_of(name: str, precision: Precision) -> Path:
    """The verified file of a model: as it was published, or built of that."""
    return build(name) if precision == "int8" else fetch(name)


def build(name: str, cache: Path = CACHE, say: Say = say_now) -> Path:
    """Return the verified int8 file of one model, building it when the cache lacks it.

    The published file where the manifest has no other.
    """
    file = manifest()[name].int8
    if file is None:
        return fetch(name, cache, say)
    target = cache / file.name
    if file.matches(target):
        return target
    _require_avx2()
    published = fetch(name, cache, say)
    say(f"{name}: building its int8 file, once")
    with NamedTemporaryFile(dir=cache, prefix="build-", delete_on_close=False) as part:
        built = Path(part.name)
        part.write(quantised(name, published))
        part.flush()
        if not file.matches(built):
            raise BuildError(
                f"{name}: what was built is not the file that was reviewed (sha256 "
                f"{_sha256(built)}, expected {file.sha256}). It was not kept. {_INSTEAD}"
            )
        _check_mattes(name, published, built)
        built.replace(target)
        part.delete = False
    say(f"{name}: {file.bytes / 1e6:.1f} MB in int8 (sha256 {file.sha256[:12]}...)")
    return target


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def quantised(name: str, published: Path, *, for_kernels: bool = True) -> bytes:
    """The bytes of a model's int8 file, made of the published one.

    The file that is run has its nodes changed for onnxruntime's kernels; the other is what that is
    measured against.
    """
    model = onnx.load(published)
    simplify(model)
    try:
        known = ranges(name, activations(model.graph))
    except RangesError as error:
        raise BuildError(f"{error} {_INSTEAD}") from error
    if for_kernels:
        known = alike_first_layer(model.graph, known)
    in_int8 = quantise(model, known)
    if for_kernels:
        split_side_outputs(in_int8.graph)
    data: bytes = in_int8.SerializeToString(deterministic=True)
    return data


def _check_mattes(name: str, published: Path, built: Path) -> None:
    """Refuse a file whose mattes are not those of the published one, on this machine."""
    before, after = Models(lambda _: published, threads=2), Models(lambda _: built, threads=2)
    for file in _CHECKED:
        view = model_input(photo(file))
        off = float(np.abs(before.run(name, view) - after.run(name, view)).mean())
        if off > TOLERANCE:
            raise BuildError(
                f"{name}: in int8 the matte of {file} is off by {off:.3f} on this CPU, more than "
                f"{TOLERANCE}. It was not kept. {_INSTEAD}"
            )


def _require_avx2() -> None:
    if platform.machine() == "x86_64" and "avx2" not in _CPU.read_text("utf-8").split():
        raise BuildError(f"This CPU has no AVX2: int8 would be slow here. {_INSTEAD}")


def main() -> int:
    """Build the models named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m models.build", description=main.__doc__)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(manifest())}; all when none")
    try:
        for name in parser.parse_args().name or manifest():
            say_now(f"{name}  {build(name)}")
    except (BuildError, FetchError) as error:
        sys.stderr.write(f"models.build: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
