"""Teams by their people: invitations, roles, leaving, keys of members, and who did what."""

from typing import Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from lumiku.adapters.people.brands import BrandTable
from lumiku.adapters.rows import Rows
from lumiku.domain.errors import Busy
from lumiku.domain.people.brands import Brand
from lumiku.domain.people.teams import MAX_TEAM, OPEN, Role
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http.teams import INVITEE, acting, address, join, teams
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.component.stack import Stack
from tests.component.test_batch_mail import SENDER
from tests.dynamodb import REGION

P, S = "/api/apps/background-remover", "/api/apps/product-photo-studio"
PHOTO = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}
BATCH = {"tier": "basic", "files": [{"name": f"{n}.png", "size": 9} for n in range(2)]}
THIRD = "decade00-0c1d-4c55-9a0e-5b1f3d2c4a12"
OWNER = "seller@example.com"
BRAND = Brand(
    account=SELLER,
    slug="kios",
    name="Kios",
    accent_color="#000000",
    header_color="#ffffff",
    sender_name="Kios",
    footer="Kios Maju",
)


@pytest.fixture
def team(seller: Api) -> Api:
    """The seller's API, and a stranger who has an address and 10 credits."""
    seller.stack.open_account(STRANGER, 10)
    address(seller.stack, SELLER, OWNER)
    address(seller.stack, STRANGER, INVITEE)
    return seller


def invited(api: Api, email: str = INVITEE, role: Role = "editor", **sent: Any) -> Answer:
    return api.post("/api/team/invitations", {"email": email, "role": role, **sent})


def accept(api: Api, token: str, user: str = STRANGER) -> Answer:
    return api.post("/api/invitations/accept", {"token": token}, user=user)


def code(got: Answer) -> tuple[int, str]:
    return got.status, got.json["code"]


# Coming in


def test_who_accepts_an_invitation_acts_for_the_workspace(team: Api) -> None:
    token = invited(team).data["token"]

    member = accept(team, token).data
    placed = acting(team, "POST", f"{P}/remove", PHOTO)

    assert (member["userId"], member["role"]) == (STRANGER, "editor")
    assert placed.headers["x-credits-remaining"] == "997"
    assert team.get(f"{P}/jobs/{placed.data['jobId']}").status == 200
    assert team.get(f"{P}/jobs/{placed.data['jobId']}", user=STRANGER).status == 404
    assert team.get("/api/credits", user=STRANGER).data["balance"] == 10
    job = team.stack.jobs.get(placed.data["jobId"])
    assert job is not None
    assert (job.user_id, job.actor) == (SELLER, STRANGER)


def test_a_member_sees_their_workspaces_and_the_team(team: Api) -> None:
    accept(team, invited(team, role="viewer").data["token"])
    invited(team, "third@example.com", "admin")

    mine = team.get("/api/workspaces", user=STRANGER).data["workspaces"]
    shown = acting(team, "GET", "/api/team").data

    assert mine == [
        {"workspaceId": STRANGER, "owner": INVITEE, "role": "owner"},
        {"workspaceId": SELLER, "owner": OWNER, "role": "viewer"},
    ]
    assert [(one["email"], one["role"]) for one in shown["members"]] == [
        (OWNER, "owner"),
        (INVITEE, "viewer"),
    ]
    assert [one["email"] for one in shown["invitations"]] == ["third@example.com"]


@pytest.mark.parametrize(("language", "said"), [("en", "asked to work"), ("id", "diundang")])
def test_an_invitation_is_mailed_once_with_a_link(stack: Stack, language: str, said: str) -> None:
    boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
    sweep = stack.app("sweep", MailSender=SENDER)
    address(stack, SELLER, OWNER)
    api = Api(stack)
    BrandTable(Rows(stack.dynamodb, stack.table)).save(None, BRAND)
    made = invited(api, language=language).data
    withdrawn = invited(api, "third@example.com").data
    api("DELETE", f"/api/team/invitations/{withdrawn['invitationId']}")

    told = [dict(sweep.writing.write_due()) for _ in range(2)]

    assert told == [{"mail_written": 1, "mail_not_needed": 1}, {}]
    [mail] = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert mail.destinations["ToAddresses"] == [INVITEE]
    assert said in str(mail.body)
    assert f"/#/join/{made['token']}" in str(mail.body)
    assert OWNER in mail.subject
    assert "Kios" not in f"{mail.source} {mail.subject} {mail.body}"


def test_an_invitation_is_good_once_and_for_its_address(team: Api) -> None:
    team.stack.open_account(THIRD, 0)
    address(team.stack, THIRD, "third@example.com")
    token = invited(team).data["token"]

    by_another = accept(team, token, THIRD)
    first, again = accept(team, token), accept(team, token)
    team("DELETE", f"/api/team/members/{STRANGER}")
    later = accept(team, token)

    assert code(by_another) == (403, "not_allowed")
    assert (first.status, first.data) == (200, again.data)
    assert code(later) == (404, "not_found")
    assert code(accept(team, token, THIRD)) == (404, "not_found")


def test_an_invitation_is_good_for_a_week(team: Api) -> None:
    made = invited(team).data
    store = teams(team.stack)
    found = store.invitation(SELLER, made["invitationId"])
    assert found is not None
    store.withdraw(SELLER, found.id)
    store.invite(found.model_copy(update={"created_at": utc_now() - OPEN, "id": "0" * 32}))

    late = accept(team, f"{SELLER}.{'0' * 32}")

    assert code(late) == (404, "not_found")
    assert "7 days" in late.json["detail"]
    assert team.get("/api/team").data["invitations"] == []


def test_an_invitation_is_withdrawn_or_replaced(team: Api) -> None:
    first, second = invited(team).data, invited(team, role="viewer").data
    assert code(accept(team, first["token"])) == (404, "not_found")
    withdrawn = team("DELETE", f"/api/team/invitations/{second['invitationId']}")
    assert withdrawn.data["role"] == "viewer"
    assert code(accept(team, second["token"])) == (404, "not_found")
    again = team("DELETE", f"/api/team/invitations/{second['invitationId']}")
    assert code(again) == (404, "not_found")


def test_what_a_removed_member_asked_for_is_void(team: Api) -> None:
    """It may be another address of theirs."""
    team.stack.open_account(THIRD, 0)
    address(team.stack, THIRD, "third@example.com")
    join(team.stack, "admin")
    asked = {"email": "third@example.com", "role": "admin"}
    token = acting(team, "POST", "/api/team/invitations", asked).data["token"]
    kept = invited(team, "partner@example.com").data

    team("DELETE", f"/api/team/members/{STRANGER}")

    assert code(accept(team, token, THIRD)) == (404, "not_found")
    assert team.get("/api/team").data["invitations"] == [kept]


@pytest.mark.parametrize("token", ["", "x", f"{SELLER}.{'0' * 31}", f"a b.{'0' * 32}", None])
def test_what_is_no_invitation_is_refused(team: Api, token: Any) -> None:
    assert code(accept(team, token)) == (400, "invalid_request")


def test_members_and_their_owner_are_not_invited_again(team: Api) -> None:
    join(team.stack, "viewer")
    assert code(invited(team, OWNER.upper())) == (400, "invalid_request")
    assert code(invited(team)) == (400, "invalid_request")


def test_a_team_has_an_end(team: Api) -> None:
    for number in range(MAX_TEAM):
        join(team.stack, "viewer", f"{number:08x}-0c1d-4c55-9a0e-5b1f3d2c4a12")
    assert code(invited(team, "one@more.example")) == (409, "team_full")


def test_so_many_mails_and_no_more(team: Api) -> None:
    got = [invited(team, f"{number}@example.com").status for number in range(21)]
    assert got == [201] * 20 + [429]


# Roles


def test_only_owners_have_to_do_with_owners(team: Api) -> None:
    join(team.stack, "owner", THIRD)
    join(team.stack, "admin")
    asked = invited(team, "partner@example.com", "owner").data
    refused = [
        acting(team, "POST", "/api/team/invitations", {"email": "a@b.cd", "role": "owner"}),
        acting(team, "PATCH", f"/api/team/members/{THIRD}", {"role": "viewer"}),
        acting(team, "DELETE", f"/api/team/members/{THIRD}"),
        acting(team, "PATCH", f"/api/team/members/{STRANGER}", {"role": "owner"}),
        acting(team, "DELETE", f"/api/team/invitations/{asked['invitationId']}"),
        acting(team, "POST", "/api/team/invitations", {"email": asked["email"], "role": "viewer"}),
    ]
    assert [(*code(one), one.json["scope"]) for one in refused] == [
        (403, "not_allowed", "owners")
    ] * 6
    assert team.get("/api/team").data["invitations"] == [asked]
    assert team("PATCH", f"/api/team/members/{STRANGER}", body={"role": "owner"}).status == 200
    assert acting(team, "DELETE", f"/api/team/members/{THIRD}").status == 200


def test_a_removal_is_of_the_member_as_they_were_read(team: Api) -> None:
    """An owner has made them one, or let them in anew, meanwhile."""
    store = teams(team.stack)
    as_read = join(team.stack, "editor")
    store.change_role(as_read, "owner")
    with pytest.raises(Busy):
        store.remove(as_read)
    again = join(team.stack, "editor")
    with pytest.raises(Busy):
        store.remove(as_read)
    assert store.member(SELLER, STRANGER) == again
    for _ in range(2):
        store.remove(again)
    assert store.member(SELLER, STRANGER) is None


def test_the_person_whose_account_it_is_stays_its_owner(team: Api) -> None:
    join(team.stack, "owner")
    for got in (
        team.post("/api/team/leave"),
        team("DELETE", f"/api/team/members/{SELLER}"),
        acting(team, "DELETE", f"/api/team/members/{SELLER}"),
        acting(team, "PATCH", f"/api/team/members/{SELLER}", {"role": "viewer"}),
    ):
        assert code(got) == (409, "last_owner")
    assert acting(team, "POST", "/api/team/leave").status == 200  # another owner may
    assert acting(team, "GET", "/api/team").status == 404


def test_an_administrator_of_the_service_is_none_in_a_workspace(team: Api) -> None:
    join(team.stack, "owner")
    got = acting(team, "GET", "/api/admin/overview", groups="[admin]")
    assert code(got) == (403, "not_allowed")
    assert acting(team, "GET", "/api/account", groups="[admin]").data["admin"] is False


def test_a_role_that_changes_in_the_middle_of_an_order(team: Api) -> None:
    join(team.stack, "editor")
    batch = acting(team, "POST", f"{P}/batch", BATCH)
    batch_id = batch.data["batchId"]

    team("PATCH", f"/api/team/members/{STRANGER}", body={"role": "viewer"})
    as_viewer = acting(team, "DELETE", f"{P}/batch/{batch_id}")
    seen = acting(team, "GET", f"{P}/batch/{batch_id}")
    team("DELETE", f"/api/team/members/{STRANGER}")
    removed = acting(team, "DELETE", f"{P}/batch/{batch_id}")
    cancelled = team("DELETE", f"{P}/batch/{batch_id}")

    assert batch.status == 201
    assert code(as_viewer) == (403, "not_allowed")
    assert seen.status == 200
    assert code(removed) == (404, "not_found")
    assert cancelled.status == 200


# The header


@pytest.mark.parametrize(
    "workspace", ["", "nobody", THIRD, "TEAM#x", "a" * 5000, f"{SELLER}, {SELLER}", "a b", "é"]
)
def test_a_workspace_that_is_not_theirs_is_not_there(team: Api, workspace: str) -> None:
    join(team.stack, "owner")
    for method, path in (("GET", "/api/credits"), ("POST", "/api/team/leave")):
        got = acting(team, method, path, headers={"X-Workspace": workspace})
        assert code(got) == (404, "not_found")
        assert got.json["workspace"] == workspace[:128]


def test_ones_own_workspace_may_be_named(team: Api) -> None:
    got = acting(team, "GET", "/api/credits", headers={"X-Workspace": STRANGER})
    assert got.data["balance"] == 10
