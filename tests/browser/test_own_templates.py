"""Templates of one's own, and what is thought of a template by whoever paid for a picture of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.browser.visit import DESK, Visit
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        yield opened


@pytest.fixture
def subscriber(seller: Buyer) -> Buyer:
    """Somebody on the plan that has own templates."""
    taken = data(seller("POST", f"{S}/subscription", json={"plan": "premium"}))
    path, token = proof_of(taken["payment"])
    data(seller("POST", path, json={"status": "paid", "token": token}))
    return seller


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        ImageOps.contain(picture, (640, 640)).save(tmp_path / "lamp.jpg")
    return tmp_path / "lamp.jpg"


def test_a_look_becomes_a_template_is_renamed_and_retired(
    visit: Visit, subscriber: Buyer, lamp: Path
) -> None:
    item = desk.item(subscriber, desk.project(subscriber), lamp)
    visit.enter(subscriber.person)
    visit.open(f"item/{item['itemId']}")
    visit.page.get_by_role("radio", name=visit.word("Warna", "Colour"), exact=True).check()
    visit.button("Simpan sebagai templat", "Save as a template").click()
    visit.sees("Templat perlu latar dan bingkai", "A template needs a background and a frame")
    close = visit.page.locator("dialog[open]").get_by_role("button").last
    close.click()
    visit.page.get_by_role("radio", name="4:5").check()
    expect(visit.page.locator(".over-stage")).to_have_count(0)
    visit.button("Simpan sebagai templat", "Save as a template").click()
    visit.page.locator("dialog[open] [name=name]").fill("Toko Sari")
    visit.asked_for()
    visit.looks_well("studio-save-template")
    visit.page.locator("dialog[open] form .button").first.click()
    visit.sees("Toko Sari ada di galeri", "Toko Sari is in the template gallery")
    close.click()

    visit.open("templates")
    visit.page.get_by_label(visit.word("Templat saya", "My own")).check()
    visit.sees("1 templat", "1 template")
    expect(visit.page.locator(".template")).to_have_count(1)
    visit.page.locator(".template").click()
    visit.page.locator("dialog[open] summary").click()
    visit.page.locator("dialog[open] [name=name]").fill("Toko Sari baru")
    visit.asked_for()
    visit.looks_well("studio-own-template")
    visit.page.get_by_role("button", name=visit.word("Simpan", "Save"), exact=True).click()
    visit.sees("Toko Sari baru", "Toko Sari baru")
    [own] = data(subscriber("GET", f"{S}/templates?own=true"))["templates"]
    assert (own["name"], own["aspectRatio"]) == ("Toko Sari baru", "4:5")

    visit.open(f"item/{item['itemId']}")
    visit.page.get_by_role("radio", name=visit.word("Warna", "Colour"), exact=True).check()
    visit.page.get_by_role("radio", name="1:1").check()
    visit.button("Simpan sebagai templat", "Save as a template").click()
    visit.page.locator("dialog[open] select").select_option(label="Toko Sari baru")
    visit.page.locator("dialog[open] form .button").first.click()
    visit.sees("Toko Sari baru ada di galeri", "Toko Sari baru is in the template gallery")
    [own] = data(subscriber("GET", f"{S}/templates?own=true"))["templates"]
    assert own["aspectRatio"] == "1:1"
    close.click()

    visit.open("templates")
    visit.page.get_by_label(visit.word("Templat saya", "My own")).check()
    expect(visit.page.locator(".template")).to_have_count(1)
    visit.page.locator(".template").click()
    visit.page.locator("dialog[open] summary").click()
    visit.button("Hentikan", "Retire").click()
    visit.page.locator("dialog[open] dialog[open] .danger").click()
    visit.sees("Tidak ada templat yang cocok", "No template matches")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_who_has_no_own_templates_is_told_which_plan_has(
    visit: Visit, seller: Buyer, lamp: Path
) -> None:
    item = desk.item(seller, desk.project(seller), lamp)
    visit.enter(seller.person)
    visit.open(f"item/{item['itemId']}")
    visit.button("Simpan sebagai templat", "Save as a template").click()
    visit.sees("Paket Anda belum mencakup", "Your plan does not have this yet")
    visit.link("Lihat paket Premium", "See Premium").wait_for()


def test_who_made_a_picture_of_a_template_rates_it(
    visit: Visit, service: Service, seller: Buyer, lamp: Path
) -> None:
    item = desk.item(seller, desk.project(seller), lamp)
    [first, *_] = data(seller("GET", f"{S}/templates"))["templates"]
    path = f"{S}/items/{item['itemId']}/apply-template"
    ordered = data(seller("POST", path, json={"templateId": first["templateId"]}))
    desk.finished(seller, ordered["generation"]["generationId"])
    visit.enter(seller.person)
    visit.open(f"item/{item['itemId']}")
    visit.page.locator(".shot-button").first.click()
    visit.page.get_by_role("radio", name=visit.word("4 bintang", "4 stars")).check()
    visit.sees("Nilai Anda dihitung", "Your rating counts")
    visit.asked_for()
    visit.looks_well("studio-rating")
    assert data(seller("GET", f"{S}/templates/{first['templateId']}"))["myRating"] == 4

    service.invoke("KeepItems")
    visit.open("templates")
    order = visit.page.get_by_role("combobox", name=visit.word("Urutan", "Order"))
    with visit.page.expect_response("**/templates?*sort=rating*"):
        order.select_option("rating")
    best = visit.page.locator(".template").first
    expect(best).to_contain_text(visit.word("4 dari 5", "4 of 5"))
    visit.asked_for()
    visit.looks_well("studio-best-rated")
    with visit.page.expect_request("**/templates?*sort=popular*"):
        order.select_option("popular")
    order.select_option("rating")
    best.click()
    expect(visit.page.get_by_role("radio", name=visit.word("4 bintang", "4 stars"))).to_be_checked()
