"""What one tier costs for one photo: `python -m benchmarks.tier_cost QUALITY FILE`, JSON out.

A process of its own, so that its peak memory is the tier's. Seconds are of the wall, for the parts
of a second photo in a warm sandbox; the best of three runs, because other programs only ever add.
"""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks import own_process
from benchmarks.yardsticks import NotedModels
from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.memory import keep_freed
from darkroom.steps.cut_out import RECIPES

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


def measure(quality: str, data: bytes, models: NotedModels) -> Cost:
    """Run the tier on a photo's bytes."""
    models.inferences.clear()
    times = [time.perf_counter()]
    picture = decode_photo(data)
    times.append(time.perf_counter())
    result = cut_out(picture, by_models(RECIPES[quality], models))
    times.append(time.perf_counter())
    encode(result, "png")
    times.append(time.perf_counter())
    decode_s, cut_s, encode_s = np.diff(times).tolist()
    inference_s = sum(seconds for _, seconds in models.inferences)
    peak_mb = own_process.memory_bytes("VmHWM") // 2**20
    rest_s = cut_s - inference_s
    return Cost(decode_s, inference_s, len(models.inferences), rest_s, encode_s, peak_mb)


def main() -> None:
    """Once to warm up, then the best of three."""
    quality, path = sys.argv[1:]
    keep_freed()
    data, models = Path(path).read_bytes(), NotedModels(threads=os.cpu_count() or 1)
    costs = [measure(quality, data, models) for _ in range(1 + RUNS)]
    print(json.dumps(asdict(min(costs[1:], key=lambda cost: cost.total_s))))


if __name__ == "__main__":
    main()
