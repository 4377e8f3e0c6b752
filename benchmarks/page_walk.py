"""500 files through the page on the laptop cloud, the tab reloaded in the middle.

`python -m benchmarks.page_walk [--files 500]`: in Chromium as a phone, tier basic. Of the files six
in a hundred are no photos: half of these say so by their names and are left out at once, the other
half look like photos until the service opens them. Once a fifth is sent the tab is reloaded and the
same files are chosen again. Every photo must end, and be charged once.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page, expect

from benchmarks import laptop, report
from benchmarks import photos as photo_files
from benchmarks.batch_load import shrunk
from local import page
from local.layout import ROOT
from lumiku.apps.remover.prices import Tier, price
from tests.browser.chromium import chromium
from tests.browser.visit import PHONE, Visit
from tests.e2e.service import Person, Service

STATE = ROOT / ".local" / "bench-page"
SIDE_PX = 320
CREDITS = 10_000
NO_PHOTOS = 0.06
SENT_BEFORE_RELOAD = 0.2
PATIENCE_MS = 20 * 60_000
_FILES = "input[type=file]:not([webkitdirectory])"


@dataclass(frozen=True)
class Walk:
    """What one walk came to."""

    batch_id: str
    seconds: float
    uploads: int


def files(number: int, folder: Path) -> tuple[list[Path], int, int]:
    """So many files, how many of them have names of no photos, and how many only look like one."""
    bad = round(number * NO_PHOTOS)
    named, disguised = bad // 2, bad - bad // 2
    good = shrunk(photo_files.choose(None, number - bad), folder / "photos", SIDE_PX)
    notes = [folder / f"notes-{n}.txt" for n in range(named)]
    broken = [folder / f"broken-{n}.jpg" for n in range(disguised)]
    for path in [*notes, *broken]:
        path.write_text(f"no photo: {path.name}")
    return [*good, *notes, *broken], named, disguised


def walk(browser: Browser, url: str, person: Person, chosen: Sequence[Path], named: int) -> Walk:
    """Choose, order, reload, choose again, and look until the ZIP is there."""
    context = browser.new_context(**PHONE.device, base_url=url)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    visit = Visit(context.new_page(), PHONE)
    seen, uploads = visit.page, 0

    def uploaded(_: object) -> None:
        nonlocal uploads
        uploads += 1

    seen.on("requestfinished", lambda r: uploaded(r) if _is_upload(r.method, r.url) else None)
    seen.on("dialog", lambda dialog: dialog.accept())
    visit.enter(person)
    visit.open()
    seen.get_by_role("radio", name="Basic").check()
    began = time.perf_counter()
    seen.locator(f"main {_FILES}").first.set_input_files(chosen)
    visit.sees(f"{named} berkas tidak ikut", "")
    seen.get_by_role("button", name=f"Proses {len(chosen) - named} foto").click()
    seen.wait_for_url("**/#/batch/*")
    _wait(seen, lambda: uploads >= len(chosen) * SENT_BEFORE_RELOAD)
    seen.reload()
    seen.locator(f".notice {_FILES}").first.set_input_files(chosen)
    seen.get_by_role("button", name="Unduh ZIP").wait_for()
    seconds = time.perf_counter() - began
    batch_id = seen.url.rpartition("/")[2]
    context.close()
    return Walk(batch_id, seconds, uploads)


def _is_upload(method: str, url: str) -> bool:
    return method == "POST" and "/api/" not in url


def _wait(seen: Page, holds: Callable[[], bool]) -> None:
    while not holds():
        seen.wait_for_timeout(100)


def main(
    number: Annotated[int, typer.Option("--files", help="Files that are chosen")] = 500,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = STATE,
) -> None:
    """Walk, count and print."""
    with laptop.laptop_cloud(state) as (layout, outputs), TemporaryDirectory() as name:
        service = Service(layout, outputs)
        page.upload(layout)
        chosen, named, disguised = files(number, Path(name))
        person = service.newcomer(CREDITS)
        with chromium() as browser:
            walked = walk(browser, outputs.page_url, person, chosen, named)
        states = Counter(job.status.value for job in service.groups.group_jobs(walked.batch_id))
        moved = service.moved(person, walked.batch_id)
        service.balance(person)
        service.close()
    ordered, photos = number - named, number - named - disguised
    owed = price(Tier.BASIC, photos).total
    report.table(
        {"the walk": "", "": ".1f"},
        [
            ("files chosen", number),
            ("left out by their names", named),
            ("seconds from choosing to the ZIP", walked.seconds),
            ("uploads that went out", walked.uploads),
            *((f"photos {state}", count) for state, count in sorted(states.items())),
            ("credits", -sum(moved)),
        ],
    )
    report.verdict("every photo has ended", sum(states.values()) == ordered)
    report.verdict(f"{photos} photos are done", states["completed"] == photos)
    report.verdict(f"charged once, {owed} credits", -sum(moved) == owed and len(moved) == 2)
    report.figures(
        files=number,
        left_out=named,
        states=dict(states),
        seconds=round(walked.seconds, 1),
        uploads=walked.uploads,
        credits=-sum(moved),
        owed=owed,
    )


if __name__ == "__main__":
    typer.run(main)
