"""Accounts with a past, in tests: what sellers do by the API, until they leave."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import boto3

from lumiku.adapters.hosting.shared_answers import SharedAnswerTable
from lumiku.adapters.rows import Rows
from lumiku.adapters.telling.mail import MailTable
from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.bootstrap import stores
from lumiku.domain.people.limits import OF_ACCOUNTS, Limit
from lumiku.domain.work.groups import Archive
from lumiku.services.clock import utc_now
from lumiku.services.people.admission import admit
from tests.component.attempts import rejected
from tests.component.desk import filled, project, sweep, upload
from tests.component.exporting import export
from tests.component.http.conftest import Api
from tests.component.http.teams import acting, join
from tests.component.http.test_billing import pay
from tests.component.http.test_brands import picture, save, send
from tests.component.http_events import SELLER
from tests.component.processing import WHITE, done, on_plan, process
from tests.component.stack import EMAIL
from tests.component.templates import ADMIN, make, rate, used

OTHERS = "c0ffee00-0c1d-4c55-9a0e-5b1f3d2c4a77"
"""A workspace that sellers with a team are members of too."""


def with_login(api: Api) -> Api:
    """The API with a user pool that knows the seller, whose address is EMAIL."""
    stack = api.stack
    client = stack.create_user()
    cognito = boto3.client("cognito-idp")
    cognito.admin_update_user_attributes(
        UserPoolId=stack.user_pool,
        Username=EMAIL,
        UserAttributes=[{"Name": "sub", "Value": SELLER}],
    )
    for folder in ("auth_api", "release_accounts", "admin_api"):
        stack.app(folder, UserPool=stack.user_pool, UserPoolClient=client)
    stack.s3.put_bucket_versioning(
        Bucket=stack.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    return api


def _item(api: Api) -> str:
    _, ids = filled(api, "shoe.jpg")
    return ids["shoe.jpg"]


def _looks(api: Api) -> None:
    item = _item(api)
    done(api, item)
    process(api, item, {"background": {"action": "solid", "color": "#00ff00"}})
    api.post(f"{P}/items/{_item(api)}/preview", {"workflow": WHITE})


def _deletes(api: Api) -> None:
    item = _item(api)
    shown = done(api, item)
    api("DELETE", f"{P}/variations/{shown['variationId']}") if "variationId" in shown else None
    api("DELETE", f"{P}/items/{item}")
    api("DELETE", f"{P}/projects/{filled(api, 'hat.jpg')[0]}")


def _uploads(api: Api) -> None:
    upload(api, project(api), "a.jpg", "b.jpg")


def _orders_a_studio_batch(api: Api) -> None:
    project_id, _ = filled(api, "a.jpg", "b.jpg")
    placed = api.post(f"{P}/projects/{project_id}/batch-process", {"workflow": WHITE})
    assert placed.status == 202, placed.json
    batch_id = placed.data["generation"]["generationId"]
    api.post(f"{P}/generations/{batch_id}/pause", {})
    shared = SharedAnswerTable(Rows(api.stack.dynamodb, api.stack.table), utc_now)
    shared.begin(batch_id, "scene", f"{batch_id}_0000")


def _templates(api: Api) -> None:
    made = make(api).data["templateId"]
    used(api, _item(api), made)
    rate(api, made, 4)


def _exports(api: Api) -> None:
    project_id, ids = filled(api, "shoe.jpg")
    done(api, ids["shoe.jpg"])
    assert export(api, project_id).status == 202


def _removes(api: Api) -> None:
    body = {"fileName": "a.jpg", "fileSize": 1000, "contentType": "image/jpeg", "tier": "basic"}
    jobs = [api.post(f"{REMOVER_PREFIX}/remove", body).data["jobId"] for _ in range(4)]
    api.stack.work(jobs[0])
    api.stack.work(jobs[1], rejected)
    # One worker died in the middle.
    long_ago = utc_now() - timedelta(minutes=30)
    api.stack.jobs.claim(
        jobs[2],
        etag="e",
        size_bytes=9,
        attempt_id="a",
        now=long_ago,
        lease_until=long_ago + timedelta(minutes=15),
    )


def _orders_a_batch(api: Api) -> None:
    files = [{"name": f"{number}.jpg", "size": 1000} for number in range(3)]
    body = {"tier": "basic", "files": files}
    batch_id = api.post(f"{REMOVER_PREFIX}/batch", body).data["batchId"]
    api.stack.work(f"{batch_id}_0000")
    group = api.stack.groups.group(batch_id)
    assert group is not None
    api.stack.groups.keep_part(
        group, 1, Archive(key=f"zip/{SELLER}/{batch_id}/1.zip", size_bytes=9)
    )
    MailTable(Rows(api.stack.dynamodb, api.stack.table)).mark(group, utc_now())


def _buys(api: Api) -> None:
    bought, _ = (api.post("/api/credits/topups", {"package": "credits-500"}).data for _ in range(2))
    pay(api, bought["checkoutUrl"])


def _subscribes(api: Api) -> None:
    asked = api.post(f"{REMOVER_PREFIX}/subscription", {"plan": "starter"})
    if asked.status == 201 and asked.data["payment"]:
        pay(api, asked.data["payment"]["checkoutUrl"])


def _listens(api: Api) -> None:
    assert api.post("/api/webhooks", {"url": "https://93.184.215.14/hook"}).status == 201


def _gives_keys(api: Api) -> None:
    said = {"name": "Toko", "mode": "live", "scopes": ["read"], "ordersPerMinute": 9}
    made = api.post("/api/keys", said)
    assert made.status == 201, made.json
    by_key = Limit(name=made.data["keyId"], count=9, window_s=60)
    admit(stores.paces(), SELLER, by_key, utc_now())


def _connects_an_app(api: Api) -> None:
    allowed = {"scopes": ["remove"]}
    added = {"name": "avatar-creator", "baseUrl": "https://93.184.215.14", **allowed}
    assert api.post("/api/admin/apps", added, **ADMIN).status in {201, 409}
    connected = api("PUT", "/api/connections/avatar-creator", body={**allowed, "monthlyCap": 9})
    assert connected.status == 200, connected.json


def _has_a_team(api: Api) -> None:
    """Somebody is in, does something and is asked in, and so is the seller elsewhere."""
    asked = {"email": "asked@example.com", "role": "viewer"}
    assert api.post("/api/team/invitations", asked).status == 201
    join(api.stack, "admin")
    acting(api, "POST", "/api/webhooks", {"url": "not one"})
    acting(api, "POST", "/api/credits/topups", {"package": "credits-500"})
    join(api.stack, "editor", SELLER, OTHERS)


def _has_a_brand(api: Api) -> None:
    if save(api).status == 200:
        assert send(api, picture()).status == 200


def _is_looked_after(api: Api) -> None:
    path = f"/api/admin/accounts/{SELLER}"
    gift = {"amount": 7, "reason": f"Sorry, {EMAIL}"}
    assert api.post(f"{path}/credits", gift, **ADMIN).status == 200
    body = {"single": {"count": 9, "windowSeconds": 60}, "reason": f"For {EMAIL}"}
    assert api("PUT", f"{path}/limits", body=body, **ADMIN).status == 200


def _asks_much(_: Api) -> None:
    for limit in OF_ACCOUNTS:
        admit(stores.paces(), SELLER, limit, utc_now())


def _takes_out(api: Api) -> None:
    if api.post("/api/account/export").status == 202:
        api.stack.call("release_accounts", {})


def _days_pass(api: Api) -> None:
    now = utc_now()
    for kind in ("ACCOUNTS", "DAY"):
        yesterday = {
            "pk": "STATS#FINISHED",
            "sk": kind,
            "day": f"{now - timedelta(days=1):%Y-%m-%d}",
        }
        Rows(api.stack.dynamodb, api.stack.table).put(yesterday)
    tomorrow = now + timedelta(days=1)
    chores = api.stack.app("sweep")
    replace(chores.account_figures, clock=lambda: tomorrow).finish_days()
    replace(chores.business, clock=lambda: tomorrow).finish_days()
    sweep(api.stack)


ACTS: tuple[Callable[[Api], None], ...] = (
    _looks,
    _deletes,
    _uploads,
    _orders_a_studio_batch,
    _templates,
    _exports,
    _buys,
    _subscribes,
    _removes,
    _orders_a_batch,
    _listens,
    _gives_keys,
    _connects_an_app,
    _has_a_team,
    _has_a_brand,
    _is_looked_after,
    _takes_out,
    _days_pass,
    _asks_much,
)
"""What a seller does; all of them, in this order, write every kind of row of an account."""


def live(api: Api, acts: tuple[Callable[[Api], None], ...], *, pays: bool = True) -> None:
    """An account that did that; one that pays can do all, with a plan that has everything."""
    api.stack.app("auth_api").people.accounts.describe(SELLER, email=EMAIL, language="id")
    api.get("/api/credits")
    if pays:
        bought = api.post("/api/credits/topups", {"package": "credits-5000"}).data
        pay(api, bought["checkoutUrl"])
        on_plan(api, "premium")
    for act in acts:
        _rest(api)
        act(api)


def _rest(api: Api) -> None:
    """Wait until every limit has room again."""
    for limit in OF_ACCOUNTS:
        key = {"pk": {"S": f"RATE#{SELLER}#{limit.name}"}, "sk": {"S": "ARRIVAL"}}
        api.stack.dynamodb.delete_item(TableName=api.stack.table, Key=key)


def scatter(api: Api) -> None:
    """An object under every prefix that the template's roles name, in two versions, and in none."""
    stack = api.stack
    lanes = ("in/single", "in/priority", "in/standard")
    for place in (*lanes, "out", "beside", "orders", "work", "zip", "kept", "takeouts"):
        key = f"{place}/{SELLER}/thing/1"
        for body in (b"first", b"second"):
            stack.s3.put_object(Bucket=stack.bucket, Key=key, Body=body)
        stack.s3.put_object(Bucket=stack.bucket, Key=f"{key}-deleted", Body=b"first")
        stack.s3.delete_object(Bucket=stack.bucket, Key=f"{key}-deleted")


def some_acts(seed: int) -> tuple[Callable[[Api], None], ...]:
    """A history that follows from the seed."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return tuple(chance.choices(ACTS, k=chance.randint(2, 6)))
