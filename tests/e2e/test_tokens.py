"""Tokens that are not ours and ids that are not the caller's: refused, and nothing moves."""

import uuid
from collections.abc import Iterator

import httpx
import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.forging import decoded, forged
from tests.e2e.owned import (
    BY_KEY,
    GUARDED,
    THEIRS,
    Owned,
    all_is_like_nothing,
    asking_by_key,
    owning,
)
from tests.e2e.service import Service


@pytest.fixture(scope="module")
def owned(service: Service) -> Iterator[Owned]:
    with owning(service) as found:
        yield found


@pytest.fixture(scope="module")
def stranger(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=10) as opened:
        yield opened


# Tokens


def other_pool(service: Service) -> str:
    """A genuine token of another user pool, in which anybody is an administrator."""
    pool = service.cognito.create_user_pool(PoolName=f"other-{uuid.uuid4().hex}")["UserPool"]["Id"]
    try:
        service.cognito.create_group(UserPoolId=pool, GroupName="admin")
        return login(service, pool, client_of(service, pool), group="admin")
    finally:
        service.cognito.delete_user_pool(UserPoolId=pool)


def client_of(service: Service, pool: str) -> str:
    created = service.cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    return str(created["UserPoolClient"]["ClientId"])


def login(service: Service, pool: str, client: str, group: str | None = None) -> str:
    email, password = f"{uuid.uuid4().hex}@example.com", f"{uuid.uuid4()}-aA1"
    service.cognito.admin_create_user(UserPoolId=pool, Username=email, MessageAction="SUPPRESS")
    service.cognito.admin_set_user_password(
        UserPoolId=pool, Username=email, Password=password, Permanent=True
    )
    if group:
        service.cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=group)
    answer = service.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def all_refused(owned: Owned, service: Service, authorization: str | None) -> None:
    """Every guarded route says 401, about the owner's things and in the gateway's words."""
    before = owned.state(service)
    headers = {} if authorization is None else {"Authorization": authorization}
    with httpx.Client(base_url=service.outputs.api_url, timeout=60, trust_env=False) as http:
        for method, template in GUARDED:
            body = {"tier": "basic", "fileName": "a.png", "fileSize": 9, "package": "credits-100"}
            sent = None if method == "GET" else body
            answer = http.request(method, owned.path(template), headers=headers, json=sent)
            assert answer.status_code == 401, (method, template, answer.text)
            assert answer.json() == {"message": "Unauthorized"}
    assert owned.state(service) == before


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer garbage",
        "Bearer a.b.c",
        "Bearer ..",
        "Basic dTpw",
        "Bearer e30.e30.e30",
    ],
)
def test_no_token(service: Service, owned: Owned, authorization: str | None) -> None:
    all_refused(owned, service, authorization)


@pytest.mark.parametrize(
    "kind",
    [
        "expired",
        "signed by a stranger",
        "of an unknown key",
        "with a key of its own",
        "unsigned",
        "unsigned, with a signature",
        "signed by a secret",
        "an administrator's",
        "without its signature",
        "damaged",
    ],
)
def test_a_forged_token(service: Service, owned: Owned, kind: str) -> None:
    genuine = owned.owner.http.headers["Authorization"].removeprefix("Bearer ")
    assert decoded(genuine.split(".")[1])["sub"] == owned.owner.person.user_id
    all_refused(owned, service, f"Bearer {forged(genuine, kind)}")


def test_a_token_of_another_user_pool(service: Service, owned: Owned) -> None:
    all_refused(owned, service, f"Bearer {other_pool(service)}")


def test_a_token_of_another_client_of_the_pool(service: Service, owned: Owned) -> None:
    pool = service.outputs.user_pool_id
    client = client_of(service, pool)
    try:
        all_refused(owned, service, f"Bearer {login(service, pool, client)}")
    finally:
        service.cognito.delete_user_pool_client(UserPoolId=pool, ClientId=client)


# Other people's things


def test_what_is_somebody_elses_is_like_nothing(
    service: Service, owned: Owned, stranger: Buyer
) -> None:
    before = owned.state(service), service.balance(stranger.person)
    assert {name for name in owned.ids if any(name in path for _, path in THEIRS)} == set(
        owned.ids
    ) - {"template_id"}

    all_is_like_nothing(owned, stranger, THEIRS)

    assert (owned.state(service), service.balance(stranger.person)) == before


def test_what_is_somebody_elses_is_like_nothing_by_key_too(
    service: Service, owned: Owned, stranger: Buyer
) -> None:
    before = owned.state(service)
    assert {path for _, path in THEIRS} - {path for _, path in BY_KEY} == {
        "/api/keys/{key_id}",
        "/api/keys/{key_id}/rotate",
        "/api/team/invitations/{invitation_id}",
        "/api/team/members/{user_id}",
    }

    with asking_by_key(service, stranger) as ask:
        all_is_like_nothing(owned, ask, BY_KEY)

    assert owned.state(service) == before


def test_somebody_elses_payment_cannot_be_told_of(
    service: Service, owned: Owned, stranger: Buyer
) -> None:
    before = owned.state(service)
    path, _ = proof_of(owned.payment)
    _, own_token = proof_of(stranger.top_up("credits-100"))
    told = stranger("POST", path, json={"status": "paid", "token": own_token})
    assert (told.status_code, told.json()["code"]) == (403, "forged_notification")
    page = stranger("GET", path.replace("notifications", "checkout"), params={"token": own_token})
    assert (page.status_code, page.json()["code"]) == (403, "forged_notification")
    assert owned.state(service) == before


def test_somebody_elses_cursor(service: Service, owned: Owned, stranger: Buyer) -> None:
    """In the ledger it is refused; among jobs it is a point in time of the caller's own list."""
    cursors = {}
    for path in ("/api/credits/ledger", f"{REMOVER_PREFIX}/jobs"):
        cursors[path] = data(owned.owner("GET", path, params={"limit": 1}))["nextCursor"]
        assert cursors[path]
    ledger, jobs = (
        stranger("GET", path, params={"cursor": cursor}) for path, cursor in cursors.items()
    )
    assert (ledger.status_code, ledger.json()["code"]) == (400, "invalid_request")
    assert data(jobs) == {"jobs": [], "nextCursor": None}


# Administration


def test_a_seller_is_no_administrator(service: Service, stranger: Buyer) -> None:
    before = service.balance(stranger.person), stranger.entries()
    account = f"/api/admin/accounts/{stranger.person.user_id}"
    reason = {"reason": "I would like to"}
    limits = {"single": {"count": 1_000_000, "windowSeconds": 1}}
    answers = [
        stranger("GET", "/api/admin/accounts", params={"email": service.outputs.email}),
        stranger("POST", f"{account}/credits", json=reason | {"amount": 1000}),
        stranger("PUT", f"{account}/limits", json=reason | limits),
        stranger("GET", "/api/admin/overview"),
        stranger("POST", f"/api/admin/payments/{uuid.uuid4().hex}/refund", json=reason),
    ]
    assert len(answers) == sum(path.startswith("/api/admin/") for _, path in GUARDED)
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (service.balance(stranger.person), stranger.entries()) == before
    policy = stranger.remove(tier="basic").headers["RateLimit-Policy"]
    assert policy == '"single";q=6000;w=60'
