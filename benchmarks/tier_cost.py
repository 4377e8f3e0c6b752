"""What one tier costs for one photo: `python -m benchmarks.tier_cost QUALITY FILE`, JSON out.

A process of its own, so that its peak memory is the tier's. Seconds are of the wall, for the parts
of a second photo in a warm sandbox; the best of three runs, because other programs only ever add.
"""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.memory import keep_freed
from darkroom.models import Models
from darkroom.picture import Floats
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch

RUNS = 3


@dataclass(frozen=True)
class Cost:
    """Seconds by part, and peak resident memory in MB."""

    decode_s: float
    inference_s: float
    inferences: int
    rest_s: float
    encode_s: float
    peak_mb: int

    @property
    def total_s(self) -> float:
        """From bytes to bytes."""
        return self.decode_s + self.inference_s + self.rest_s + self.encode_s

    @property
    def overhead(self) -> float:
        """Total against decoding, encoding and the tier's own inferences."""
        return self.total_s / (self.total_s - self.rest_s)


class TimedModels(Models):
    """Keeps count of inferences and their time."""

    seconds = 0.0
    runs = 0

    def run(self, name: str, batch: Floats) -> Floats:
        """As the models do."""
        start = time.perf_counter()
        try:
            return super().run(name, batch)
        finally:
            self.seconds += time.perf_counter() - start
            self.runs += 1


def measure(quality: str, photo: Path) -> Cost:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.tier_cost", quality, str(photo)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(answer.stdout.splitlines()[-1]))


def measure_here(quality: str, data: bytes) -> Cost:
    """Run the tier on a photo's bytes, once to warm up and then the best of three."""
    keep_freed()
    models = TimedModels(fetch, threads=os.cpu_count() or 1)
    costs = [_once(quality, data, models) for _ in range(1 + RUNS)]
    return min(costs[1:], key=lambda cost: cost.total_s)


def _once(quality: str, data: bytes, models: TimedModels) -> Cost:
    models.seconds, models.runs = 0.0, 0
    times = [time.perf_counter()]
    picture = decode_photo(data)
    times.append(time.perf_counter())
    result = cut_out(picture, by_models(RECIPES[quality], models))
    times.append(time.perf_counter())
    encode(result, "png")
    times.append(time.perf_counter())
    decode_s, cut_s, encode_s = np.diff(times).tolist()
    return Cost(decode_s, models.seconds, models.runs, cut_s - models.seconds, encode_s, _peak_mb())


def _peak_mb() -> int:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    print(json.dumps(asdict(measure_here(sys.argv[1], Path(sys.argv[2]).read_bytes()))))
