"""What exports cost: `python -m benchmarks.export [--photos 100]`.

Products of a shop, cut out by the tier basic, and open photos with their true alpha, in turn; every
other one throws a shadow. Each becomes three formats for three places. CPU seconds of all that an
export does (unpack, place, compose, reduce, encode, decode again and measure, thumbnails), against
what Pillow takes to resize the finished pictures to the same sizes and to save them in the same
formats and qualities: as it does by itself, and with the settings of the export. Their turns
alternate from photo to photo. The peak is that of a process that only exports. Each file is judged
a second time by a checker with rules of its own, and the bundles are made a ZIP and, against that,
copied.
"""

import io
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import typer
from PIL import Image

from benchmarks import own_process, photos, report
from darkroom import cutout
from darkroom.decode import decode_photo
from darkroom.exporting.rendering import Made, exported
from darkroom.keeping import pack, unpack
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch
from photo_steps import Format
from photo_steps.bundles import bundled
from photo_steps.exports import targets
from photo_steps.studio import Shadow
from tests.unit.darkroom.exporting import checker

FORMATS: tuple[Format, ...] = ("jpeg", "png", "webp")
PLACES = ("shopee", "instagram-portrait", "website")
BACKDROP = (238, 236, 232)
# Pillow's own, and what darkroom.encode chooses for most pictures.
BARE: dict[str, dict[str, Any]] = {"jpeg": {"subsampling": "4:4:4"}, "png": {}, "webp": {}}
SAME = BARE | {"png": {"compress_level": 3}, "webp": {"method": 2}}
MIN_RATIO = 0.8
PEAK_STEP = 3


def prepare(folder: Path) -> None:
    """Cut out every photo and keep it as the service does."""
    found = [Picture(one.picture.rgb, one.truth) for one in photos.judged()]
    models = Models(fetch, threads=1)
    recipe = cutout.by_models(RECIPES["basic"], models)
    for path in photos.choose(photos.PRODUCTS, len(list(photos.PRODUCTS.glob("*.jpg")))):
        found.append(cutout.cut_out(decode_photo(path.read_bytes()), recipe))
    for number, picture in enumerate(found):
        shadow = Shadow(type="natural") if number % 2 else None
        kept = pack(replace(picture, backdrop=BACKDROP, shadow=shadow))
        (folder / f"{number:03}.png").write_bytes(kept)
    report.figures(photos=len(found))


def saved(made: list[Made], options: dict[str, dict[str, Any]]) -> float:
    """CPU seconds in which Pillow alone resizes and encodes the same files."""
    largest = max(made, key=lambda one: one.facts.width_px)
    source = Image.open(io.BytesIO(largest.data)).convert("RGB")
    start = time.process_time()
    for one in made:
        facts = one.facts
        image = source.resize((facts.width_px, facts.height_px), Image.Resampling.LANCZOS)
        quality = {"quality": facts.quality} if facts.quality else {}
        form = facts.target.format
        image.save(io.BytesIO(), form.upper(), **quality, **options[form])
    return time.process_time() - start


def disagreements(made: list[Made]) -> Iterator[str]:
    """Rules of which the report and the checker say different things."""
    clean = {one.facts.target.destination: one for one in made if one.facts.target.format == "png"}
    for one in made:
        target = one.facts.target
        told = {check.rule for check in one.facts.checks if not check.holds}
        place = target.destination or ""
        for rule in told ^ checker.broken(one.data, place, clean[place].data):
            yield f"{place} {target.format}: {rule}"


def measured(kept: Iterable[bytes], bundles: Path) -> dict[str, Any]:
    """CPU seconds by way, bytes, failed rules and disagreements; leaves a bundle of each photo."""
    wanted = targets(FORMATS, [], PLACES)
    sums: defaultdict[str, float] = defaultdict(float)
    failed: Counter[str] = Counter()
    unlike: Counter[str] = Counter()
    bundles.mkdir(parents=True, exist_ok=True)
    for data in kept:
        start = time.process_time()
        made = list(exported(unpack(data), wanted))
        sums["ours"] += time.process_time() - start
        sums["bare"] += saved(made, BARE)
        sums["same"] += saved(made, SAME)
        sums["files"] += len(made)
        sums["bytes"] += sum(one.facts.size_bytes for one in made)
        failed.update(
            f"{one.facts.target.destination} {one.facts.target.format}: {check.rule}"
            for one in made
            for check in one.facts.checks
            if not check.holds
        )
        unlike.update(disagreements(made))
        place = bundles / f"{len(list(bundles.iterdir())):03}"
        place.write_bytes(bundled((one.data, one.facts) for one in made))
    return {"sums": dict(sums), "failed": dict(failed), "unlike": dict(unlike)}


def alone(folder: Path) -> None:
    """Export some photos of a folder, and nothing else; print the peak."""
    wanted = targets(FORMATS, [], PLACES)
    for path in sorted(folder.iterdir())[::PEAK_STEP]:
        for _ in exported(unpack(path.read_bytes()), wanted):
            pass
    report.figures(peak_mb=round(own_process.memory_bytes("VmHWM") / 1e6))


def main(
    count: Annotated[int, typer.Option("--photos", help="How many photos to export")] = 100,
    prepared: Annotated[Path | None, typer.Option(hidden=True)] = None,
    peak: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure and print."""
    if prepared:
        prepare(prepared)
        return
    if peak:
        alone(peak)
        return
    with tempfile.TemporaryDirectory() as made_in:
        folder, packed = Path(made_in, "kept"), Path(made_in, "packed")
        folder.mkdir()
        own_process.run("export", "--prepared", folder)
        kept = [path.read_bytes() for path in sorted(folder.iterdir())]
        peak_mb = own_process.run("export", "--peak", folder)["peak_mb"]
        found = measured(islice(cycle(kept), count), packed / "out")
        ways = {way: own_process.run("packing", way, packed) for way in ("ZIP of bundles", "copy")}
    sums = found["sums"]
    files = round(sums["files"])
    ratios = {way: sums[way] / sums["ours"] for way in ("bare", "same")}
    report.table(
        {f"{count} photos, {files} files": "", "CPU ms a file": ".0f", "ratio": ".2f"},
        [
            ("an export", 1000 * sums["ours"] / files, 1.0),
            ("Pillow by itself", 1000 * sums["bare"] / files, ratios["bare"]),
            ("Pillow, same settings", 1000 * sums["same"] / files, ratios["same"]),
        ],
    )
    report.table({"Rules that do not hold": "", "files": ".0f"}, sorted(found["failed"].items()))
    report.table(
        {f"{count} bundles": "", "CPU s": ".2f", "peak MB": ".0f"},
        [(way, cost["cpu_seconds"], cost["peak_mb"]) for way, cost in ways.items()],
    )
    report.verdict(f"Pillow by itself takes at least {MIN_RATIO}", ratios["bare"] >= MIN_RATIO)
    report.verdict("A checker of its own agrees on every file", not found["unlike"])
    report.figures(
        files=files,
        ms_per_file=round(1000 * sums["ours"] / files, 1),
        bare_ratio=round(ratios["bare"], 2),
        same_ratio=round(ratios["same"], 2),
        kb_per_file=round(sums["bytes"] / files / 1000),
        peak_mb=peak_mb,
        failed=found["failed"],
        unlike=found["unlike"],
        packing=ways,
    )


if __name__ == "__main__":
    typer.run(main)
