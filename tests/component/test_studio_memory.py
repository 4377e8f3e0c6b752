"""The studio at 8,000 x 8,000: in a fresh process, by its peak of memory."""

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
from lumiku.services.stopwatch import Stopwatch
from photo_steps import SaveAs, Step
from photo_steps.studio import Frame, Light, Shadow, Watermark
from photo_steps.templates import templates
rows = np.arange(8000, dtype=np.uint16)
rgb = np.empty((8000, 8000, 3), np.uint8)
rgb[...] = (rows[:, None] % 251)[..., None]
alpha = np.zeros((8000, 8000), np.uint8)
# As wide as the canvas, with room for all of its mirror image below: nothing needs more.
alpha[1200:6800, 40:-40] = 255
alpha[1200:1300, 40:7500] = 0
kept = Kept(0, pack(Picture(rgb, alpha)))
del rgb, alpha
tools = Tools(Models(Path, threads=1), Stopwatch())
frame = Frame(width=8000, height=8000, fill_percent=100, base_percent=70)
(cafe,) = (step for one in templates() if one.id == "cafe-wood" for step in one.workflow[1:2])
light = Light(mode="preset", preset="dramatic")
steps = [Step.of(frame), Step.of(light), *eval(sys.argv[1]), Step.of(Watermark(text="Lumiku"))]
made = run(b"", (steps[0], *steps), tools, resume=kept)
assert made.files["result"].width_px == 8000
# Not getrusage: its peak survives exec, so it would be that of the test process.
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize(
    "steps",
    [
        "[cafe, Step.of(Shadow(type='natural')), Step.of(SaveAs(format='jpeg'))]",
        "[cafe, Step.of(Shadow(type='reflection')), Step.of(SaveAs(format='jpeg'))]",
        "[Step.of(Shadow(type='reflection'))]",
    ],
)
def test_the_largest_canvas_stays_within_bounds(steps: str) -> None:
    command = [sys.executable, "-c", MEASURE, steps]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_64_MEGAPIXEL_MB
