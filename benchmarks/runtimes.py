"""onnxruntime against MNN on one model: `python -m benchmarks.runtimes [NAME]`.

MNN is in no environment of this repository; uv lends it:
`UV_PROJECT_ENVIRONMENT=.venv .uv/bin/uv run --no-sync --with MNN==3.6.1 python ...`. Its command
line tools install a package with pip and report to its makers, so its converter is called directly;
its quantiser for activations (`mnnquant`) aborts. Runs take turns; memory is that of a process of
its own.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import own_process, report
from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.picture import Floats
from models.activations import PHOTOS, photo, views
from models.build import file_of, quantised

THREADS = 2
_CONVERSIONS = {"MNN fp32": [], "MNN int8": ["--weightQuantBits", "8"]}

type Run = Callable[[Floats], Floats]


def onnxruntime(path: Path) -> Run:
    """A file in our own runtime."""
    return partial(Models(lambda _: path, THREADS).run, "model")


def mnn(path: Path) -> Run:
    """A file in MNN."""
    import MNN  # type: ignore[import-not-found]

    interpreter = MNN.Interpreter(str(path))
    session = interpreter.createSession({"numThread": THREADS, "memory": "low"})

    def run(view: Floats) -> Floats:
        given = interpreter.getSessionInput(session)
        shape, kind, layout = view.shape, MNN.Halide_Type_Float, MNN.Tensor_DimensionType_Caffe
        given.copyFrom(MNN.Tensor(shape, kind, view, layout))
        interpreter.runSession(session)
        made = interpreter.getSessionOutput(session, "1959")
        host = MNN.Tensor(made.getShape(), kind, np.zeros(made.getShape(), np.float32), layout)
        made.copyToHostTensor(host)
        return np.array(host.getNumpyData(), np.float32)

    return run


RUNTIMES: dict[str, Callable[[Path], Run]] = {".onnx": onnxruntime, ".mnn": mnn}


def converted(name: str, folder: Path) -> dict[str, Path]:
    """All files of a model, MNN's made here; in int8 it quantises activations as they come."""
    import _tools  # type: ignore[import-not-found]

    plain = folder / "quantised.onnx"
    found = {
        "onnxruntime fp32": file_of(name, "fp32"),
        "onnxruntime int8": file_of(name, "int8"),
        "onnxruntime int8, nodes as quantised": plain,
        "MNN fp32": folder / "fp32.mnn",
        "MNN int8": folder / "int8.mnn",
    }
    plain.write_bytes(quantised(name, found["onnxruntime fp32"], for_kernels=False))
    for way, options in _CONVERSIONS.items():
        arguments = ["--modelFile", str(found["onnxruntime fp32"]), "--MNNModel", str(found[way])]
        _tools.mnnconvert(["mnnconvert", "-f", "ONNX", "--bizCode", "x", *arguments, *options])
    return found


def peak(path: Path) -> None:
    """In a process of its own: run once more than to warm up, and tell its peak in MB."""
    run, view = RUNTIMES[path.suffix](path), model_input(photo(PHOTOS[0]))
    for _ in range(2):
        run(view)
    print(json.dumps({"peak_mb": own_process.memory_bytes("VmHWM") // 2**20}))


def compare(name: str, folder: Path) -> None:
    """Measure, and print the table."""
    files = converted(name, folder)
    runs = {way: RUNTIMES[path.suffix](path) for way, path in files.items()}
    seen = list(views())[::5]
    truth = [runs["onnxruntime fp32"](view) for view in seen]
    seconds: dict[str, list[float]] = {way: [] for way in runs}
    off = {}
    for way, run in runs.items():
        mattes = zip(truth, (run(view) for view in seen), strict=True)
        off[way] = statistics.mean(float(np.abs(a - b).mean()) for a, b in mattes)

    def timed(run: Run, view: Floats) -> float:
        began = time.perf_counter()
        run(view)
        return time.perf_counter() - began

    for view in seen:
        turns = report.take_turns({w: partial(timed, run, view) for w, run in runs.items()}, 1)
        for way, taken in turns.items():
            seconds[way].extend(taken)
    first = seconds["onnxruntime fp32"]
    report.table(
        {f"{name}, {THREADS} threads": "", "time": ".2f", "off": ".4f", "peak MB": "", "MB": ".1f"},
        [
            (
                way,
                statistics.median(a / b for a, b in zip(seconds[way], first, strict=True)),
                off[way],
                own_process.run("runtimes", "--peak", path)["peak_mb"],
                path.stat().st_size / 1e6,
            )
            for way, path in files.items()
        ],
    )


def main() -> None:
    """Compare on one model, u2net if none is named."""
    match sys.argv[1:]:
        case ["--peak", path]:
            peak(Path(path))
        case names:
            with tempfile.TemporaryDirectory() as folder:
                compare(names[0] if names else "u2net", Path(folder))


if __name__ == "__main__":
    main()
