"""A team on the page: invited, accepted, at work in the other's workspace, removed."""

import httpx
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.e2e.service import Person, Service


def _api(service: Service, person: Person) -> httpx.Client:
    headers = {"Authorization": f"Bearer {person.client.login().token}"}
    url = service.outputs.api_url
    return httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False)


def test_an_owner_invites_and_withdraws(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.open("account")
    visit.page.get_by_label(visit.word("Email yang", "E-mail to")).fill("editor@example.com")
    visit.page.get_by_label(visit.word("Peran", "Role")).first.select_option("editor")
    visit.button("Undang", "Invite").click()
    visit.sees("Undangan untuk editor@example.com", "The invitation for editor@example.com")
    visit.page.locator("summary").first.click()
    visit.sees("Belum ada yang dilakukan", "Members did nothing")
    visit.looks_well("team")

    visit.button("Tarik undangan", "Withdraw the invitation").click()
    expect(visit.button("Tarik undangan", "Withdraw the invitation")).to_have_count(0)


def test_a_member_accepts_works_there_and_is_removed(visit: Visit, service: Service) -> None:
    owner, member = service.newcomer(700), service.newcomer()
    api = _api(service, owner)
    asked = {"email": member.email, "role": "editor"}
    token = api.post("/api/team/invitations", json=asked).json()["data"]["token"]
    visit.enter(member)

    visit.open(f"join/{token}")
    visit.looks_well("join")
    visit.button("Terima undangan", "Accept the invitation").click()
    expect(visit.page.locator("a.balance")).to_contain_text("7")
    visit.open("account")
    visit.sees(f"Anda bekerja di ruang kerja {owner.email}", f"workspace of {owner.email}")
    expect(visit.button("Undang", "Invite")).to_have_count(0)
    visit.looks_well("workspace")
    visit.page.get_by_label(visit.word("Ruang kerja", "Workspace")).select_option(member.user_id)
    visit.open("account")
    expect(visit.button("Undang", "Invite")).to_be_visible()
    visit.page.get_by_label(visit.word("Ruang kerja", "Workspace")).select_option(owner.user_id)
    visit.open("account")
    visit.sees("Keluar dari tim", "Leave the team")

    visit.expected.add(404)
    api.delete(f"/api/team/members/{member.user_id}")
    visit.page.reload()
    visit.open("account")
    expect(visit.button("Undang", "Invite")).to_be_visible()
