"""Browsers that forget, block, are off by a day or opened twice: said, and nothing is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from local.layout import ROOT
from lumiku.services.clock import utc_now
from tests.browser.visit import DESK, PHONE, Gate, Visit
from tests.e2e.service import Person, Service

on_a_phone = pytest.mark.parametrize("look", [PHONE], ids=str)
at_a_desk = pytest.mark.parametrize("look", [DESK], ids=str)

FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
FORBIDDEN = """Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('no storage here', 'SecurityError') }
})"""


def _order_six(visit: Visit, photos: list[Path]) -> None:
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos)
    visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits").click()


def _log_in(visit: Visit, person: Person) -> None:
    visit.page.locator("[name=email]").fill(person.email)
    visit.page.locator("[name=password]").fill(person.password)
    visit.page.locator("form button").click()


@on_a_phone
@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_who_s_browser_keeps_nothing_is_told_and_gets_their_photos(
    visit: Visit, service: Service, photos: list[Path], storage: str
) -> None:
    person = service.newcomer()
    visit.page.add_init_script(storage)
    visit.open("login")
    _log_in(visit, person)
    visit.sees("Peramban ini tidak dapat menyimpan", "This browser cannot keep")
    visit.asked_for()
    visit.looks_well("storage-full")
    _order_six(visit, photos)
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    assert service.balance(person) == 32


@pytest.mark.parametrize("blocked", ["**/assets/*.js", "nothing, scripts are off"])
def test_where_no_script_runs_that_is_said(visit: Visit, blocked: str) -> None:
    page = visit.page
    if blocked.startswith("**"):
        page.route(blocked, lambda route: route.abort("blockedbyclient"))
    else:
        page.context.new_cdp_session(page).send(
            "Emulation.setScriptExecutionDisabled", {"value": True}
        )
    visit.open()
    message = page.get_by_text("Allow scripts at this address")
    if blocked.startswith("**"):
        expect(message).to_be_hidden()
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
    expect(message).to_be_visible()
    expect(page.get_by_text("Izinkan skrip di alamat ini")).to_be_visible()
    if blocked.startswith("**"):
        visit.looks_well("no-script")
    # Each part that is blocked is complained of, some of them late.
    assert all("/assets/" in problem for problem in visit.problems)
    visit.problems.clear()


@on_a_phone
def test_a_part_that_is_blocked_is_named_and_the_rest_goes_on(visit: Visit) -> None:
    visit.page.route("**/assets/pricing-*.js", lambda route: route.abort("blockedbyclient"))
    visit.open("pricing")
    visit.sees("Bagian ini tidak dapat dimuat", "This part could not be loaded")
    visit.problems.clear()
    visit.looks_well("part-blocked")
    visit.open()
    visit.sees("Foto produk bersih", "")


@at_a_desk
@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_wrong_by_a_day_changes_nothing(
    visit: Visit, service: Service, photos: list[Path], days: int
) -> None:
    person = service.newcomer()
    visit.page.clock.set_fixed_time(utc_now() + timedelta(days=days))
    visit.enter(person)
    visit.open()
    _order_six(visit, photos)
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    assert service.balance(person) == 32


@at_a_desk
def test_a_second_tab_watches_what_the_first_one_sends(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    uploads = Gate(visit.page, f"**/{service.bucket}")
    _order_six(visit, photos)
    visit.sees("0 dari 6 foto", "0 of 6 photos")
    batch_id = visit.page.url.rpartition("/")[2]

    second = Visit(visit.page.context.new_page(), visit.look)
    second.open(f"batch/{batch_id}")
    second.sees("Foto batch ini sedang dikirim", "Another tab is sending the photos")
    expect(second.page.locator("main input[type=file]")).to_have_count(0)
    second.looks_well("batch-elsewhere")

    uploads.open()
    expect(second.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    assert second.problems == []
    assert service.moved(person, batch_id) == [-18]

    second.open("account")
    second.button("Keluar", "Log out").click()
    visit.link("Masuk", "Log in").wait_for()


@on_a_phone
def test_a_closed_tab_is_found_again_in_the_history(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    Gate(visit.page, f"**/{service.bucket}")
    _order_six(visit, photos)
    visit.sees("0 dari 6 foto", "0 of 6 photos")
    batch_id = visit.page.url.rpartition("/")[2]
    context = visit.page.context
    visit.page.close()

    again = Visit(context.new_page(), visit.look)
    again.open("history/batches")
    again.link("Batch 6 foto", "Batch of 6 photos").click()
    again.sees("foto belum terkirim", "not sent yet")  # what was held may pass as the tab closes
    again.choose(*photos, among=".notice")
    expect(again.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    assert again.problems == []
    assert service.moved(person, batch_id) == [-18]


@at_a_desk
def test_credits_that_are_gone_meanwhile_are_named_and_the_photos_stay(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(*photos)
    go = visit.button("Proses 6 foto · 18 kredit", "Process 6 photos · 18 credits")
    expect(go).to_be_enabled()
    for _ in range(2):
        person.client.submit(photos[0], "professional")
    person.client.submit(photos[0], "basic")
    visit.expected.add(402)
    go.click()
    visit.sees("Perlu 18 kredit, saldo Anda 17", "18 credits needed, your balance is 17")
    visit.looks_well("batch-too-little")
    visit.link("Isi kredit", "Buy credits").click()
    visit.sees("Saldo kredit", "Balance")
    visit.page.go_back()
    visit.sees("6 foto dipilih", "6 photos chosen")


@at_a_desk
def test_a_network_that_is_gone_for_a_minute_is_waited_out(
    visit: Visit, service: Service, photos: list[Path]
) -> None:
    person = service.newcomer()
    visit.page.clock.install()
    visit.enter(person)
    visit.open()
    uploads = Gate(visit.page, f"**/{service.bucket}")
    _order_six(visit, photos)
    visit.sees("0 dari 6 foto", "0 of 6 photos")
    visit.page.context.set_offline(True)
    visit.sees("Jaringan terputus", "The network is gone")
    for _ in range(12):
        visit.page.clock.fast_forward(5_000)
    visit.page.context.set_offline(False)
    uploads.open()
    expect(visit.button("Unduh ZIP", "Download ZIP")).to_be_visible()
    visit.problems[:] = [p for p in visit.problems if "ERR_INTERNET_DISCONNECTED" not in p]
    assert service.balance(person) == 32


@at_a_desk
def test_a_photo_of_60_megapixels_is_shown_worked_on_and_saved(
    visit: Visit, service: Service, tmp_path: Path
) -> None:
    person = service.newcomer()
    with Image.open(ROOT / "web/public/samples/coffee.jpg") as picture:
        picture.convert("RGB").resize((9000, 6666)).save(tmp_path / "large.jpg", quality=60)
    visit.enter(person)
    visit.open()
    visit.page.get_by_role("radio", name="Basic").check()
    visit.choose(tmp_path / "large.jpg")
    visit.button("Hapus latar · 3 kredit", "Remove background · 3 credits").click()
    expect(visit.page.get_by_role("slider")).to_be_visible(timeout=120_000)
    with visit.page.expect_download() as saved:
        visit.button("Unduh", "Download").click()
    saved.value.save_as(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as result:
        assert result.size == (9000, 6666)
    assert service.balance(person) == 47
