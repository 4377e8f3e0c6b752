"""One photo: from the file to the saved result."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from local.layout import ROOT
from tests.browser.visit import COUNT_TAPS, DESK, PHONE, Visit
from tests.e2e.service import Service


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small photo with a name that a careless page would run."""
    path = tmp_path_factory.mktemp("one") / "<img src=x onerror=alert(1)>.jpg"
    with Image.open(ROOT / "web/public/samples/coffee.jpg") as picture:
        picture.convert("RGB").resize((450, 300)).save(path)
    return path


def test_three_taps_lead_to_a_saved_result(
    visit: Visit,
    service: Service,
    photo: Path,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.page.add_init_script(COUNT_TAPS)
    visit.open()
    with visit.page.expect_file_chooser() as chooser:
        visit.page.locator("main label", has_text=visit.word("Pilih foto", "Choose photos")).click()
    chooser.value.set_files(photo)
    visit.asked_for()
    button = visit.button("Hapus latar · 8 kredit", "Remove background · 8 credits")
    expect(button).to_be_enabled()
    visit.sees(photo.name, photo.name)
    visit.looks_well("one-chosen")
    button.click()
    slider = visit.page.get_by_role("slider")
    expect(slider).to_be_visible()
    visit.sees("8 kredit dipakai", "8 credits used")
    slider.fill("20")
    visit.looks_well("one-done")

    with visit.page.expect_download() as saved:
        visit.button("Unduh", "Download").click()
    saved.value.save_as(tmp_path / "result.png")
    taps = visit.page.evaluate("window.taps")
    with capsys.disabled():
        told = pytestconfig.get_terminal_writer()
        told.line(f"\n{visit.look}: {taps} taps from arrival to a saved result")
    assert taps == 3
    with Image.open(tmp_path / "result.png") as result:
        assert (result.size, result.mode) == ((450, 300), "RGBA")
    assert service.balance(person) == 42


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_another_background_costs_nothing(
    visit: Visit, service: Service, photo: Path, tmp_path: Path
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open()
    visit.choose(photo)
    visit.page.get_by_role("radio", name="Basic").check()
    visit.button("Hapus latar · 3 kredit", "Remove background · 3 credits").click()
    expect(visit.page.get_by_role("slider")).to_be_visible()
    visit.page.get_by_role("radio", name=visit.word("Putih", "White")).check()
    visit.looks_well("one-white")
    with visit.page.expect_download() as saved:
        visit.button("Unduh", "Download").click()
    saved.value.save_as(tmp_path / "white.jpg")
    with Image.open(tmp_path / "white.jpg") as result:
        assert result.getpixel((2, 2)) == (255, 255, 255)
        assert result.format == "JPEG"
    assert service.balance(person) == 47

    visit.open("history")
    visit.sees(photo.name, photo.name)
    visit.looks_well("history")
    visit.open("stats")
    visit.sees("Menurut kualitas", "By quality")
    visit.looks_well("stats")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_who_has_too_little_is_told_what_to_do(visit: Visit, service: Service, photo: Path) -> None:
    person = service.newcomer()
    for _ in range(3):
        person.client.submit(photo, "professional")
    visit.expected |= {402}
    visit.enter(person)
    visit.open()
    visit.choose(photo)
    visit.button("Hapus latar · 8 kredit", "Remove background · 8 credits").click()
    visit.sees("Perlu 8 kredit, saldo Anda 5", "8 credits needed, your balance is 5")
    visit.looks_well("one-too-little")
    visit.button("Pakai Basic · 3 kredit", "Use Basic · 3 credits").click()
    visit.button("Hapus latar · 3 kredit", "Remove background · 3 credits").click()
    expect(visit.page.get_by_role("slider")).to_be_visible()


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_the_keyboard_alone_is_enough(visit: Visit, service: Service, photo: Path) -> None:
    visit.enter(service.newcomer())
    visit.open()
    visit.sees("Letakkan foto di sini", "Drop photos here")
    _tab_to(visit, "input[type=file]")
    visit.choose(photo)
    visit.button("Hapus latar · 8 kredit", "Remove background · 8 credits").wait_for()
    _tab_to(visit, "input[type=radio]")
    visit.page.keyboard.press("ArrowLeft")
    _tab_to(visit, "button.main")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("slider")).to_be_visible()
    visit.sees("3 kredit dipakai", "3 credits used")
    _tab_to(visit, "input[type=range]")
    visit.page.keyboard.press("ArrowRight")
    expect(visit.page.get_by_role("slider")).to_have_value("51")


def _tab_to(visit: Visit, wanted: str) -> None:
    """Press Tab until something is focused, which must then be seen on it or on its label."""
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        focused = visit.page.locator(":focus")
        if focused.evaluate(f"one => one.matches({wanted!r})"):
            ring = "one => getComputedStyle(one.closest('label') ?? one).outlineStyle"
            assert focused.evaluate(ring) == "solid"
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")
