"""A batch: chosen, refused early, priced, sent, cut short, gone on with, saved."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visit import DESK, PHONE, Gate, Visit
from tests.e2e.service import Service, until


def test_a_batch_is_chosen_priced_sent_and_saved(
    visit: Visit, service: Service, photos: list[Path], tmp_path: Path
) -> None:
    person = service.newcomer()
    text, empty = tmp_path / "notes.txt", tmp_path / "empty.png"
    text.write_text("not a photo")
    empty.touch()
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos[:-1])
    visit.sees("5 foto dipilih", "5 photos chosen")
    visit.choose(photos[0], photos[-1], text, empty)
    visit.sees("3 berkas tidak ikut", "3 files left out")
    visit.sees("notes.txt", "notes.txt")
    visit.sees("Tambah 14 foto lagi untuk diskon 5%", "Add 14 photos for 5% off")
    visit.page.get_by_role("radio", name=visit.word("Putih", "White")).check()
    visit.looks_well("batch-chosen")
    visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits").click()

    zipped = visit.button("Unduh ZIP", "Download ZIP")
    expect(zipped).to_be_visible()
    visit.sees("6 foto selesai", "6 photos done")
    expect(visit.page.locator(".tile img")).to_have_count(len(photos))
    visit.looks_well("batch-done")
    with visit.page.expect_download() as saved:
        zipped.click()
    saved.value.save_as(tmp_path / "results.zip")
    with zipfile.ZipFile(tmp_path / "results.zip") as archive:
        assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == len(photos)
    assert service.balance(person) == 50 - 18

    visit.open("history/batches")
    visit.sees("Batch 6 foto", "Batch of 6 photos")
    visit.looks_well("history-batches")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_folder_s_photos_keep_the_names_of_their_folders(
    visit: Visit, service: Service, photos: list[Path], tmp_path: Path
) -> None:
    for photo, folder in zip(photos, ("left", "right"), strict=False):
        (tmp_path / "shop" / folder).mkdir(parents=True)
        (tmp_path / "shop" / folder / "IMG_1.jpg").write_bytes(photo.read_bytes())
    visit.enter(service.newcomer())
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.page.locator("input[webkitdirectory]").set_input_files(tmp_path / "shop")
    visit.sees("2 foto dipilih", "2 photos chosen")
    visit.button("Proses 2 foto", "Process 2 photos · 6 credits").click()
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    visit.sees("shop/left/IMG_1.jpg", "shop/left/IMG_1.jpg")
    visit.sees("shop/right/IMG_1.jpg", "shop/right/IMG_1.jpg")


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_reloaded_page_sends_only_what_is_missing_and_it_is_charged_once(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos)
    uploads = Gate(visit.page, f"**/{service.bucket}", through=3, refusal="failed")
    visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits").click()
    visit.sees("dari 6 foto", "of 6 photos")
    until(lambda: uploads.passed == 3 or None)
    batch_id = visit.page.url.rpartition("/")[2]
    visit.problems.clear()  # The network was cut here.
    visit.page.on("dialog", lambda dialog: dialog.accept())
    visit.page.reload()
    uploads.open()
    visit.problems.clear()

    visit.sees("3 foto belum terkirim", "3 photos not sent yet")
    visit.looks_well("batch-resume")
    posts: list[str] = []
    visit.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    visit.choose(*photos, among=".notice")
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    assert len([url for url in posts if url.endswith(service.bucket)]) == 3
    assert service.balance(person) == 50 - 18
    assert service.moved(person, batch_id) == [-18]


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_batch_is_cancelled_and_given_back(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos)
    with service.held_back("ProcessPhotoStandard"):
        visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits").click()
        visit.button("Batalkan batch", "Cancel the batch").click()
        visit.looks_well("batch-cancel")
        visit.button("Ya, batalkan", "Yes, cancel it").click()
        visit.sees("18 kredit dikembalikan", "18 credits given back")
    assert service.balance(person) == 50
