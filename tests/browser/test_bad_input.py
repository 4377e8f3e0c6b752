"""What goes wrong in the middle: it is said, and nothing is lost or charged twice."""

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.visit import DESK, PHONE, Gate, Visit
from tests.e2e.service import Person, Service, until

on_a_phone = pytest.mark.parametrize("look", [PHONE], ids=str)
at_a_desk = pytest.mark.parametrize("look", [DESK], ids=str)


def _choose(visit: Visit, person: Person, photos: list[Path]) -> None:
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos)


def _order(visit: Visit) -> None:
    visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits").click()


def _zip_is_there(visit: Visit) -> None:
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()


@on_a_phone
def test_a_lost_network_is_told_and_waited_out(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    _choose(visit, person, photos)
    uploads = Gate(visit.page, f"**/{service.bucket}", refusal="internetdisconnected")
    _order(visit)
    visit.sees("0 dari 6 foto", "0 of 6 photos")
    until(lambda: uploads.stopped or None)
    visit.page.context.set_offline(True)
    visit.sees("Jaringan terputus", "The network is gone")
    uploads.open()
    visit.page.context.set_offline(False)
    _zip_is_there(visit)
    visit.problems[:] = [p for p in visit.problems if "ERR_INTERNET_DISCONNECTED" not in p]
    assert service.balance(person) == 32


@at_a_desk
def test_a_session_that_ends_in_the_middle_goes_on_after_a_log_in(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.expected |= {400, 401}
    _choose(visit, person, photos)
    with service.held_back("ProcessPhotoStandard"):
        _order(visit)
        visit.sees("0 of 6 photos", "0 of 6 photos")
        over = json.dumps({"token": "over", "refreshToken": "over"})
        visit.page.evaluate("over => localStorage.setItem('lumiku.session', over)", over)
        visit.sees("Sesi Anda berakhir", "Your session has ended")
    visit.looks_well("session-over")
    visit.page.locator("[name=email]").fill(person.email)
    visit.page.locator("[name=password]").fill(person.password)
    visit.page.locator("form button").click()
    _zip_is_there(visit)
    assert service.balance(person) == 32


@on_a_phone
def test_a_photo_that_the_browser_cannot_show_is_worked_on_like_others(
    visit: Visit, service: Service, tmp_path: Path
) -> None:
    with Image.open("web/public/samples/coffee.jpg") as picture:
        picture.resize((300, 200)).save(tmp_path / "scan.tif")
    visit.enter(service.newcomer())
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(tmp_path / "scan.tif")
    visit.sees("Peramban tidak dapat menampilkan", "The browser cannot show")
    visit.button("Hapus latar · 3 kredit", "Remove background · 3 credits").click()
    visit.sees("3 kredit dipakai", "3 credits used")
    visit.looks_well("one-unseen")


@at_a_desk
def test_a_file_that_is_no_photo_inside_is_named_and_given_back(
    visit: Visit, service: Service, photos: list[Path], tmp_path: Path
) -> None:
    person = service.newcomer()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no photo at all")
    _choose(visit, person, [*photos[:2], broken])
    visit.button("Proses 3 foto", "Process 3 photos · 9 credits").click()
    _zip_is_there(visit)
    visit.sees("Format berkas tidak didukung", "not a photo")
    visit.sees("1 gagal", "1 failed")
    visit.sees("3 kredit dikembalikan", "3 credits given back")
    expect(visit.button("Coba lagi 1 foto", "Try 1 failed photo")).to_have_count(0)
    visit.looks_well("batch-failed")
    assert service.balance(person) == 44


@at_a_desk
def test_five_hundred_files_are_priced_at_once_and_thirty_that_are_none_are_named(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    visit.enter(service.newcomer())
    visit.open()
    data = photos[0].read_bytes()
    visit.page.locator("main input[type=file]:not([webkitdirectory])").first.evaluate(
        """(input, bytes) => {
          const held = new DataTransfer(), jpeg = new Uint8Array(bytes)
          for (let n = 0; n < 500; n++) {
            const isPhoto = n % 17 || n >= 510, type = isPhoto ? "image/jpeg" : "text/plain"
            const name = isPhoto ? `photo-${n}.jpg` : `notes-${n}.txt`
            held.items.add(new File([jpeg, String(n)], name, { type }))
          }
          input.files = held.files
          input.dispatchEvent(new Event("change", { bubbles: true }))
        }""",
        list(data),
    )
    visit.sees("470 foto dipilih", "470 photos chosen")
    visit.sees("30 berkas tidak ikut", "30 files left out")
    visit.page.get_by_role("radio", name="Basic").check()
    visit.expected.add(402)
    visit.button("Proses 470 foto · 1.128 kredit", "Process 470 photos · 1,128 credits").click()
    visit.sees("Perlu 1.128 kredit", "1,128 credits needed, your balance is 50")
