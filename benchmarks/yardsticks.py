"""What the engine is measured against: the tier's bare inferences, and rembg in folder mode.

Both run the models that the tier runs, as often as it does: the inferences the files that the
engine runs, rembg those that were published.
"""

import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.picture import Floats
from darkroom.steps.cut_out import RECIPES
from darkroom.weights import Precision, manifest
from local.layout import ROOT
from models.build import file_of, quantised
from models.fetch import fetch

REMBG = ROOT / ".venvs/rembg"


@dataclass(frozen=True)
class Pace:
    """How long some photos took and, if known, the CPU seconds that went into them."""

    photos: int
    seconds: float
    cpu_s: float | None = None

    @property
    def per_minute(self) -> float:
        """Photos a minute."""
        return 60 * self.photos / self.seconds


def steady_pace(ends_s: list[float], cpu_s: float | None = None) -> Pace:
    """The pace at which results appeared, from their moments: the slope of a line through them.

    So the same counts for one that starts cold, one that works on two at a time, and one that has
    a single photo left at the end.
    """
    slope, _ = np.polyfit(sorted(ends_s), range(len(ends_s)), 1)
    return Pace(len(ends_s), len(ends_s) / float(slope), cpu_s)


class NotedModels(Models):
    """Notes in `inferences` which models are run, and the seconds of each run."""

    def __init__(self, threads: int, precision: Precision = "int8") -> None:
        super().__init__(partial(file_of, precision=precision), threads)
        self.inferences: list[tuple[str, float]] = []

    def run(self, name: str, batch: Floats) -> Floats:
        """As the models do."""
        start = time.perf_counter()
        result = super().run(name, batch)
        self.inferences.append((name, time.perf_counter() - start))
        return result


def models_of(tier: str, photo: Path) -> list[str]:
    """The models that a tier runs for a photo, in order."""
    models = NotedModels(threads=1)
    cut_out(decode_photo(photo.read_bytes()), by_models(RECIPES[tier], models))
    return [name for name, _ in models.inferences]


@contextmanager
def bare_inference(
    photos: list[Path], files: list[Path], workers: int
) -> Iterator[Callable[[], Pace]]:
    """The models and nothing else: a warm process for each worker of the engine, one thread each.

    What is yielded runs the models of the files for each photo, on inputs made beforehand.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_prepare, initargs=(photos, files)
    ) as pool:

        def run() -> Pace:
            ends_s, cpu_s = zip(*pool.map(_infer, photos), strict=True)
            return steady_pace(list(ends_s), sum(cpu_s))

        run()
        yield run


@contextmanager
def as_quantised(names: list[str]) -> Iterator[list[Path]]:
    """The int8 files of models as the quantiser leaves them, before nodes are changed."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.onnx" for name in names]
        for name, file in zip(names, files, strict=True):
            file.write_bytes(quantised(name, fetch(name), for_kernels=False))
        yield files


# Of a process of the pool: the models to run.
_files: list[Path] = []


def _prepare(photos: list[Path], files: list[Path]) -> None:
    _files.extend(files)
    for photo in photos:
        _input(photo)
    _infer(photos[0])


@cache
def _models() -> Models:
    return Models(Path, threads=1)


@cache
def _input(photo: Path) -> Floats:
    return model_input(decode_photo(photo.read_bytes()).rgb)


def _infer(photo: Path) -> tuple[float, float]:
    """Run the models; answers the moment of the end and the CPU seconds."""
    batch = _input(photo)
    before = time.process_time()
    for file in _files:
        _models().run(str(file), batch)
    return time.time(), time.process_time() - before


def rembg_folder(photos: list[Path], names: list[str]) -> Pace:
    """`rembg p` over a folder of the photos, once for each model, with our published files."""
    return Pace(len(photos), sum(_rembg(photos, name).seconds for name in names))


def _rembg(photos: list[Path], model: str) -> Pace:
    with tempfile.TemporaryDirectory() as temporary:
        home, inputs, outputs = (Path(temporary) / name for name in ("home", "in", "out"))
        for folder in (home, inputs, outputs):
            folder.mkdir()
        (home / f"{model}.onnx").symlink_to(fetch(model))
        for number, photo in enumerate(photos):
            shutil.copyfile(photo, inputs / f"{number}{photo.suffix}")
        subprocess.run(
            [REMBG / "bin/rembg", "p", "--model", model, inputs, outputs],
            env=os.environ | {"U2NET_HOME": str(home)},
            stderr=subprocess.DEVNULL,
            check=True,
        )
        done = [result.stat().st_mtime for result in outputs.iterdir()]
        if len(done) != len(photos):
            raise SystemExit(f"rembg made {len(done)} of {len(photos)} cut-outs")
    return steady_pace(done)


def set_up_rembg() -> None:
    """Make rembg's environment from the lock, unless it is there."""
    subprocess.run(["make", "--quiet", f"{REMBG.relative_to(ROOT)}/ready"], cwd=ROOT, check=True)


def weights_of(names: list[str]) -> str:
    """Name the weights that are used: what the engine runs, then what rembg does."""
    return ", ".join(
        f"{name} {manifest()[name].file('int8').sha256[:12]} of {manifest()[name].fp32.sha256[:12]}"
        for name in names
    )
