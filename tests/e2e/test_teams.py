"""Teams on the wire: whose account a request is about, by token and by key, also after removal."""

from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.e2e.buyer import Buyer, buyer, data
from tests.e2e.owned import BY_KEY, THEIRS, Owned, all_is_like_nothing, asking_by_key, owning
from tests.e2e.service import Service

type Ask = Callable[..., httpx.Response]
PERSONAL = [(method, path) for method, path in THEIRS if path.startswith("/api/connections/")]
"""What people decide for their own account alone."""


@pytest.fixture(scope="module")
def owned(service: Service) -> Iterator[Owned]:
    with owning(service) as found:
        yield found


@pytest.fixture
def stranger(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=10) as opened:
        yield opened


def let_in(owner: Buyer, member: Buyer, role: str = "owner") -> Ask:
    """Make the member one of the owner's team; how they ask for the owner's workspace then."""
    token = owner.invitation(member.person.email, role)["token"]
    data(member("POST", "/api/invitations/accept", json={"token": token}))
    return partial(member, headers={"X-Workspace": owner.person.user_id})


def remove(owner: Buyer, member: Buyer) -> None:
    data(owner("DELETE", f"/api/team/members/{member.person.user_id}"))


def is_for_the_person(answer: httpx.Response) -> bool:
    """What no role of a workspace has, not even its owners' members."""
    return (answer.status_code, answer.json().get("code")) == (403, "not_allowed")


def is_forbidden(answer: httpx.Response) -> bool:
    """The gateway's own answer to a key that is good for nothing."""
    return (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


def test_what_a_member_orders_the_workspace_pays(
    service: Service, owned: Owned, stranger: Buyer
) -> None:
    ask = let_in(owned.owner, stranger, "editor")
    before = service.balance(owned.owner.person), service.balance(stranger.person)
    photo = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}

    job = data(ask("POST", f"{P}/remove", json=photo))

    after = service.balance(owned.owner.person), service.balance(stranger.person)
    assert (before[0] - after[0], before[1] - after[1]) == (3, 0)
    assert data(owned.owner("GET", f"{P}/jobs/{job['jobId']}"))["jobId"] == job["jobId"]
    assert stranger("GET", f"{P}/jobs/{job['jobId']}").status_code == 404
    [act] = data(owned.owner("GET", "/api/team/activity", params={"limit": 1}))["activity"]
    assert (act["email"], act["what"]) == (stranger.person.email, f"POST {P}/remove")
    remove(owned.owner, stranger)


def test_a_browser_may_name_a_workspace(service: Service) -> None:
    asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "GET"}
    asked |= {"Access-Control-Request-Headers": "x-workspace"}
    got = httpx.options(f"{service.outputs.api_url}/api/credits", headers=asked, timeout=60)
    assert "x-workspace" in got.headers["access-control-allow-headers"].lower()


def test_for_another_workspace_it_is_like_nothing(
    service: Service, owned: Owned, stranger: Buyer
) -> None:
    before = owned.state(service)
    with buyer(service, credits=10) as other:
        ask = let_in(other, stranger)
        all_is_like_nothing(owned, ask, [one for one in THEIRS if one not in PERSONAL])
        all_is_like_nothing(owned, ask, PERSONAL, also=is_for_the_person)
        with asking_by_key(service, ask) as by_key:
            all_is_like_nothing(owned, by_key, BY_KEY)
    assert owned.state(service) == before


def test_after_removal_it_is_like_nothing(service: Service, owned: Owned, stranger: Buyer) -> None:
    ask = let_in(owned.owner, stranger)
    with asking_by_key(service, ask) as by_key:
        seen = [data(one("GET", "/api/credits")) for one in (ask, by_key)]
        assert seen[0] == seen[1] != data(stranger("GET", "/api/credits"))

        remove(owned.owner, stranger)

        before = owned.state(service)
        all_is_like_nothing(owned, ask, THEIRS)
        all_is_like_nothing(owned, stranger, THEIRS)
        all_is_like_nothing(owned, by_key, BY_KEY, also=is_forbidden)
        assert by_key("GET", "/api/credits").status_code in {403, 404}
        assert owned.state(service) == before
