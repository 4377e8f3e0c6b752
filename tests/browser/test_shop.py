"""From 20 photos to what a marketplace takes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from local.layout import ROOT
from tests.browser.visit import COUNT_TAPS, PHONE, Visit
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service

PHOTOS = 20


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    """Somebody who topped up, whose plan makes 20 photos at once."""
    with buyer(service, credits=150) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        data(opened("POST", path, json={"status": "paid", "token": token}))
        yield opened


@pytest.fixture
def lamps(tmp_path: Path) -> list[Path]:
    """Lamps that all differ."""
    photos = [tmp_path / f"lamp-{number:02}.jpg" for number in range(PHOTOS)]
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        for number, photo in enumerate(photos):
            picture.rotate(number / 4, expand=False).resize((520, 520)).save(photo)
    return photos


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_few_taps_lead_from_20_photos_to_a_zip_for_shopee(
    visit: Visit,
    service: Service,
    seller: Buyer,
    lamps: list[Path],
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = service.balance(seller.person)
    visit.enter(seller.person)
    visit.page.add_init_script(COUNT_TAPS)
    visit.open("studio")
    visit.sees("Belum ada proyek", "No projects yet")
    visit.button("Proyek baru", "New project").click()
    visit.page.keyboard.type("Lampu")  # the name is where one writes
    visit.button("Buat proyek", "Create project").click()
    visit.page.get_by_role("heading", name="Lampu").wait_for()
    with visit.page.expect_file_chooser() as chooser:
        visit.page.locator("main label", has_text=visit.word("Pilih foto", "Choose photos")).click()
    chooser.value.set_files(lamps)
    visit.button("Unggah 20 foto · 40 kredit", "Upload 20 photos · 40 credits").click()
    visit.page.set_default_timeout(240_000)
    visit.page.get_by_text(visit.word("20 foto tersimpan", "20 photos kept")).wait_for()
    visit.link("Banyak foto sekaligus", "Many photos at once").click()
    visit.page.locator(".picker .template").first.click()
    visit.button("Buat 20 foto · 110 kredit", "Make 20 photos · 110 credits").click()
    done = visit.word("20 dari 20 foto selesai", "20 of 20 photos done")
    visit.page.get_by_text(done).wait_for()
    visit.link("Ekspor", "Export").click()
    visit.page.get_by_role("checkbox", name="Shopee").check()
    visit.button("Ekspor 20 foto · 5 kredit", "Export 20 photos · 5 credits").click()
    visit.page.get_by_text(visit.word("Ekspor siap", "The export is ready")).wait_for()
    with visit.page.expect_download() as saved:
        visit.button("Unduh ZIP", "Download ZIP").click()
    saved.value.save_as(tmp_path / "shop.zip")
    taps = visit.page.evaluate("window.taps")
    with capsys.disabled():
        told = pytestconfig.get_terminal_writer()
        told.line(f"\n{visit.look}: {taps} taps from {PHOTOS} photos to a ZIP for Shopee")
    assert taps == 11
    with zipfile.ZipFile(tmp_path / "shop.zip") as archive:
        assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == PHOTOS
    assert service.balance(seller.person) == before - 155
    expect(visit.page.get_by_role("alert")).to_have_count(0)
