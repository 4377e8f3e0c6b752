"""A project of more photos than one page, one order or one export holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from lumiku.adapters.projects.projects import item_key, project_key
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.browser.visit import Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service

PHOTOS = 121
CUT_OUT = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    """Somebody who topped up, whose plan makes 20 photos at once."""
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        data(opened("POST", path, json={"status": "paid", "token": token}))
        yield opened


@pytest.fixture
def project_id(service: Service, seller: Buyer, tmp_path: Path) -> str:
    """A project of that many photos with a result: rows of one that was sent and made."""
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        ImageOps.contain(picture, (640, 640)).save(tmp_path / "lamp.jpg")
    made = desk.project(seller)
    first = str(desk.item(seller, made, tmp_path / "lamp.jpg")["itemId"])
    desk.processed(seller, first, CUT_OUT)
    row = service.rows.get(item_key(first))
    assert row is not None
    for number in range(1, PHOTOS):
        other = f"{first[:-4]}{number:04d}"
        pk, sk = item_key(other)
        service.rows.put(row | {"id": other, "pk": pk, "sk": sk})
    service.rows.update(project_key(made), "ADD #items :more", {":more": PHOTOS - 1})
    return made


def test_all_photos_are_chosen_as_far_as_the_plan_goes(
    visit: Visit, service: Service, seller: Buyer, project_id: str
) -> None:
    visit.enter(seller.person)
    visit.open(f"studio/{project_id}")
    expect(visit.page.locator(".shot")).to_have_count(40)
    visit.page.get_by_label(visit.word("Pilih semua", "Select all")).check()
    visit.sees("121 dipilih", "121 selected")
    visit.asked_for()
    visit.looks_well("studio-all-selected")
    tag = visit.page.get_by_label(visit.word("Tag untuk yang dipilih", "Tag for what is"))
    tag.fill("lampu")
    visit.button("Tambah tag", "Add tag").click()
    visit.page.get_by_role("region").wait_for(state="detached")
    tagged = f"{S}/projects/{project_id}/items?tag=lampu&limit=100"
    page = data(seller("GET", tagged))
    rest = data(seller("GET", f"{tagged}&cursor={page['nextCursor']}"))
    assert len(page["items"]) + len(rest["items"]) == PHOTOS

    visit.page.get_by_label(visit.word("Pilih semua", "Select all")).check()
    visit.sees("121 dipilih", "121 selected")
    visit.button("Buat foto", "Make photos").click()
    visit.sees("121 foto dipilih", "121 photos selected")
    visit.sees("pesanan ini untuk 20 dari 121", "this order is for 20 of 121")
    visit.page.get_by_role("radio", name=visit.word("Atur sendiri", "My own look")).check()
    visit.page.get_by_role("radio", name=visit.word("Transparan", "Transparent")).check()
    order = visit.button("Buat 20 foto · 110 kredit", "Make 20 photos · 110 credits")
    expect(order).to_be_enabled()
    visit.asked_for()
    visit.looks_well("studio-bounded")
    with service.held_back("ProcessPhotoStandard"):
        order.click()
        visit.sees("0 dari 20 foto selesai", "0 of 20 photos done")
        made = data(seller("GET", f"{S}/generations?projectId={project_id}"))["generations"]
        [batch] = [one for one in made if one.get("isBatch")]
        data(seller("POST", f"{S}/generations/{batch['generationId']}/cancel"))
    visit.open(f"together/{project_id}")
    visit.sees("101 foto dipilih", "101 photos selected")


def test_a_project_is_exported_in_parts(visit: Visit, seller: Buyer, project_id: str) -> None:
    visit.enter(seller.person)
    visit.open(f"export/{project_id}")
    visit.sees("Foto 1 sampai 100 dari 121", "Photos 1 to 100 of 121")
    visit.page.get_by_role("checkbox", name="Shopee").check()
    expect(visit.button("Ekspor 100 foto · 5", "Export 100 photos · 5")).to_be_enabled()
    visit.page.get_by_role("radio", name=visit.word("Foto 101", "Photos 101")).check()
    expect(visit.button("Ekspor 21 foto · 5", "Export 21 photos · 5")).to_be_enabled()
    visit.looks_well("studio-export-parts")
