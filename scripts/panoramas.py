"""Make the panoramas of the scenes again: `python -m scripts.panoramas PACKAGE.tgz`.

PACKAGE is `@pmndrs/assets` 1.7.0 as `npm pack` downloads it: CC0-1.0, 18 panoramas of Poly Haven as
EXR inside JavaScript. Reading EXR takes the package OpenEXR, which nothing else here needs:
`uv pip install OpenEXR==3.5.3`. They are stored at 512 x 256 as WebP of the logarithm of their
light: they are only ever seen out of focus.
"""

import base64
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from darkroom.studio.scenes.panorama import FOLDER, NAMES, cleaned, packed

_PREFIX = "package/hdri/"


def main(package: Path) -> None:
    """Decode every panorama of the package and write it where scenes look for it."""
    with tarfile.open(package) as archive:
        for name in NAMES:
            file = archive.extractfile(f"{_PREFIX}{name}.exr.js")
            if file is None:
                raise SystemExit(f"{package} holds no {name}")
            light = cleaned(decoded(file.read().decode()))
            image = Image.fromarray(packed(light))
            image.save(FOLDER / f"{name}.webp", quality=92, method=6)
            sys.stdout.write(f"{name} {(FOLDER / f'{name}.webp').stat().st_size} bytes\n")
        licence = archive.extractfile("package/LICENSE")
        if licence is not None:
            (FOLDER / "LICENCE.txt").write_bytes(licence.read())


def decoded(script: str) -> np.ndarray:
    """Read the EXR inside a script: (256, 512, 3) float32 linear light."""
    import OpenEXR  # type: ignore[import-not-found]

    data = base64.b64decode(script.split("base64,", 1)[1].split("'", 1)[0])
    # It reads files only.
    with tempfile.NamedTemporaryFile(suffix=".exr") as file:
        file.write(data)
        file.flush()
        with OpenEXR.File(file.name) as exr:
            channels = exr.channels()
            found = channels.get("RGB") or channels.get("RGBA")
            if found is not None:
                return np.asarray(found.pixels[..., :3], np.float32)
            return np.stack([np.asarray(channels[c].pixels, np.float32) for c in "RGB"], axis=-1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
