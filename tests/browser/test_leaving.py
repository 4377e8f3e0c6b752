"""Taking data along and deleting the account, on the account's screen."""

import zipfile

from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.e2e.service import Service


def test_data_is_taken_along_and_the_account_is_deleted(visit: Visit, service: Service) -> None:
    person = service.newcomer()
    visit.enter(person)
    visit.open("account")
    visit.button("Unduh data saya", "Download my data").click()
    visit.sees("Salinan Anda sedang dibuat", "Your copy is being made")
    service.invoke("ReleaseAccounts")
    visit.page.reload()
    visit.sees("Disimpan sampai", "It is kept until")
    visit.looks_well("account-copy")
    with visit.page.expect_download() as fetched:
        visit.button("Unduh ZIP", "Download the ZIP").click()
    names = zipfile.ZipFile(fetched.value.path()).namelist()
    assert {"manifest.json", "rows/user-ledger-0001.jsonl"} <= set(names)
    visit.expected.add(429)
    visit.button("Minta salinan baru", "Ask for a new copy").click()
    visit.sees("sekali sehari; mintalah lagi", "One copy of all data a day")

    visit.button("Hapus akun saya", "Delete my account").click()
    dialog = visit.page.get_by_role("dialog")
    last = dialog.get_by_role("button", name=visit.word("Hapus selamanya", "Delete for ever"))
    dialog.locator("input[type=email]").fill("other@example.com")
    expect(last).to_be_disabled()
    dialog.locator("input[type=email]").fill(person.email)
    dialog.locator("input[type=password]").fill("wrong-horse-9")
    visit.expected.add(403)
    last.click()
    visit.sees("Ini bukan kata sandi akun", "This is not the account's password")
    visit.asked_for()
    visit.looks_well("account-delete")
    dialog.locator("input[type=password]").fill(person.password)
    last.click()

    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    expect(visit.link("Masuk", "Log in").first).to_be_visible()
    service.invoke("ReleaseAccounts")
    found = service.cognito.list_users(
        UserPoolId=service.outputs.user_pool_id, Filter=f'email = "{person.email}"'
    )
    assert found["Users"] == []
