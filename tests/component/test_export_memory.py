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

# What `preview_api` has, less its own 140 MB.
MAX_DOWNLOAD_MB = 1400

DOWNLOAD = """
import re
from pathlib import Path
import numpy as np
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.exporting.rendering import exported
from darkroom.picture import Picture
from photo_steps.exports import Target
from darkroom.studio.canvas import frame
from darkroom.studio.sample import bottle
from photo_steps.studio import Frame
small = frame(bottle(1000), Frame(width=1000))
picture = Picture(*(np.kron(part, np.ones((8, 8) + (1,) * (part.ndim - 2), np.uint8))
                    for part in (small.rgb, small.alpha)))
assert (picture.width, picture.height) == (8000, 8000)
stored = encode(picture, "png")
del small, picture
Path("/proc/self/clear_refs").write_text("5")
[made] = exported(decode_photo(stored), [Target(format="jpeg")])
assert made.facts.width_px == 8000
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def test_a_download_of_8000_px_fits_into_the_function_of_previews() -> None:
    command = [sys.executable, "-c", DOWNLOAD]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_DOWNLOAD_MB


def test_the_largest_files_stay_within_bounds() -> None:
    # WebP needs most: JPEG 0.6 of it.
    command = [sys.executable, "-c", MEASURE, "webp"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603
    assert int(done.stdout) / 1024 < MAX_64_MEGAPIXEL_MB
