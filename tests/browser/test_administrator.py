"""The administrator's screens: the business, accounts, templates, apps."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.visit import DESK, Visit
from tests.e2e.service import Person, Service


@pytest.fixture
def administrator(service: Service) -> Person:
    person = service.newcomer()
    service.cognito.admin_add_user_to_group(
        UserPoolId=service.outputs.user_pool_id, Username=person.email, GroupName="admin"
    )
    return person


def test_credits_are_given_with_a_reason_and_limits_of_its_own(
    visit: Visit, service: Service, administrator: Person
) -> None:
    seller = service.newcomer()
    visit.enter(administrator)
    visit.open("account")
    visit.link("Administrator", "Administrator").click()
    visit.sees("Kredit masuk", "Credits that came in")
    visit.looks_well("admin-overview")

    visit.link("Akun", "Accounts").click()
    visit.page.locator("main [name=email]").fill(seller.email)
    visit.button("Cari akun", "Find account").click()
    visit.sees("50 kredit", "50 credits")
    visit.page.get_by_label(visit.word("Jumlah kredit", "Credits"), exact=True).fill("25")
    visit.page.get_by_label(visit.word("Alasan", "Reason")).first.fill("Foto hilang 21 November")
    visit.looks_well("admin-account")
    visit.button("Beri 25 kredit", "Give 25 credits").click()
    visit.sees("25 kredit diberikan; saldo sekarang 75", "25 credits given; the balance is 75")
    visit.sees("Foto hilang 21 November", "Foto hilang 21 November")
    assert service.balance(seller) == 75

    visit.page.locator("details summary").click()
    visit.page.locator("[name='single.count']").fill("45")
    visit.page.locator("[name=reason]").fill("Musim Lebaran")
    visit.looks_well("admin-limits")
    visit.button("Ganti batas", "Change limits").click()
    visit.sees("Batas sudah diganti", "The limits are changed")
    visit.sees("45 tiap 60 detik", "45 in 60 seconds")

    visit.link("Templat", "Templates").click()
    expect(visit.page.locator(".list li")).to_have_count(55)
    visit.looks_well("admin-templates")


def test_an_app_is_added_given_a_new_secret_and_removed(
    visit: Visit, service: Service, administrator: Person
) -> None:
    name = f"app-{uuid.uuid4().hex[:12]}"
    visit.enter(administrator)
    visit.open("admin/apps")
    visit.page.locator("[name=name]").fill(name)
    visit.page.locator("[name=baseUrl]").fill("https://app.example.com/lumiku")
    visit.page.locator("[name=scope][value=results]").uncheck()
    visit.button("Tambah aplikasi", "Add the app").click()
    secret = visit.page.locator("code")
    visit.sees(f"Rahasia {name}", f"The secret of {name}")
    first = secret.text_content() or ""
    visit.asked_for()
    visit.looks_well("admin-apps")

    line = visit.page.locator(".list li").filter(has_text=name)
    line.get_by_role("button", name=visit.word("Rahasia baru", "New secret")).click()
    expect(secret).not_to_have_text(first)
    line.get_by_role("button", name=visit.word("Hapus", "Remove")).click()
    visit.page.locator("dialog[open] .danger").click()
    expect(line).to_have_count(0)
    expect(secret).to_have_count(0)


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_an_account_that_nobody_has_is_said_to_be_none(visit: Visit, administrator: Person) -> None:
    visit.expected.add(404)
    visit.enter(administrator)
    visit.open("admin/accounts/nobody%40example.com")
    visit.sees("Tidak ada akun", "No account has that e-mail")


@pytest.mark.parametrize("look", [DESK], ids=str)
def test_whoever_is_no_administrator_is_refused_and_sees_no_link(
    visit: Visit, service: Service
) -> None:
    visit.expected.add(403)
    visit.enter(service.newcomer())
    visit.open("account")
    visit.sees("Webhook", "Webhooks")
    expect(visit.page.locator("a[href='#/admin']")).to_have_count(0)
    visit.open("admin")
    expect(visit.page.get_by_role("alert")).to_be_visible()
