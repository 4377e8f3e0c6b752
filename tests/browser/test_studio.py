"""The studio: photos come into a project, are looked at in other surroundings, and made."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Route, expect

from local.layout import ROOT
from tests.browser.visit import DESK, PHONE, Gate, Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer
from tests.e2e.service import Service


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two photos that are large enough, and one that is not."""
    folder = tmp_path_factory.mktemp("products")
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        large = ImageOps.contain(picture, (640, 640), Image.Resampling.BICUBIC)
        large.save(folder / "lamp.jpg")
        ImageOps.mirror(large).save(folder / "lamp-2.jpg")
        picture.resize((120, 110)).save(folder / "small.jpg")
    return [folder / "lamp.jpg", folder / "lamp-2.jpg", folder / "small.jpg"]


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        yield opened


def test_photos_come_into_a_project_and_are_put_in_order(
    visit: Visit, service: Service, products: list[Path], tmp_path: Path
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("studio")
    visit.sees("Belum ada proyek", "No projects yet")
    visit.looks_well("studio-empty")
    visit.button("Proyek baru", "New project").click()
    visit.page.locator("dialog [name=name]").fill("Lampu meja")
    visit.page.locator("dialog [name=category]").fill("Rumah")
    visit.button("Buat proyek", "Create project").click()

    visit.page.get_by_role("heading", name="Lampu meja").wait_for()
    visit.choose(*products)
    upload = visit.button("Unggah 3 foto · 6 kredit", "Upload 3 photos · 6 credits")
    expect(upload).to_be_enabled()
    visit.looks_well("studio-upload")
    upload.click()
    visit.sees("2 foto tersimpan", "2 photos kept")
    visit.sees("1 foto tidak dapat dipakai; 2 kredit", "1 photo cannot be used; 2 credits")
    assert service.balance(person) == 46

    table = tmp_path / "names.csv"
    table.write_text("file_name,name,sku\nlamp.jpg,Lampu baca,LMP-1\nno.jpg,Nobody,X-1\n")
    visit.page.locator("details summary").last.click()
    visit.page.locator("input[accept^='.csv']").set_input_files(table)
    visit.sees("1 foto diperbarui", "1 photo updated")
    visit.sees("Lampu baca", "Lampu baca")
    visit.asked_for()

    visit.page.get_by_label(visit.word("Pilih semua", "Select all")).check()
    visit.sees("2 dipilih", "2 selected")
    visit.page.get_by_label(visit.word("Tag untuk yang dipilih", "Tag for what is")).fill("meja")
    visit.looks_well("studio-gallery")
    visit.button("Tambah tag", "Add tag").click()
    visit.sees("#meja", "#meja")
    visit.button("Jadikan Lampu baca favorit", "Make Lampu baca a favourite").click()
    visit.page.get_by_label(visit.word("Favorit saja", "Favourites only")).check()
    expect(visit.page.locator(".shot")).to_have_count(1)
    visit.page.get_by_label(visit.word("Favorit saja", "Favourites only")).uncheck()
    visit.page.get_by_role("searchbox").fill("LMP")
    expect(visit.page.locator(".shot")).to_have_count(1)

    visit.button("Ubah nama", "Rename").click()
    visit.page.locator("dialog[open] [name=name]").fill("Lampu baru")
    visit.button("Simpan", "Save").click()
    visit.page.get_by_role("heading", name="Lampu baru").wait_for()
    visit.open("studio")
    visit.sees("Lampu baru", "Lampu baru")
    expect(visit.page.locator(".covers img")).to_have_count(2)
    visit.looks_well("studio-projects")
    visit.link("Lampu baru", "Lampu baru").click()
    visit.button("Hapus proyek", "Delete project").click()
    visit.button("Ya, hapus", "Yes, delete").click()
    visit.sees("Belum ada proyek", "No projects yet")


def test_a_look_is_seen_before_it_is_paid(
    visit: Visit, service: Service, seller: Buyer, products: list[Path], tmp_path: Path
) -> None:
    item = desk.item(seller, desk.project(seller), products[0])
    before = service.balance(seller.person)
    visit.enter(seller.person)
    visit.open(f"item/{item['itemId']}")
    slider = visit.page.locator(".compare input[type=range]")
    expect(slider).to_be_visible()
    go = visit.button("Buat foto · 12 kredit", "Make photo · 12 credits")
    expect(go).to_be_enabled()
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    visit.looks_well("studio-preview")

    visit.page.get_by_role("radio", name=visit.word("Gradasi", "Gradient")).check()
    visit.sees("Paket Anda belum mencakup", "Your plan does not have this yet")
    visit.link("Isi kredit pertama", "Top up once").wait_for()
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    visit.looks_well("studio-lacking")
    assert service.balance(seller.person) == before

    visit.page.get_by_role("radio", name=visit.word("Transparan", "Transparent")).check()
    go.click()
    visit.sees("12 kredit dipakai", "12 credits used")
    assert service.balance(seller.person) == before - 12
    again = visit.button("Buat foto · gratis", "Make photo · free")
    expect(again).to_be_enabled()
    slider.fill("30")
    visit.looks_well("studio-made")

    with visit.page.expect_download() as saved:
        visit.button("Unduh", "Download").click()
    saved.value.save_as(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as result:
        assert result.format == "PNG"
    visit.button("Hapus hasil ini", "Delete this result").click()
    visit.page.locator("dialog[open] .danger").click()
    visit.sees("Hasil yang Anda buat muncul", "What you make appears here")


def test_a_background_is_described_and_it_is_said_what_was_understood(
    visit: Visit, seller: Buyer, products: list[Path]
) -> None:
    item = desk.item(seller, desk.project(seller), products[0])
    visit.enter(seller.person)
    visit.open(f"item/{item['itemId']}")
    visit.page.get_by_role("radio", name=visit.word("Deskripsi", "Description")).check()
    visit.button("meja marmer", "marble table").click()
    visit.sees("Dipahami: ", "Understood: ")
    words = visit.page.get_by_role("textbox")
    words.fill(f"{words.input_value()} zyxwv")
    visit.sees("Belum kami kenal: zyxwv", "Not known to us: zyxwv")
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    visit.asked_for()
    visit.looks_well("studio-prompt")
    visit.expected.add(400)
    words.fill("zyxwv")
    visit.sees("Tidak ada pemandangan yang dikenal", "No scene is known")


def test_a_template_is_found_and_applied(
    visit: Visit, service: Service, seller: Buyer, products: list[Path]
) -> None:
    item = desk.item(seller, desk.project(seller), products[0])
    visit.enter(seller.person)
    visit.open("templates")
    visit.sees("55 templat", "55 templates")
    visit.looks_well("studio-templates")
    visit.page.get_by_label(visit.word("Di paket saya", "In my plan")).check()
    visit.sees("10 templat", "10 templates")
    visit.page.locator(".template").first.click()
    visit.page.locator("dialog[open] h2").wait_for()
    visit.looks_well("studio-template")
    visit.button("Pakai untuk foto saya", "Use for my photos").click()
    visit.page.get_by_role("heading", name=visit.word("Studio foto", "Product photo")).wait_for()
    visit.page.evaluate(f"location.hash = '#/item/{item['itemId']}'")
    go = visit.button("Buat foto · 15 kredit", "Make photo · 15 credits")
    expect(go).to_be_enabled()
    expect(visit.page.locator(".compare")).to_be_visible()
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    visit.looks_well("studio-picker")
    go.click()
    visit.sees("15 kredit dipakai", "15 credits used")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_plans_of_the_studio_are_taken_and_paid_for(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.open("plans")
    visit.looks_well("studio-plans")
    visit.button("Ambil Profesional", "Take Professional").click()
    visit.sees("Menunggu pembayaran", "Waiting for payment")


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_the_last_choice_is_the_one_that_is_shown(
    visit: Visit, seller: Buyer, products: list[Path]
) -> None:
    item = desk.item(seller, desk.project(seller), products[0])
    visit.enter(seller.person)
    visit.page.emulate_media(color_scheme="dark")
    visit.open(f"item/{item['itemId']}")
    after = visit.page.locator(".compare img").first
    expect(after).to_be_visible()
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    first = after.get_attribute("src")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    visit.page.route("**/preview", hold_the_first)
    lights = visit.page.get_by_role("group", name="Cahaya")
    with visit.page.expect_request("**/preview"):
        lights.get_by_role("radio", name="Redup").check()
    with visit.page.expect_response("**/preview"):
        lights.get_by_role("radio", name="Terang").check()
    visit.sees("Paket Anda belum mencakup", "Your plan does not have this yet")
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    assert after.get_attribute("src") != first
    assert held[0].request.failure is not None, "nobody waits for the first any more"
    visit.looks_well("studio-dark")
    with visit.page.expect_request("**/preview") as asked:
        visit.page.get_by_label("Dengan AI jika tersedia").check()
    sent = json.loads(asked.value.post_data or "")
    assert sent["workflow"]["lighting"] == {"mode": "ai", "preset": "bright"}


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_reloaded_page_uploads_only_what_is_missing(
    visit: Visit, service: Service, products: list[Path]
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("studio")
    visit.sees("Belum ada proyek", "No projects yet")
    visit.button("Proyek baru", "New project").click()
    visit.page.locator("dialog [name=name]").fill("Lampu")
    visit.button("Buat proyek", "Create project").click()
    visit.page.get_by_role("heading", name="Lampu").wait_for()
    visit.choose(*products[:2])
    uploads = Gate(visit.page, f"**/{service.bucket}", through=1)
    with visit.page.expect_response(f"**/{service.bucket}"):
        visit.button("Unggah 2 foto · 4 kredit", "Upload 2 photos · 4 credits").click()
    with visit.far_away():
        visit.page.reload()
        uploads.open()
        visit.sees("belum terunggah", "not uploaded yet")
        visit.looks_well("studio-resume")
    visit.choose(*products[:2], among=".notice")
    visit.sees("2 foto tersimpan", "2 photos kept")
    expect(visit.page.locator(".shot")).to_have_count(2)
    assert service.balance(person) == 46
