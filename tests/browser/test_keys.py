"""API keys on the account's page: made, copied once, replaced, revoked."""

import httpx
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.e2e.service import Service


def _opens(service: Service, key: str) -> int:
    """What remove.bg's route, which asks for the key itself each time, says to it."""
    address = f"{service.outputs.key_api_url}/v1.0/account"
    return httpx.get(address, headers={"X-API-Key": key}, timeout=60).status_code


def test_a_key_is_made_shown_once_replaced_and_revoked(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open("account/keys")
    visit.page.get_by_label(visit.word("Untuk apa", "What it is for")).fill("toko <b>")
    visit.page.get_by_label(visit.word("Membeli dan", "Buy and")).uncheck()
    visit.button("Buat kunci", "Make a key").click()
    visit.sees("Kunci ini hanya ditampilkan sekali", "This key is shown only once")
    expect(visit.button("Cabut kunci toko", "Revoke the key toko")).to_be_visible()
    visit.asked_for()
    visit.looks_well("keys")
    shown = visit.page.locator("code")
    first = shown.text_content() or ""
    assert first.startswith("lk_live_")
    assert _opens(service, first) == 200
    visit.button("Salin", "Copy").click()
    expect(visit.button("Tersalin", "Copied")).to_be_visible()
    assert visit.page.evaluate("navigator.clipboard.readText()") == first

    visit.button("Ganti kunci toko", "Replace the key toko").click()
    expect(shown).not_to_have_text(first)
    visit.sees("Kunci sebelumnya masih berlaku", "The key before works too")
    second = shown.text_content() or ""
    assert (_opens(service, first), _opens(service, second)) == (200, 200)

    visit.page.reload()
    visit.sees("toko <b>", "toko <b>")
    expect(visit.page.get_by_text(second)).to_have_count(0)
    visit.button("Cabut kunci toko", "Revoke the key toko").click()
    visit.page.locator("dialog[open] .danger").click()
    visit.sees("dicabut", "revoked")
    expect(visit.button("Cabut kunci toko", "Revoke the key toko")).to_have_count(0)
    assert (_opens(service, first), _opens(service, second)) == (403, 403)


def test_a_key_that_may_do_nothing_is_refused_in_words(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.expected.update({400, 422})
    visit.open("account/keys")
    visit.page.get_by_label(visit.word("Untuk apa", "What it is for")).fill("x")
    for box in visit.page.locator("fieldset input[type=checkbox]").all():
        box.uncheck()
    visit.button("Buat kunci", "Make a key").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
