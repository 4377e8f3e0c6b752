"""A team on the page: invited, accepted, at work in the other's workspace, removed."""

import re
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.e2e.service import Person, Service


def _ask(service: Service, person: Person, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {person.client.login().token}"}
    url = service.outputs.api_url + path
    answer = httpx.request(method, url, headers=headers, json=body, timeout=60, trust_env=False)
    assert answer.is_success, answer.text
    return answer.json()["data"]


def _switch(visit: Visit, to: Person) -> None:
    name = visit.word("Ruang kerja", "Workspace")
    with visit.begins_anew():
        visit.page.get_by_role("combobox", name=name).select_option(to.user_id)
    expect(visit.page).to_have_url(re.compile("#/$"))


def test_an_owner_invites_and_withdraws(visit: Visit, service: Service) -> None:
    visit.enter(service.newcomer())
    visit.open("account/team")
    visit.page.get_by_label(visit.word("Email yang", "E-mail to")).fill("editor@example.com")
    visit.page.locator("select[name=role]").select_option("editor")
    visit.button("Undang", "Invite").click()
    visit.sees("Undangan untuk editor@example.com", "The invitation for editor@example.com")
    visit.page.locator("summary").first.click()
    visit.sees("Belum ada yang dilakukan", "Members did nothing")
    visit.looks_well("team")

    visit.button("Tarik undangan", "Withdraw the invitation").click()
    expect(visit.button("Tarik undangan", "Withdraw the invitation")).to_have_count(0)


def test_a_member_accepts_works_there_and_is_removed(visit: Visit, service: Service) -> None:
    owner, member = service.newcomer(700), service.newcomer()
    asked = {"email": member.email, "role": "editor"}
    token = _ask(service, owner, "POST", "/api/team/invitations", asked)["token"]
    visit.enter(member)

    visit.open(f"join/{token}")
    visit.looks_well("join")
    with visit.begins_anew():
        visit.button("Terima undangan", "Accept the invitation").click()
    expect(visit.page.locator("a.balance")).to_contain_text("7")
    visit.open("account/team")
    visit.sees(f"Anda bekerja di ruang kerja {owner.email}", f"workspace of {owner.email}")
    expect(visit.button("Undang", "Invite")).to_have_count(0)
    visit.looks_well("workspace")
    _switch(visit, member)
    visit.open("account/team")
    expect(visit.button("Undang", "Invite")).to_be_visible()
    _switch(visit, owner)
    visit.open("account/team")
    visit.sees("Keluar dari tim", "Leave the team")
    expect(visit.page.locator("a.balance")).to_contain_text("7")

    visit.expected.add(404)
    _ask(service, owner, "DELETE", f"/api/team/members/{member.user_id}")
    with visit.begins_anew(times=2):  # by the reload, and to be in their own account again
        visit.page.reload()
    expect(visit.page).to_have_url(re.compile("#/$"))
    visit.open("account/team")
    expect(visit.button("Undang", "Invite")).to_be_visible()
