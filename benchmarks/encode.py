"""Time and size of cut-outs as PNG and WebP: `python -m benchmarks.encode [--folder PHOTOS]`.

Photos of a shop, cut out by the tier basic, as PNGs by run lengths alone, as the service makes them
and as Pillow does. Then one picture of 12 MP: scikit-image's coffee cup, enlarged, with the noise
of a camera sensor, cut out by a soft disc. Pillow's default PNG of the raw cut-out counts as 1.
Seconds are of the CPU, so that other work on the machine does not count; the least of three turns.
"""

import io
import time
import zlib
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from benchmarks import photos, report
from darkroom import cutout
from darkroom.decode import decode_photo
from darkroom.encode import as_image, encode, join_visible
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch

WIDTH_PX, HEIGHT_PX = 4240, 2830
SUBJECT_SHARE = 0.45
NOISE_LEVELS = 3.0
TURNS = 3
PHOTOS = 30
MAX_TIME_RATIO, MAX_SIZE_RATIO = 0.25, 0.8


def cut_out() -> tuple[Bytes, Bytes]:
    """Make (2830, 4240, 3) colours and an alpha that shows `SUBJECT_SHARE` of them."""
    size = (WIDTH_PX, HEIGHT_PX)
    with resources.files("skimage.data").joinpath("coffee.png").open("rb") as file:
        large = Image.open(file).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    noise = np.random.default_rng(12).normal(0, NOISE_LEVELS, (HEIGHT_PX, WIDTH_PX, 3))
    rgb = np.rint(np.asarray(large) + noise).clip(0, 255).astype(np.uint8)
    # An ellipse, soft over about 16 pixels.
    down, across = np.mgrid[-1 : 1 : HEIGHT_PX * 1j, -1 : 1 : WIDTH_PX * 1j]
    radius = np.sqrt(SUBJECT_SHARE * 4 / np.pi)
    cover = 0.5 + (radius - np.hypot(down, across)) * HEIGHT_PX / 2 / 16
    return rgb, np.asarray(cover.clip(0, 1) * 255, np.uint8)


def pillow(image: Image.Image, **options: int) -> bytes:
    """Encode as Pillow does."""
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def timed(encoder: Callable[[], bytes]) -> tuple[float, int]:
    """CPU seconds and bytes."""
    start = time.process_time()
    size = len(encoder())
    return time.process_time() - start, size


def of_photos(folder: Path | None) -> tuple[float, float]:
    """Print size and time of photos' cut-outs; answers the size of PNG and WebP to run lengths'."""
    models = Models(fetch, threads=1)
    found = set(photos.choose(folder, PHOTOS))
    pictures = [
        cutout.cut_out(decode_photo(photo.read_bytes()), cutout.by_models(RECIPES["basic"], models))
        for photo in sorted(found)
    ]
    images = [as_image(picture) for picture in pictures]
    ways: dict[str, list[Callable[[], bytes]]] = {
        "PNG by run lengths": [
            partial(pillow, i, compress_level=1, compress_type=zlib.Z_RLE) for i in images
        ],
        "darkroom PNG": [partial(encode, picture, "png") for picture in pictures],
        "PNG, level 6": [partial(pillow, image) for image in images],
        "darkroom WebP": [partial(encode, picture, "webp") for picture in pictures],
    }
    sums = {}
    for name, encoders in ways.items():
        runs = [min(timed(encoder) for _ in range(TURNS)) for encoder in encoders]
        sums[name] = (sum(s for s, _ in runs), sum(size for _, size in runs))
    _, base_bytes = sums["PNG by run lengths"]
    report.table(
        {f"{len(images)} photos": "", "CPU s": ".2f", "MB": ".1f", "size ratio": ".3f"},
        [(name, s, size / 1e6, size / base_bytes) for name, (s, size) in sums.items()],
    )
    return sums["darkroom PNG"][1] / base_bytes, sums["darkroom WebP"][1] / base_bytes


def main(
    folder: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
) -> None:
    """Measure and print."""
    png, webp = of_photos(folder or (photos.PRODUCTS if photos.PRODUCTS.is_dir() else None))
    rgb, alpha = cut_out()
    picture = Picture(rgb, alpha)
    raw = Image.fromarray(np.dstack([rgb, alpha]))
    blank = join_visible(rgb, alpha)
    encoders: dict[str, Callable[[], bytes]] = {
        "Pillow default": partial(pillow, raw),
        "darkroom PNG": partial(encode, picture, "png"),
        "hidden colour 0": partial(pillow, blank),
        "level 1": partial(pillow, raw, compress_level=1),
        "hidden 0, level 1": partial(pillow, blank, compress_level=1),
        "darkroom WebP": partial(encode, picture, "webp"),
    }
    ways = {name: partial(timed, encoder) for name, encoder in encoders.items()}
    measured = {name: min(runs) for name, runs in report.take_turns(ways, TURNS).items()}
    base_s, base_bytes = measured["Pillow default"]
    report.table(
        {"12 MP cut-out": "", "CPU s": ".2f", "MB": ".1f"}
        | {"time ratio": ".2f", "size ratio": ".2f"},
        [
            (name, seconds, size / 1e6, seconds / base_s, size / base_bytes)
            for name, (seconds, size) in measured.items()
        ],
    )
    ours_s, ours_bytes = measured["darkroom PNG"]
    time_ratio, size_ratio = ours_s / base_s, ours_bytes / base_bytes
    report.verdict(
        f"at most {MAX_TIME_RATIO} and {MAX_SIZE_RATIO}",
        time_ratio <= MAX_TIME_RATIO and size_ratio <= MAX_SIZE_RATIO,
    )
    report.figures(
        png_time_ratio=round(time_ratio, 3),
        png_size_ratio=round(size_ratio, 3),
        photos_png=round(png, 3),
        photos_webp=round(webp, 3),
    )


if __name__ == "__main__":
    typer.run(main)
