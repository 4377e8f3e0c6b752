"""The first visit, and everything around a log-in."""

import re
import uuid

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.visit import DESK, PHONE, Visit
from tests.e2e.service import Service, until


def _code(service: Service, email: str) -> str:
    """The newest code that was sent to an address."""

    def look() -> str | None:
        shown = httpx.get(f"{service.layout.endpoint}/_ministack/ses/messages", timeout=30).json()
        [sent] = shown["messages"].values()
        mine = [message["BodyText"] for message in sent if message["To"] == [email]]
        found = re.search(r"\b\d{6}\b", mine[-1]) if mine else None
        return found and found[0]

    return until(look)


def test_a_visitor_sees_what_there_is_and_what_it_costs(visit: Visit) -> None:
    visit.open()
    visit.sees("Foto produk bersih, siap dijual", "Clean product photos, ready to sell")
    for price in ("3", "8", "15", "25"):
        visit.sees(f"{price} kredit / foto", f"{price} credits / photo")
    visit.looks_well("home")

    visit.link("Hitung harga", "Work out a price").click()
    visit.page.get_by_label(
        visit.word("Jumlah foto sekali pesan", "Photos in one order")
    ).first.fill("150")
    visit.page.get_by_role("radio", name="Professional").check()
    visit.sees("1.913 kredit", "1,913 credits")
    visit.sees("Lebih dari kuota paket", "More than the plan's quota")
    visit.looks_well("pricing")


def test_a_new_person_registers_confirms_and_is_back_with_the_photo(
    visit: Visit, service: Service
) -> None:
    email, password = f"{uuid.uuid4().hex}@example.com", "rahasia-sekali-1"
    visit.expected |= {400, 401}
    visit.open()
    visit.page.locator(".samples button").first.click()
    visit.button("Masuk dan hapus latar", "Log in and remove background").click()
    visit.sees("1 foto Anda menunggu di sini", "Your 1 photo waits here")
    visit.looks_well("login")
    visit.page.get_by_role("main").get_by_role(
        "link", name=visit.word("Daftar gratis", "Register free")
    ).click()
    visit.page.get_by_role("heading", name=visit.word("Daftar", "Register")).wait_for()
    visit.page.locator("[name=email]").fill(email)
    visit.page.locator("[name=password]").fill("tanpaangkaapapun")
    visit.page.locator("form button").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    visit.page.locator("[name=password]").fill(password)
    visit.looks_well("register")
    visit.page.locator("form button").click()

    visit.sees("Konfirmasi email", "Confirm your e-mail")
    visit.looks_well("confirm")
    visit.page.locator("[name=code]").fill("000000")
    visit.page.locator("form button").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    visit.page.locator("[name=code]").fill(_code(service, email))
    visit.page.locator("form button").click()

    visit.sees("Email dikonfirmasi", "The e-mail is confirmed")
    visit.page.locator("[name=password]").fill(password)
    visit.page.locator("form button").click()
    expect(visit.button("Hapus latar · 8 kredit", "Remove background · 8 credits")).to_be_visible()
    visit.sees("50", "50")


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_forgotten_password_is_replaced(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.expected |= {401}
    visit.open("login")
    visit.page.locator("[name=email]").fill(person.email)
    visit.page.locator("[name=password]").fill("something-else-1")
    visit.page.locator("form button").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    visit.link("Lupa kata sandi?", "Forgotten your password?").click()
    visit.page.locator("form button").click()
    visit.sees("Kata sandi baru", "New password")
    visit.looks_well("reset")
    visit.page.locator("[name=code]").fill(_code(service, person.email))
    visit.page.locator("[name=password]").fill("kata-sandi-baru-1")
    visit.page.locator("form button").click()
    visit.sees("Kata sandi diganti", "The password is changed")
    visit.page.locator("[name=password]").fill("kata-sandi-baru-1")
    visit.page.locator("form button").click()
    visit.sees("50", "50")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_a_deep_link_asks_for_a_log_in_and_then_goes_there(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.open("stats")
    visit.page.locator("[name=email]").fill(person.email)
    visit.page.locator("[name=password]").fill(person.password)
    visit.page.locator("form button").click()
    visit.sees("Belum ada foto yang diproses", "No photos processed yet")
    visit.looks_well("stats-empty")
