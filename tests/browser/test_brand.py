"""White label: the page in the look of a brand, and the form that makes one."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from lumiku.apps.studio.http import STUDIO_PREFIX
from tests.browser.visit import Visit
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service

ADDRESS = re.compile("^(Alamat|Address)")
AMBER, NIGHT = "#ffb000", "#1d2b53"


@pytest.fixture
def agency(service: Service) -> Iterator[Buyer]:
    """Somebody on the studio's largest plan."""
    with buyer(service) as found:
        asked = found("POST", f"{STUDIO_PREFIX}/subscription", json={"plan": "premium"})
        path, token = proof_of(data(asked)["payment"])
        assert found("POST", path, json={"status": "paid", "token": token}).status_code == 200
        yield found


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A wide picture."""
    picture = Image.new("RGBA", (900, 400))
    ImageDraw.Draw(picture).ellipse((20, 20, 880, 380), fill=AMBER)
    picture.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def branded(agency: Buyer, logo: Path, **told: str) -> str:
    """The slug of a brand with a logo."""
    slug = f"kios-{uuid.uuid4().hex[:12]}"
    body = {"slug": slug, "name": "Kios Maju", "accentColor": AMBER, "headerColor": NIGHT} | told
    assert agency("PUT", "/api/brand", json=body).status_code == 200
    sent = agency("PUT", "/api/brand/logo", files={"image": logo.read_bytes()})
    assert sent.status_code == 200, sent.text
    return slug


def test_the_page_is_a_brands_wherever_one_goes(visit: Visit, agency: Buyer, logo: Path) -> None:
    slug = branded(agency, logo)
    visit.enter(agency.person)
    visit.page.goto(f"/?brand={slug}")

    home = visit.page.locator("header.top .brand")
    expect(home).to_have_text("Kios Maju")
    assert home.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    header = visit.page.locator("header.top")
    expect(header).to_have_css("background-color", "rgb(29, 43, 83)")
    visit.looks_well("brand-first")

    for route in ("pricing", "account/brand", "studio"):
        visit.page.evaluate(f"location.hash = '#/{route}'")
        expect(home).to_have_text("Kios Maju")
        visit.looks_well(f"brand-{route.partition('/')[0]}")
    assert f"?brand={slug}#/studio" in visit.page.url
    assert visit.page.title().endswith("Kios Maju")
    button = visit.page.locator("main .button:not(.quiet)").first
    expect(button).to_have_css("background-color", "rgb(255, 176, 0)")
    expect(button).to_have_css("color", "rgb(0, 0, 0)")


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#777777", "#ffff00"])
def test_in_any_colours_the_page_can_be_read(
    visit: Visit, agency: Buyer, logo: Path, colour: str
) -> None:
    slug = branded(agency, logo, accentColor=colour, headerColor=colour)
    for theme in ("light", "dark"):
        visit.page.goto("/")
        visit.page.evaluate(f"localStorage.setItem('lumiku.theme', '\"{theme}\"')")
        visit.page.goto(f"/?brand={slug}#/pricing")
        expect(visit.page.locator("header.top .brand")).to_have_text("Kios Maju")
        visit.looks_well(f"brand-{colour[1:]}-{theme}")


def test_a_brand_that_there_is_not_looks_as_ours_does(visit: Visit) -> None:
    visit.expected.add(404)
    with visit.page.expect_response("**/api/brands/**"):
        visit.page.goto("/?brand=no-such-brand")

    expect(visit.page.locator("header.top .brand")).to_have_text("Lumiku")
    visit.looks_well("brand-unknown")


def test_a_brand_is_made_with_its_logo_and_removed(visit: Visit, agency: Buyer, logo: Path) -> None:
    slug = f"toko-{uuid.uuid4().hex[:12]}"
    visit.enter(agency.person)
    visit.open("account/brand")
    form = visit.page.locator(".card", has=visit.page.locator(".as-brand"))
    form.get_by_label(ADDRESS).fill(slug)
    form.get_by_label(visit.word("Nama", "Name"), exact=True).fill("Toko <b>")
    form.get_by_label(visit.word("Warna tombol", "Colour of buttons")).fill(AMBER)
    form.get_by_label(visit.word("Warna bilah", "Colour of the bar")).fill(NIGHT)
    preview = form.locator(".as-brand")
    expect(preview.locator(".brand")).to_have_text("Toko <b>")
    expect(preview.locator(".button")).to_have_css("background-color", "rgb(255, 176, 0)")
    visit.button("Simpan merek", "Save the brand").click()
    form.get_by_label("Logo").set_input_files(logo)
    expect(preview.locator("img")).to_be_visible()
    visit.asked_for()
    visit.looks_well("brand-form")

    sender = form.get_by_label(visit.word("Nama pengirim", "Sender's name"))
    sender.fill("Bank <info@bank.example>")
    visit.expected.add(400)
    visit.button("Simpan merek", "Save the brand").click()
    visit.sees("tanpa alamat", "no address")
    sender.fill("Toko")
    visit.button("Simpan merek", "Save the brand").click()
    form.get_by_role("link", name=slug).click()
    expect(visit.page.locator("header.top .brand")).to_have_text("Toko <b>")

    visit.page.goto(f"/?brand={slug}#/account/brand")
    visit.button("Hapus merek", "Remove the brand").click()
    visit.page.locator("dialog[open] .danger").click()
    expect(form.get_by_label(ADDRESS)).to_have_value("")
    assert data(agency("GET", "/api/brand"))["brand"] is None


def test_without_premium_the_plan_that_has_brands_is_named(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.expected.add(403)
    visit.open("account/brand")
    form = visit.page.locator(".card", has=visit.page.locator(".as-brand"))
    form.get_by_label(ADDRESS).fill("kios-maju")
    form.get_by_label(visit.word("Nama", "Name"), exact=True).fill("Kios")
    visit.button("Simpan merek", "Save the brand").click()
    visit.sees("Paket premium mencakupnya", "Premium has")
