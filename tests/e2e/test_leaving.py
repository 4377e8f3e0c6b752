"""Somebody registers, orders, takes their data along and leaves: nothing is found of them."""

import io
import json
import uuid
import zipfile
from datetime import datetime, timedelta
from typing import Any

import boto3
import httpx

from local import samples, stack
from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.domain.instant import iso
from lumiku.services.clock import utc_now
from lumiku_client import Client
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, data, proof_of
from tests.e2e.service import Person, Service, until

PASSWORD = "kopi-susu-2026"
IN_LOGS = {"user_id", "userId", "key", "prefix", "archive.key", "correlation_id", "told"}


def registered(service: Service) -> Person:
    """Somebody who registered and confirmed the address."""
    email = f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "password": PASSWORD}
    url = f"{service.outputs.api_url}/api/auth/register"
    assert httpx.post(url, json=body, timeout=ANSWER_S).status_code == 202
    pool = service.outputs.user_pool_id
    service.cognito.admin_confirm_sign_up(UserPoolId=pool, Username=email)
    user = service.cognito.admin_get_user(UserPoolId=pool, Username=email)
    user_id = next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")
    return Person(
        user_id, email, PASSWORD, Client(service.outputs.api_url, email=email, password=PASSWORD)
    )


def all_rows(service: Service) -> list[dict[str, Any]]:
    pages = service.dynamodb.get_paginator("scan").paginate(TableName=service.outputs.table)
    return [row for page in pages for row in page["Items"]]


def rows_with(service: Service, *words: str) -> list[dict[str, Any]]:
    return [row for row in all_rows(service) if any(word in json.dumps(row) for word in words)]


def make_old(service: Service, user_id: str) -> None:
    """Let all that the account did be long over."""
    past = iso(utc_now() - timedelta(hours=3))
    for row in rows_with(service, user_id):
        key = {"pk": row["pk"], "sk": row["sk"]}
        times = [n for n in ("completed_at", "closes_at", "closed_at", "settles_at") if n in row]
        sets = [f"{name} = :past" for name in times]
        values: dict[str, Any] = {":past": {"S": past}}
        if "S" in row["pk"] and row["pk"]["S"].startswith("LEAVING#") and "gsi2sk" in row:
            sets.append("gsi2sk = :due")
            values[":due"] = {"S": f"{past}#{user_id}"}
        if sets:
            service.dynamodb.update_item(
                TableName=service.outputs.table,
                Key=key,
                UpdateExpression=f"SET {', '.join(sets)}",
                ExpressionAttributeValues=values,
            )


def logged(service: Service, since: datetime) -> list[str]:
    """What the functions logged; of a long history, the laptop cloud gives the beginning alone."""
    with service.layout.as_root():
        logs = boto3.Session().client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/lumiku/{stack.name()}", startTime=int(since.timestamp() * 1000)
    )
    return [event["message"] for page in pages for event in page["events"]]


def fields_with(told: Any, word: str, name: str = "") -> set[str]:
    """Names of the fields of a log line in which a word stands."""
    match told:
        case dict():
            return {f for key, one in told.items() for f in fields_with(one, word, key)}
        case list():
            return {f for one in told for f in fields_with(one, word, name)}
    return {name} if word in str(told) else set()


def test_whoever_leaves_takes_their_data_along_and_nothing_is_left(service: Service) -> None:
    began = utc_now()
    person = registered(service)
    with person.client, httpx.Client(base_url=service.outputs.api_url, timeout=ANSWER_S) as http:
        http.headers["Authorization"] = f"Bearer {person.client.login().token}"
        who = Buyer(person, http)
        path, token = proof_of(who.top_up("credits-100"))
        data(who("POST", path, json={"status": "paid", "token": token}))
        photo = samples.write(service.layout) / "astronaut.png"
        job = person.client.submit(photo, "basic")
        desk.item(who, desk.project(who), photo)
        files = [{"name": f"{n}.png", "size": 9} for n in range(2)]
        data(who("POST", f"{REMOVER_PREFIX}/batch", json={"tier": "basic", "files": files}))

        data(who("POST", "/api/account/export"))
        until(lambda: service.invoke("ReleaseAccounts").get("takeout_ready"))
        link = data(who("GET", "/api/account/export/download"))["url"]
        copy = zipfile.ZipFile(io.BytesIO(httpx.get(link, timeout=ANSWER_S).content))
        assert job.job_id in copy.read("rows/job-0001.jsonl").decode()
        assert any(name.endswith("/original.png") for name in copy.namelist())

        body = {"email": person.email, "password": PASSWORD}
        assert who("POST", "/api/account/delete", json=body).status_code == 202
        refused = who.remove()
        assert (refused.status_code, refused.json()["code"]) == (401, "account_deleted")

        assert "errorMessage" not in service.invoke("ReleaseAccounts")
        for _ in range(8):
            make_old(service, person.user_id)
            outcome = service.invoke("ReleaseAccounts")
            if "account_gone" in outcome:
                break
    assert outcome == {"account_gone": 1}

    left = [row["pk"]["S"] for row in rows_with(service, person.user_id, person.email)]
    assert left == [f"LEAVING#{person.user_id}"]
    listed = service.s3.get_paginator("list_object_versions").paginate(Bucket=service.bucket)
    keys = [
        one["Key"]
        for page in listed
        for one in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
    ]
    assert keys
    assert not [key for key in keys if person.user_id in key]
    pages = service.cognito.get_paginator("list_users").paginate(
        UserPoolId=service.outputs.user_pool_id
    )
    assert person.email not in json.dumps([page["Users"] for page in pages], default=str)

    lines = logged(service, began)
    assert not [line for line in lines if person.email in line]
    found = set[str]()
    for line in (line for line in lines if person.user_id in line):
        found |= fields_with(json.loads(line), person.user_id)
    assert found
    assert found <= IN_LOGS
