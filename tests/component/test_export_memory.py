"""An export of 8,000 x 8,000: in a fresh process, by its peak of memory."""

import subprocess
import sys

MAX_64_MEGAPIXEL_MB = 1700

MEASURE = """
import re, sys
from dataclasses import replace
from pathlib import Path
from darkroom.exporting.rendering import exported
from photo_steps.exports import targets
from photo_steps.studio import Shadow
from darkroom.studio.sample import bottle
picture = replace(bottle(1500), backdrop=(230, 230, 230), shadow=Shadow(type="natural"))
sizes = [(8000, 8000), (2400, 2400)]
assert [made.facts.width_px for made in exported(picture, targets(sys.argv[1:], sizes, []))]
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def test_the_largest_files_stay_within_bounds() -> None:
    # WebP needs most: JPEG 0.6 of it.
    command = [sys.executable, "-c", MEASURE, "webp"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_64_MEGAPIXEL_MB
