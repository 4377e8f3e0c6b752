"""Options at the largest size that is taken: each in a fresh process, by its peak of memory."""

import subprocess
import sys

import pytest

# The function has 3,008, of which the models keep 1,050 after industry's looks.
MAX_64_MEGAPIXEL_MB = 1600

MEASURE = """
import re, sys
from pathlib import Path
import numpy as np
from darkroom.keeping import pack
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.workflow import Kept, Tools, run
from lumiku.apps.remover.options import Options
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.services.stopwatch import Stopwatch
rows = np.arange(8000, dtype=np.uint16)
rgb = np.empty((8000, 8000, 3), np.uint8)
rgb[...] = (rows[:, None] % 251)[..., None]
alpha = np.zeros((8000, 8000), np.uint8)
alpha[100:7900, 100:7900] = (rows[100:7900] % 256)
kept = Kept(0, pack(Picture(rgb, alpha)))
del rgb, alpha
tools = Tools(Models(Path, threads=1), Stopwatch())
run(b"", background_removal(Tier.BASIC, eval(sys.argv[1])), tools, resume=kept)
# Not getrusage: its peak survives exec, so it would be that of the test process.
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize(
    "options",
    [
        "Options('jpeg', crop=0, max_size=7700)",
        "Options(background='white', max_size=64)",
        "Options('jpeg', crop=50)",
        "Options('webp', background='black')",
        "Options('webp', output='mask')",
        "Options('webp', max_size=7071)",
    ],
)
def test_the_largest_photo_stays_within_bounds(options: str) -> None:
    command = [sys.executable, "-c", MEASURE, options]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_64_MEGAPIXEL_MB
