"""Time and size of a 12 MP cut-out as PNG and WebP: `python -m benchmarks.encode`.

The picture is scikit-image's coffee cup, enlarged to 12 MP with the noise of a camera sensor, cut
out by a soft disc. Pillow's default PNG of the raw cut-out counts as 1. Seconds are of the CPU, so
that other work on the machine does not count.
"""

import io
import time
from collections.abc import Callable
from functools import partial
from importlib import resources

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

from benchmarks import plots
from darkroom.encode import encode, join_visible
from darkroom.picture import Bytes, Picture

WIDTH_PX, HEIGHT_PX = 4240, 2830
SUBJECT_SHARE = 0.45
NOISE_LEVELS = 3.0
REPEATS = 3
MAX_TIME_RATIO, MAX_SIZE_RATIO = 0.25, 0.8

type Encoder = Callable[[], bytes]


def cut_out() -> tuple[Bytes, Bytes]:
    """Make (2830, 4240, 3) colours and an alpha that shows `SUBJECT_SHARE` of them."""
    size = (WIDTH_PX, HEIGHT_PX)
    with resources.files("skimage.data").joinpath("coffee.png").open("rb") as file:
        large = Image.open(file).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    noise = np.random.default_rng(12).normal(0, NOISE_LEVELS, (HEIGHT_PX, WIDTH_PX, 3))
    rgb = np.rint(np.asarray(large) + noise).clip(0, 255).astype(np.uint8)
    return rgb, disc(SUBJECT_SHARE)


def disc(share: float) -> Bytes:
    """Alpha of an ellipse that covers `share` of the picture, soft over about 16 pixels."""
    down, across = np.mgrid[-1 : 1 : HEIGHT_PX * 1j, -1 : 1 : WIDTH_PX * 1j]
    radius = np.sqrt(share * 4 / np.pi)
    cover = 0.5 + (radius - np.hypot(down, across)) * HEIGHT_PX / 2 / 16
    return np.asarray(cover.clip(0, 1) * 255, np.uint8)


def pillow(image: Image.Image, **options: int) -> bytes:
    """Encode as Pillow does."""
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def candidates(rgb: Bytes, alpha: Bytes) -> dict[str, Encoder]:
    """What is compared; the first is the yardstick, the second is what the service sends."""
    picture = Picture(rgb, alpha)
    raw = Image.fromarray(np.dstack([rgb, alpha]))
    blank = join_visible(rgb, alpha)
    return {
        "Pillow default": partial(pillow, raw),
        "darkroom PNG": partial(encode, picture, "png"),
        "hidden colour 0": partial(pillow, blank),
        "level 1": partial(pillow, raw, compress_level=1),
        "hidden 0, level 1": partial(pillow, blank, compress_level=1),
        "darkroom WebP": partial(encode, picture, "webp"),
    }


def measure(encoder: Encoder) -> tuple[float, int]:
    """Give the least CPU seconds of a few runs, and the bytes."""
    seconds, size = [], 0
    for _ in range(REPEATS):
        start = time.process_time()
        size = len(encoder())
        seconds.append(time.process_time() - start)
    return min(seconds), size


def draw(measured: dict[str, tuple[float, int]]) -> None:
    """Plot seconds against megabytes."""
    figure, axes = plt.subplots(figsize=(7, 4.5))
    for name, (seconds, size) in measured.items():
        axes.scatter(seconds, size / 1e6, s=60)
        axes.annotate(name, (seconds, size / 1e6), xytext=(7, 4), textcoords="offset points")
    axes.set(xlabel="CPU seconds", ylabel="megabytes", title="A 12 MP cut-out, encoded")
    axes.set_xlim(left=0, right=axes.get_xlim()[1] * 1.15)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    plots.save(figure, "encode")


def main() -> None:
    """Measure, print, plot."""
    measured = {name: measure(encoder) for name, encoder in candidates(*cut_out()).items()}
    base_s, base_bytes = measured["Pillow default"]
    plots.print_table(
        ("12 MP cut-out", "CPU s", "MB", "time ratio", "size ratio"),
        [
            (name, f"{s:.2f}", f"{size / 1e6:.1f}", f"{s / base_s:.2f}", f"{size / base_bytes:.2f}")
            for name, (s, size) in measured.items()
        ],
    )
    draw(measured)
    ours_s, ours_bytes = measured["darkroom PNG"]
    figures = {"png_time_ratio": ours_s / base_s, "png_size_ratio": ours_bytes / base_bytes}
    within = ours_s <= MAX_TIME_RATIO * base_s and ours_bytes <= MAX_SIZE_RATIO * base_bytes
    print(f"at most {MAX_TIME_RATIO} and {MAX_SIZE_RATIO}: {'yes' if within else 'NO'}")
    plots.print_figures({name: round(value, 3) for name, value in figures.items()})


if __name__ == "__main__":
    main()
