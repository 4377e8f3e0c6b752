"""Make the page's pictures: samples to try, and what each tier makes of a photo.

usage: python -m scripts.page_pictures, while `make serve` runs. Look at each of them.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from benchmarks.photos import OPEN
from local import samples
from local.layout import Layout, Outputs
from lumiku.apps.remover.prices import Tier
from lumiku_client import Client
from scripts.template import ROOT

PUBLIC = ROOT / "web" / "public"
_SAMPLE_PX = 900
_SHOWN = "syl_books.jpg"
_DETAIL_PX = (284, 0, 1004, 540)  # of it, with the thin frame of the glasses


def main() -> None:
    """Write `web/public/samples/NAME.jpg` and what is made of them in `web/public/examples`."""
    layout = Layout()
    outputs = Outputs.read(layout)
    if outputs is None:
        sys.exit("The laptop cloud is not there: make serve")
    photos = {
        "coffee": samples.write(layout) / "coffee.png",
        "lamp": OPEN / "u2_lamp2_meitu_1.jpg",
        "ice-cream": OPEN / "wob_test-ice-cream.png",
    }
    for name, path in photos.items():
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((_SAMPLE_PX, _SAMPLE_PX))
        picture.save(_below("samples") / f"{name}.jpg", quality=85, optimize=True)
    with (
        Client(outputs.api_url, email=outputs.email, password=outputs.password) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        lamp = client.remove(photos["lamp"], Tier.INDUSTRY, Path(folder) / "lamp.png").path
        Image.open(lamp).save(_below("examples") / "lamp.webp", quality=80)
        for tier in Tier:
            path = client.remove(OPEN / _SHOWN, tier, Path(folder) / f"{tier}.png").path
            detail = Image.open(path).crop(_DETAIL_PX).resize((560, 420))
            detail.save(_below("examples") / f"{tier}.webp", quality=80)


def _below(folder: str) -> Path:
    (PUBLIC / folder).mkdir(parents=True, exist_ok=True)
    return PUBLIC / folder


if __name__ == "__main__":
    main()
