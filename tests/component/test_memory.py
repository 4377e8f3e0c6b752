"""The largest pictures, 8,000 x 8,000: each in a fresh process, by its peak of memory."""

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
from photo_steps import SaveAs, Step
from photo_steps.studio import Frame, Light, Shadow, Watermark
from photo_steps.templates import templates

def options(*told, **named):
    levels = (np.arange(100, 7900, dtype=np.uint16) % 256)[:, None]
    workflow = background_removal(Tier.BASIC, Options(*told, **named))
    return np.s_[100:7900, 100:7900], levels, workflow, None

def studio(*steps):
    # As wide as the canvas, with room for all of its mirror image below: nothing needs more.
    frame = Step.of(Frame(width=8000, height=8000, fill_percent=100, base_percent=70))
    levels = np.full((5600, 7920), 255, np.uint8)
    levels[:100, :7460] = 0
    light = Step.of(Light(mode="preset", preset="dramatic"))
    workflow = (frame, frame, light, *steps, Step.of(Watermark(text="Lumiku")))
    return np.s_[1200:6800, 40:-40], levels, workflow, 8000

(cafe,) = (step for one in templates() if one.id == "cafe-wood" for step in one.workflow[1:2])
box, levels, workflow, width = eval(sys.argv[1])
rows = np.arange(8000, dtype=np.uint16)
rgb = np.empty((8000, 8000, 3), np.uint8)
rgb[...] = (rows[:, None] % 251)[..., None]
alpha = np.zeros((8000, 8000), np.uint8)
alpha[box] = levels
kept = Kept(0, pack(Picture(rgb, alpha)))
del rgb, alpha, levels
made = run(b"", workflow, Tools(Models(Path, threads=1), Stopwatch()), resume=kept)
assert width in {None, made.files["result"].width_px}
# Not getrusage: its peak survives exec, so it would be that of the test process.
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize(
    "made",
    [
        "options('jpeg', crop=0, max_size=7700)",
        "options(background='white', max_size=64)",
        "options('jpeg', crop=50)",
        "options('webp', background='black')",
        "options('webp', output='mask')",
        "options('webp', max_size=7071)",
        "studio(cafe, Step.of(Shadow(type='natural')), Step.of(SaveAs(format='jpeg')))",
        "studio(cafe, Step.of(Shadow(type='reflection')), Step.of(SaveAs(format='jpeg')))",
        "studio(Step.of(Shadow(type='reflection')))",
    ],
)
def test_the_largest_picture_stays_within_bounds(made: str) -> None:
    command = [sys.executable, "-c", MEASURE, made]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_64_MEGAPIXEL_MB
