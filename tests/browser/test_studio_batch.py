"""Many photos of a project at once: chosen, priced, paused, looked at again, made, tried again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.browser.visit import Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service, until

PRICE = 10 + 3 * 5


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    """Somebody who bought credits, which is what batches need."""
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        data(opened("POST", path, json={"status": "paid", "token": token}))
        yield opened


@pytest.fixture
def project_id(seller: Buyer, tmp_path: Path) -> str:
    """A project with two lamps, and a photo of nothing."""
    photos = [tmp_path / name for name in ("lamp.png", "lamp-2.png", "nothing.png")]
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        large = ImageOps.contain(picture, (640, 640), Image.Resampling.BICUBIC)
    large.save(photos[0])
    ImageOps.mirror(large).save(photos[1])
    Image.new("RGBA", (600, 600)).save(photos[2])
    made = desk.project(seller)
    ordered = desk.order_upload(seller, made, *photos)
    desk.send(ordered, *photos)
    path = f"{S}/projects/{made}/uploads/{ordered['uploadId']}"
    data(seller("POST", f"{path}/finish"))
    until(lambda: all(file["itemId"] for file in data(seller("GET", path))["files"]) or None)
    return made


def test_photos_are_made_together_paused_and_tried_again(
    visit: Visit, service: Service, seller: Buyer, project_id: str
) -> None:
    before = service.balance(seller.person)
    visit.enter(seller.person)
    visit.open(f"studio/{project_id}")
    expect(visit.page.locator(".shot")).to_have_count(3)
    visit.page.get_by_label(visit.word("Pilih semua", "Select all")).check()
    visit.button("Buat foto", "Make photos").click()
    visit.sees("3 foto dipilih", "3 photos selected")
    visit.page.get_by_role("radio", name=visit.word("Atur sendiri", "My own look")).check()
    visit.page.get_by_role("radio", name=visit.word("Transparan", "Transparent")).check()
    order = visit.button("Buat 3 foto · 25 kredit", "Make 3 photos · 25 credits")
    expect(order).to_be_enabled()
    visit.asked_for()
    visit.looks_well("studio-together")

    with service.held_back("ProcessPhotoStandard"):
        order.click()
        visit.button("Jeda", "Pause").click()
        visit.sees("Dijeda. Dibatalkan pada", "Paused. It is cancelled at")
        assert service.balance(seller.person) == before - PRICE
        visit.page.reload()
        visit.sees("0 dari 3 foto selesai", "0 of 3 photos done")
        expect(visit.page.locator(".shot")).to_have_count(3)
        visit.looks_well("studio-paused")
    visit.button("Lanjutkan", "Go on").click()
    expect(visit.button("Lanjutkan", "Go on")).to_have_count(0)
    visit.asked_for()

    visit.sees("2 dari 3 foto selesai", "2 of 3 photos done")
    again = visit.button("Coba lagi yang gagal · 5 kredit", "Try again what failed · 5 credits")
    again.wait_for()
    expect(visit.page.locator(".shot img")).to_have_count(2)
    visit.looks_well("studio-made-together")
    assert service.balance(seller.person) == before - PRICE + 5
    again.click()
    visit.sees("0 dari 1 foto selesai", "0 of 1 photo done")

    visit.open(f"studio/{project_id}")
    visit.sees("Pesanan banyak foto (2)", "Orders of many photos (2)")


def test_a_file_says_what_becomes_of_each(
    visit: Visit, seller: Buyer, project_id: str, tmp_path: Path
) -> None:
    found = data(seller("GET", f"{S}/projects/{project_id}/items"))["items"]
    table = tmp_path / "settings.csv"
    lines = [f"{one['itemId']},,#ff0000" for one in found if one["fileName"] != "nothing.png"]
    visit.enter(seller.person)
    visit.open(f"together/{project_id}")
    visit.sees("Semua 3 foto", "All 3 photos")
    table.write_text("\n".join(["item,templateId,color", "nobody,,#ff0000", *lines]))
    visit.page.locator("input[accept^='.csv']").set_input_files(table)
    visit.asked_for()
    visit.expected.add(400)
    visit.button("Buat 3 foto · 25 kredit", "Make 3 photos · 25 credits").click()
    visit.sees("Tidak ada item proyek dengan id", "No item of the project has this id")
    visit.looks_well("studio-file-refused")

    table.write_text("\n".join(["item,templateId,color", *lines]))
    visit.page.locator("input[accept^='.csv']").set_input_files(table)
    visit.button("Buat 2 foto · 20 kredit", "Make 2 photos · 20 credits").click()
    visit.sees("2 dari 2 foto selesai", "2 of 2 photos done")
