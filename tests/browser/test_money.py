"""Credits, plans and what an account says of itself, through the sandbox's payment page."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import PHONE, Visit
from tests.e2e.service import Service


def _pay(visit: Visit) -> None:
    """Pay on the gateway's page, which opens beside this one."""
    with visit.page.expect_popup() as opened:
        visit.link("Bayar", "Pay").click()
    opened.value.get_by_role("button", name="Pay").click()
    expect(opened.value.get_by_role("status")).to_contain_text("paid")
    opened.value.close()
    visit.sees("Pembayaran diterima", "Payment received")
    visit.button("Tutup", "Close").click()


def test_credits_are_bought_and_arrive_by_themselves(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("plan")
    visit.sees("Belum berlangganan", "No subscription")
    visit.looks_well("plan")
    visit.button("500 kredit · Rp 50.000", "500 credits · Rp 50,000").click()
    visit.sees("Menunggu pembayaran", "Waiting for payment")
    visit.looks_well("plan-waiting")
    _pay(visit)
    visit.sees("550", "550")
    visit.sees("Isi ulang", "Bought")
    assert service.balance(person) == 550


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_who_comes_back_from_the_gateway_sees_the_payment(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.enter(person)
    payment = person.client.billing.top_up("credits-100")
    visit.open()
    address = visit.page.url.partition("#")[0]
    visit.page.goto(f"{address}?order_id={payment.payment_id}&transaction_status=pending")
    visit.sees("Menunggu pembayaran", "Waiting for payment")
    expect(visit.page).to_have_url(f"{address}#/payment/{payment.payment_id}")
    visit.looks_well("payment-return")


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_plan_is_taken_used_and_cancelled(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("plan")
    visit.button("Ambil Starter · Rp 99.000/bulan", "Take Starter · Rp 99,000/month").click()
    _pay(visit)
    visit.sees("50 dari 50 tersisa", "50 of 50 left")
    visit.looks_well("plan-active")

    visit.open()
    visit.page.locator(".samples button").first.click()
    visit.button("Hapus latar · termasuk paket", "Remove background · in your plan").click()
    expect(visit.page.get_by_role("slider")).to_be_visible()
    visit.sees("Dibayar oleh paket", "Paid by your plan")

    visit.open("plan")
    visit.sees("49 dari 50 tersisa", "49 of 50 left")
    visit.button("Berhenti berlangganan", "Cancel the subscription").click()
    visit.button("Ya, berhenti", "Yes, cancel it").click()
    visit.sees("berhenti di akhir masa", "ends with its period")
    assert service.balance(person) == 50


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_an_account_speaks_another_language_and_keeps_webhooks(
    visit: Visit, service: Service
) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("account")
    visit.sees(person.email, person.email)
    visit.looks_well("account")
    visit.open("account/webhooks")
    visit.page.locator("[name=url]").fill("https://shop.example.com/hooks")
    visit.button("Tambah webhook", "Add a webhook").click()
    visit.sees("Rahasia ini hanya ditampilkan sekali", "This secret is shown only once")
    visit.asked_for()
    visit.looks_well("account-webhooks")
    secret = visit.page.locator("code")
    first = secret.text_content()
    visit.button("Rahasia baru untuk https", "New secret for https").click()
    expect(secret).not_to_have_text(first or "")
    visit.button("Hapus https", "Delete https").click()
    expect(visit.button("Hapus https", "Delete https")).to_have_count(0)

    visit.open("account")
    visit.page.get_by_label(visit.word("Tampilan", "Appearance")).select_option("dark")
    visit.looks_well("account-dark")
    other = "en" if visit.look.language == "id" else "id"
    visit.page.get_by_label(visit.word("Bahasa", "Language")).select_option(other)
    visit.page.get_by_role(
        "heading", name="Account" if other == "en" else "Akun", exact=True
    ).wait_for()
    visit.button("Log out", "Keluar") if other == "id" else visit.button("Keluar", "Log out")
    assert visit.page.locator("html").get_attribute("lang") == other


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_dark_is_as_readable_as_light(visit: Visit, service: Service) -> None:
    visit.page.emulate_media(color_scheme="dark")
    visit.open()
    visit.looks_well("home-dark")
    visit.enter(service.newcomer())
    visit.page.reload()
    for route in ("pricing", "plan", "history"):
        visit.open(route)
        visit.looks_well(f"{route}-dark")
