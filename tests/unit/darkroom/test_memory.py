"""Page faults of a fresh process that makes and frees the arrays and images of a photo."""

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from PIL import Image
from darkroom.memory import keep_freed

if sys.argv[1] == "kept":
    keep_freed()

def step():
    np.ones((1000, 1000, 3), np.float32)
    Image.new("RGB", (2000, 1500), "red").rotate(180)

for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    command = [sys.executable, "-c", FAULTS, how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="what is tuned is Linux's C library")
def test_freed_memory_is_used_again() -> None:
    assert faults("kept") < faults("given back") / 20
