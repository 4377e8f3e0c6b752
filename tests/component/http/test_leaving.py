"""Taking all data along, and deleting an account."""

import io
import zipfile

import boto3
import pytest

from tests.component.http.conftest import Api
from tests.component.stack import EMAIL, PASSWORD


@pytest.fixture
def pool(api: Api) -> Api:
    """The API with a user pool."""
    client = api.stack.create_user()
    for folder in ("auth_api", "release_accounts"):
        api.stack.app(folder, UserPool=api.stack.user_pool, UserPoolClient=client)
    return api


def user_of(api: Api, email: str = EMAIL) -> str:
    found = boto3.client("cognito-idp").list_users(
        UserPoolId=api.stack.user_pool, Filter=f'email = "{email}"'
    )["Users"]
    return next(a["Value"] for a in found[0]["Attributes"] if a["Name"] == "sub")


def test_a_copy_of_all_data_is_made_and_fetched(pool: Api) -> None:
    user = user_of(pool)
    pool.stack.open_account(user, 100)
    pool.stack.put_job("job_" + "1" * 32, user)
    asked = pool.post("/api/account/export", user=user)
    early = pool.get("/api/account/export/download", user=user)
    again = pool.post("/api/account/export", user=user)

    done = pool.stack.call("release_accounts", {})

    shown = pool.get("/api/account/export", user=user)
    link = pool.get("/api/account/export/download", user=user)
    print(asked.data, early.json, done, shown.data, link.data)
    key = pool.stack.photos.keys(f"takeouts/{user}/").pop()
    archive = zipfile.ZipFile(io.BytesIO(pool.stack.photos.read(key).data))
    print(archive.namelist(), archive.read("manifest.json").decode())
    refused = pool.post("/api/account/export", user=user)
    print(refused.json)


def test_leave(pool: Api) -> None:
    user = user_of(pool)
    pool.stack.open_account(user, 100)
    left = pool.post("/api/account/delete", {"email": EMAIL, "password": PASSWORD}, user=user)
    print(left.json)
    print(pool.get("/api/account", user=user).json)
    print(pool.stack.call("release_accounts", {}))
