"""Pictures of a project become files for marketplaces, and one picture a file of another format."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from tests.browser.visit import Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, proof_of
from tests.e2e.service import Service

CUT_OUT = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    """Somebody who topped up, whose plan has marketplaces."""
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        told = {"status": "paid", "token": token}
        assert opened("POST", path, json=told).status_code == 200
        yield opened


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        ImageOps.contain(picture, (640, 640)).save(tmp_path / "lamp.jpg")
    return tmp_path / "lamp.jpg"


def test_a_project_is_exported(
    visit: Visit, service: Service, seller: Buyer, lamp: Path, tmp_path: Path
) -> None:
    project = desk.project(seller)
    item = desk.item(seller, project, lamp)
    visit.enter(seller.person)
    visit.open(f"export/{project}")
    visit.sees("Belum ada foto yang punya hasil", "No photo has a result yet")
    desk.processed(seller, item["itemId"], CUT_OUT)
    before = service.balance(seller.person)

    visit.open(f"studio/{project}")
    visit.link("Ekspor", "Export").click()
    expect(visit.button("Pilih tempat", "Choose a place")).to_be_disabled()
    visit.page.get_by_role("checkbox", name="Shopee").check()
    go = visit.button("Ekspor 1 foto · 5 kredit", "Export 1 photo · 5 credits")
    expect(go).to_be_enabled()
    visit.looks_well("studio-export")
    go.click()
    visit.sees("Ekspor siap", "The export is ready")
    visit.looks_well("studio-exported")
    assert service.balance(seller.person) == before - 5

    with visit.page.expect_download() as saved:
        visit.button("Unduh ZIP", "Download ZIP").click()
    saved.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert "lamp-shopee-001.jpg" in archive.namelist()
    with visit.page.expect_download() as saved:
        visit.button("Laporan", "Report").click()
    saved.value.save_as(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!")


def test_one_picture_is_fetched_in_another_format(
    visit: Visit, service: Service, seller: Buyer, lamp: Path, tmp_path: Path
) -> None:
    item = desk.item(seller, desk.project(seller), lamp)
    desk.processed(seller, item["itemId"], CUT_OUT)
    before = service.balance(seller.person)
    visit.enter(seller.person)
    visit.open(f"item/{item['itemId']}")
    visit.page.locator(".shot-button").first.click()
    visit.page.get_by_role("combobox", name="Format").select_option("jpeg")

    with visit.page.expect_download() as saved:
        visit.button("Unduh", "Download").click()
    saved.value.save_as(tmp_path / "one.jpg")

    with Image.open(tmp_path / "one.jpg") as picture:
        assert picture.format == "JPEG"
    assert service.balance(seller.person) == before
