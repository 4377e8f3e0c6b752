"""One batch of thousands on the laptop cloud: `python -m benchmarks.large [--photos 5000]`.

process_photo waits 10 ms in the place of its step, as in `benchmarks.batch`; 500 of the photos are
real ones of 2 MB, the others small. Every row, object, ledger entry and ZIP entry is counted, and
what the group's own rows weigh beside those of a batch of ten.
"""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from PIL import Image, ImageOps

from benchmarks import batch_load, laptop, report
from benchmarks import photos as photo_files
from benchmarks.batch import CREDITS, CROWD_SIDE_PX
from benchmarks.batch_load import Sent
from local.layout import ROOT
from tests.e2e.service import Service

STATE = ROOT / ".local" / "bench-large"
REAL_BYTES = 2_000_000
DIFFERENT = 25
"""So many real photos are made, and sent again and again."""
FEW = 10


def of_two_megabytes(photos: Iterable[Path], folder: Path) -> list[Path]:
    """JPEGs of the photos, none smaller than that and few much larger."""
    folder.mkdir()
    written = []
    for number, photo in enumerate(photos):
        with Image.open(photo) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        side, data = 1000, b""
        while len(data) < REAL_BYTES:
            side = side * 9 // 8
            sized = ImageOps.contain(image, (side, side))
            sized.save(file := io.BytesIO(), "JPEG", quality=97, subsampling=0)
            data = file.getvalue()
        (path := folder / f"real-{number:02d}.jpg").write_bytes(data)
        written.append(path)
    return written


def mixed(small: Sequence[Path], large: Sequence[Path], photos: int, real: int) -> list[Path]:
    """So many photos, the real ones spread evenly among the small ones."""
    return [
        large[place % len(large)]
        if place * real // photos != (place + 1) * real // photos
        else small[place % len(small)]
        for place in range(photos)
    ]


def weights(service: Service, sent: Sent) -> tuple[int, int]:
    """Bytes of the group's row, and of the largest of its others that are no jobs, as JSON."""
    found = service.rows.query(
        "pk = :group AND sk > :jobs",
        {":group": f"GROUP#{sent.batch_id}", ":jobs": "JOB#~"},
    )
    sizes = {row["sk"]: len(json.dumps(row, default=str)) for row in found}
    return sizes.pop("META"), max(sizes.values())


def main(
    photos: Annotated[int, typer.Option(help="Photos of the batch")] = 5000,
    real: Annotated[int, typer.Option(help="How many of them are of 2 MB")] = 500,
    folder: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = STATE,
) -> None:
    """Measure and print."""
    with laptop.laptop_cloud(state) as (layout, outputs), TemporaryDirectory() as name:
        service, work = Service(layout, outputs), Path(name)
        chosen = photo_files.choose(folder, DIFFERENT)
        large = of_two_megabytes(chosen, work / "real")
        small = batch_load.shrunk(chosen, work / "small", CROWD_SIDE_PX)
        person = service.newcomer(CREDITS)
        with batch_load.ten_ms_step(service):
            few = batch_load.send_batch(person, small[:FEW], work / "few.zip")
            both = mixed(small, large, photos, real)
            many = batch_load.send_batch(person, both, work / "many.zip")
        counts = [batch_load.count(service, sent) for sent in (few, many)]
        moved = service.moved(person, many.batch_id)
        rows = [weights(service, sent) for sent in (few, many)]
        sizes = [path.stat().st_size for path in many.archives]
        service.close()
    report.table(
        {"batch": "", "seconds": ".0f", "row": ",", "largest beside it": ",", "ZIPs": ""},
        [
            (f"{sent.pace.photos} photos", sent.pace.seconds, *weighed, len(sent.archives))
            for sent, weighed in zip((few, many), rows, strict=True)
        ],
    )
    lost, double = sum(c.lost for c in counts), sum(c.double for c in counts)
    report.verdict("nothing is lost or there twice", lost == double == 0)
    report.verdict("charged once, nothing to give back", len(moved) == 1)
    report.verdict("the group's row does not grow", rows[1][0] - rows[0][0] < 100)
    report.verdict("no ZIP is larger than 2 GiB", max(sizes) <= 2 * 1024**3)
    report.figures(
        photos=photos,
        real=real,
        seconds=round(many.pace.seconds),
        per_minute=round(many.pace.per_minute),
        lost=lost,
        double=double,
        settlements=len(moved),
        row_bytes={"10": rows[0][0], str(photos): rows[1][0]},
        zips=len(sizes),
        largest_zip_mb=round(max(sizes) / 1e6),
    )


if __name__ == "__main__":
    typer.run(main)
