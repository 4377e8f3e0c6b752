"""Pictures of a project become slides with words, in a row."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from tests.browser.visit import DESK, Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service

CUT_OUT = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    """Somebody who topped up, whose plan has carousels."""
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        data(opened("POST", path, json={"status": "paid", "token": token}))
        yield opened


@pytest.fixture
def project_id(seller: Buyer, tmp_path: Path) -> str:
    """A project of two lamps with a result each."""
    made = desk.project(seller)
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        large = ImageOps.contain(picture, (640, 640))
    for name, one in (("lamp", large), ("mirrored", ImageOps.mirror(large))):
        one.save(tmp_path / f"{name}.jpg")
        item = desk.item(seller, made, tmp_path / f"{name}.jpg")
        desk.processed(seller, item["itemId"], CUT_OUT)
    return made


def test_a_carousel_is_written_ordered_and_fetched(
    visit: Visit, service: Service, seller: Buyer, project_id: str, tmp_path: Path
) -> None:
    before = service.balance(seller.person)
    visit.enter(seller.person)
    visit.open(f"studio/{project_id}")
    visit.link("Carousel", "Carousel").click()
    expect(visit.button("Pilih paling sedikit 2", "Choose at least 2")).to_be_disabled()
    for name in ("lamp", "mirrored"):
        visit.page.get_by_role("checkbox", name=visit.word(f"Pakai {name}", f"Use {name}")).check()
    visit.page.get_by_role("radio", name=visit.word("Kartu", "Card")).check()
    visit.page.get_by_role("radio", name="4:5").check()
    first, second = (visit.page.locator(".slide").nth(place) for place in range(2))
    first.get_by_label(visit.word("Nama", "Name")).fill("Lampu baca")
    first.get_by_label(visit.word("Harga", "Price")).fill("Rp 129.000")
    expect(first.locator("figcaption")).to_have_text("Lampu baca · Rp 129.000")
    first.get_by_role("button", name=visit.word("Lebih akhir", "Later")).click()
    expect(second.locator("figcaption")).to_have_text("Lampu baca · Rp 129.000")
    order = visit.button("Buat 2 slide · 30 kredit", "Make 2 slides · 30 credits")
    expect(order).to_be_enabled()
    visit.asked_for()
    visit.looks_well("studio-carousel")
    order.click()
    visit.sees("Carousel siap", "The carousel is ready")
    expect(visit.page.locator(".shot img")).to_have_count(2)
    visit.looks_well("studio-slides")
    assert service.balance(seller.person) == before - 30

    with visit.page.expect_download() as saved:
        visit.button("Unduh ZIP", "Download ZIP").click()
    saved.value.save_as(tmp_path / "slides.zip")
    with zipfile.ZipFile(tmp_path / "slides.zip") as archive:
        assert {"01-mirrored.jpg", "02-lamp.jpg"} < set(archive.namelist())
        with archive.open("02-lamp.jpg") as file, Image.open(file) as slide:
            assert slide.size == (1080, 1350)


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_words_that_cannot_be_written_cost_nothing(
    visit: Visit, service: Service, seller: Buyer, project_id: str
) -> None:
    before = service.balance(seller.person)
    visit.expected.add(400)
    visit.enter(seller.person)
    visit.open(f"carousel/{project_id}")
    for name in ("lamp", "mirrored"):
        visit.page.get_by_role("checkbox", name=visit.word(f"Pakai {name}", f"Use {name}")).check()
    visit.page.locator(".slide").first.get_by_label(visit.word("Nama", "Name")).fill("Promo 🎉")
    visit.button("Buat 2 slide · 30 kredit", "Make 2 slides · 30 credits").click()
    visit.sees("tanpa emoji", "no emoji")
    assert service.balance(seller.person) == before
