"""Taking all data along, and deleting an account."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from lumiku.apps.remover.http import REMOVER_ALIAS
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH
from lumiku.services.clock import utc_now
from scripts.template import ROOT, functions
from tests.component.erasing import erase, erase_all, leave
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.leaving import ACTS, live, with_login
from tests.component.left_over import found_of
from tests.component.stack import EMAIL, PASSWORD
from tests.dynamodb import all_rows

EXPORT = "/api/account/export"


@pytest.fixture
def seller(api: Api) -> Api:
    """The API, with a seller who can log in."""
    return with_login(api)


def packed(api: Api) -> zipfile.ZipFile:
    """The copy that was made."""
    [key] = api.stack.photos.keys(f"takeouts/{SELLER}/")
    return zipfile.ZipFile(io.BytesIO(api.stack.photos.read(key).data))


def release(api: Api) -> dict[str, int]:
    """What the schedule does."""
    outcomes: dict[str, int] = api.stack.call("release_accounts", {})
    return outcomes


def rows_of(archive: zipfile.ZipFile, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"rows/{kind}-0001.jsonl").splitlines()]


def test_a_copy_is_made_told_by_mail_and_fetched(seller: Api) -> None:
    asked = seller.post(EXPORT)
    early = seller.get(f"{EXPORT}/download")
    again = seller.post(EXPORT)

    assert release(seller) == {"takeout_ready": 1}

    shown = seller.get(EXPORT).data
    link = seller.get(f"{EXPORT}/download").data
    letters = [row for row in all_rows() if row["sk"].startswith("LETTER#takeout#")]
    assert (asked.status, asked.data["status"], again.data) == (202, "pending", asked.data)
    assert (early.status, early.json["code"]) == (409, "takeout_not_ready")
    assert (shown["status"], shown["sizeBytes"]) == ("ready", link["sizeBytes"])
    assert shown["takeoutId"] in link["url"]
    assert len(letters) == 1
    assert "gsi2pk" in letters[0]


def test_a_copy_has_every_row_without_secrets_and_every_file(seller: Api) -> None:
    live(seller, tuple(act for act in ACTS if act.__name__ not in {"_takes_out", "_asks_much"}))
    before = [row for row in all_rows() if SELLER in json.dumps(row, default=str)]
    files = {
        key.replace(f"/{SELLER}/", "/")
        for key in seller.stack.photos.keys("")
        if key.split("/")[0] in {"kept", "in", "out", "beside", "brands"}
    }
    assert seller.post(EXPORT).status == 202
    release(seller)

    archive = packed(seller)

    manifest = json.loads(archive.read("manifest.json"))
    names = {file["name"] for file in manifest["files"]}
    assert names == {f"files/{key}" for key in files}
    assert names <= set(archive.namelist())
    assert not any(file["leftOut"] for file in manifest["files"])
    told = "".join(
        archive.read(name).decode() for name in archive.namelist() if name.startswith("rows/")
    )
    own = [row for row in before if not row["pk"].startswith("STATS#")]
    assert sum(manifest["rows"].values()) == len(told.splitlines())
    for row in own:
        assert f'"pk": "{row["pk"]}"' in told
    secrets = [row["secret"] for row in own if "secret" in row]
    secrets += [
        secret["value"]
        for row in own
        for endpoint in row.get("endpoints", ())
        for secret in endpoint["secrets"]
    ]
    assert len(secrets) > 1
    assert not any(secret in told for secret in secrets)
    assert any(row["kind"] == "topup" for row in rows_of(archive, "user-ledger"))


def test_what_does_not_fit_is_named_in_the_manifest(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = seller.stack
    for name, size in (("1", 60), ("2", 50), ("3", 40)):
        stack.s3.put_object(
            Bucket=stack.bucket, Key=f"kept/{SELLER}/p/i/{name}.jpg", Body=b"x" * size
        )

    seller.post(EXPORT)
    replace(stack.app("release_accounts").packing, file_bytes=100).pack_due()

    shown = seller.get(EXPORT).data
    told = {
        file["name"][-5:]: file["leftOut"]
        for file in json.loads(packed(seller).read("manifest.json"))["files"]
    }
    assert told == {"1.jpg": None, "2.jpg": "too_large_together", "3.jpg": None}
    assert (shown["files"], shown["leftOut"]) == (2, 1)


def test_one_copy_a_day_is_made_and_kept_for_a_week(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing, no_link = seller.get(EXPORT), seller.get(f"{EXPORT}/download")
    seller.post(EXPORT)
    release(seller)
    soon = seller.post(EXPORT)
    week = utc_now() + timedelta(days=7, minutes=1)
    taking_out = seller.stack.app("auth_api").taking_out

    monkeypatch.setattr(
        seller.stack.app("auth_api"), "taking_out", replace(taking_out, clock=lambda: week)
    )

    assert (nothing.data["status"], no_link.status) == ("none", 404)
    assert (soon.status, soon.json["code"], soon.json["allowed"]) == (429, "takeout_too_soon", 1)
    assert 86_000 < soon.json["retryAfter"] <= 86_400
    assert seller.get(EXPORT).data["status"] == "expired"
    assert seller.get(f"{EXPORT}/download").json["code"] == "result_expired"
    assert seller.post(EXPORT).status == 202


def test_a_copy_whose_maker_died_is_made_by_the_next(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:

    seller.post(EXPORT)
    packing = seller.stack.app("release_accounts").packing

    class Full:
        def write(self, *_: object, **__: object) -> None:
            raise MemoryError

    with pytest.raises(ExceptionGroup):
        replace(packing, archives=Full()).pack_due()

    later = utc_now() + timedelta(minutes=20)
    assert packing.pack_due() == {}
    assert replace(packing, clock=lambda: later).pack_due() == {"takeout_ready": 1}
    assert replace(packing, clock=lambda: later).pack_due() == {}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"email": "other@example.com"}, 400, "invalid_request"),
        ({"password": "wrong-horse-9"}, 403, "wrong_password"),
        ({"groups": "[admin]"}, 403, "not_allowed"),
        ({"user": STRANGER}, 400, "invalid_request"),
    ],
)
def test_a_deletion_that_is_not_confirmed_changes_nothing(
    seller: Api, sent: dict[str, Any], status: int, code: str
) -> None:
    seller.get("/api/credits")
    before = all_rows()

    refused = leave(seller, **sent)

    assert (refused.status, refused.json["code"]) == (status, code)
    assert all_rows() == before
    assert erase(seller) == {}


def test_a_deletion_closes_the_account_at_once_and_is_told_by_mail(seller: Api) -> None:
    live(seller, ())

    left = leave(seller, email=f" {EMAIL.upper()} ")

    refused = seller.get("/api/account")
    assert left.status == 202
    assert left.data["settlesAt"] > left.data["askedAt"]
    assert (refused.status, refused.json["code"]) == (401, "account_deleted")
    assert release(seller) == {"account_settling": 1}
    assert any(row["sk"].startswith("LETTER#leaving#") for row in all_rows())
    login = seller.post("/api/auth/login", {"email": EMAIL, "password": PASSWORD})
    assert login.json["code"] == "wrong_credentials"


def token_events() -> Iterator[tuple[str, dict[str, Any]]]:
    """A valid request of each route that asks for a token."""
    for path in sorted(ROOT.glob("events/*_api/*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        if "authorizer" in event.get("requestContext", {}):
            yield path.parent.name, event


def test_no_route_does_anything_for_who_left(seller: Api) -> None:
    stack = seller.stack
    live(seller, ())
    assert leave(seller).status == 202
    before, keys = all_rows(), stack.photos.keys("")
    asked = set()

    for folder, event in token_events():
        stack.app(folder)
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = SELLER
        answered = stack.call(folder, event)
        assert answered["statusCode"] in {400, 401}, (folder, event["routeKey"], answered)
        if answered["statusCode"] == 401:
            assert json.loads(answered["body"])["code"] == "account_deleted"
            asked.add(event["routeKey"])

    assert (all_rows(), stack.photos.keys("")) == (before, keys)
    routes = {
        f"{route.method} {route.path}"
        for function in functions()
        for route in function.routes
        if not route.is_open and route.method != "HEAD"
    }
    aliases = {route for route in routes if f" {REMOVER_ALIAS}/" in route}
    assert routes - asked - aliases == set()


def test_who_comes_back_starts_anew_without_the_months_free_credits(seller: Api) -> None:
    live(seller, ())
    leave(seller)
    erase_all(seller)
    people = seller.stack.app("auth_api").people

    people.register(EMAIL, PASSWORD, "en")
    people.confirm(EMAIL, "123456")
    again = people.log_in(EMAIL, PASSWORD).user_id
    people.register("new@example.com", PASSWORD, "en")
    people.confirm("new@example.com", "123456")
    new = people.log_in("new@example.com", PASSWORD).user_id

    assert again != SELLER
    assert seller.get("/api/credits", user=again).data["balance"] == 0
    assert seller.get("/api/credits", user=new).data["balance"] == FREE_CREDITS_A_MONTH
    [former] = [row for row in all_rows() if row["pk"].startswith("FORMER#")]
    assert former.keys() == {"pk", "sk", "month", "ttl"}
    assert int(former["ttl"]) > utc_now().timestamp()
    assert not any(place.startswith("FORMER#") for place in found_of(seller, EMAIL))


def test_the_pool_forgets_and_the_stranger_stays(seller: Api) -> None:
    other = seller.stack.add_user("other@example.com")
    leave(seller)
    erase_all(seller)

    users = boto3.client("cognito-idp").list_users(UserPoolId=seller.stack.user_pool)["Users"]
    assert [user["Username"] for user in users] == [other]
