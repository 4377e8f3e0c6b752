"""What is found of an account that left: in the table, the bucket and the pool."""

import json

import boto3

from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.leaving import OTHERS
from tests.component.stack import EMAIL
from tests.dynamodb import all_rows

KEPT = {"USER", "INVOICE", "AUDIT"}
"""Rows that stay of an account under its alias, beside days of the business."""
NOBODYS = {"STATS", "FORMER", "LEAVING", "PROVIDER"}
"""Rows that are of no account or, for two days, know it by its id alone."""


def found_of(api: Api, *words: str) -> list[str]:
    """Where one of the words stands: in which row, key of an object, or user of the pool."""
    stack = api.stack
    found = [
        f"{row['pk']} {row['sk']}"
        for row in all_rows()
        if any(word in json.dumps(row, default=str) for word in words)
    ]
    listed = stack.s3.list_object_versions(Bucket=stack.bucket)
    objects = (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))
    found += [one["Key"] for one in objects if any(word in one["Key"] for word in words)]
    users = boto3.client("cognito-idp").list_users(UserPoolId=stack.user_pool)["Users"]
    found += [u["Username"] for u in users if any(w in json.dumps(u, default=str) for w in words)]
    return sorted(found)


def left_over(api: Api, before: set[tuple[str, str]]) -> list[str]:
    """Rows and objects that are there and should not be, beside those of `before`."""
    left = [place for place in found_of(api, SELLER, EMAIL) if place != f"LEAVING#{SELLER} META"]
    left += [key for key in api.stack.photos.keys("assets/") if "owntemplate_" in key]
    for row in all_rows():
        kind, _, rest = row["pk"].partition("#")
        is_kept = kind in KEPT and "former_" in json.dumps(row, default=str)
        is_public = (kind, rest) == ("TEMPLATES", "PUBLIC")
        is_others = is_public or (kind, rest) == ("TEAM", OTHERS)
        if (row["pk"], row["sk"]) not in before and not (is_kept or is_others or kind in NOBODYS):
            left.append(f"{row['pk']} {row['sk']}")
    return sorted(set(left))


def places() -> set[tuple[str, str]]:
    """Keys of all rows."""
    return {(row["pk"], row["sk"]) for row in all_rows()}


def alias() -> str:
    """Under which name something was kept."""
    found = {word for pk, _ in places() for word in pk.split("#") if word.startswith("former_")}
    return found.pop()


def drift(user_id: str) -> int:
    """The sum of an account's ledger, less what it has."""
    rows = [row for row in all_rows() if row["pk"] == f"USER#{user_id}"]
    entries = sum(int(row["amount"]) for row in rows if row["sk"].startswith("LEDGER#"))
    pockets = sum(
        int(value)
        for row in rows
        if row["sk"] == "ACCOUNT"
        for name, value in row.items()
        if name == "balance" or name.startswith("granted#")
    )
    return entries - pockets
