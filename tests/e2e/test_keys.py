"""The API for keys on the wire: what the gateway, its authorizer and the functions say."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from local.layout import ROOT
from tests.e2e.service import Service

P = "/api/apps/background-remover"


@pytest.fixture
def by_key(service: Service) -> Iterator[httpx.Client]:
    address = service.outputs.key_api_url
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


def new_key(service: Service, token: str, **told: object) -> str:
    made = httpx.post(
        f"{service.outputs.api_url}/api/keys",
        json={"name": "importer", **told},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert made.status_code == 201, made.text
    return str(made.json()["data"]["key"])


def token_of(service: Service, email: str, password: str) -> str:
    login = {"email": email, "password": password}
    answer = httpx.post(f"{service.outputs.api_url}/api/auth/login", json=login, timeout=60)
    return str(answer.json()["data"]["token"])


def test_a_key_opens_the_api_and_nothing_else_does(service: Service, by_key: httpx.Client) -> None:
    person = service.newcomer(100)
    token = token_of(service, person.email, person.password)
    key = new_key(service, token)

    good = by_key.get("/api/credits", headers={"X-API-Key": key})
    none = by_key.get("/api/credits", headers={"Authorization": f"Bearer {token}"})
    cut = by_key.get("/api/credits", headers={"X-API-Key": key[:-1]})
    in_url = by_key.get("/api/credits", params={"X-API-Key": key})
    too = by_key.get("/api/credits", params={"key": key}, headers={"X-API-Key": key})
    keys = by_key.get("/api/keys", headers={"X-API-Key": key})

    assert good.status_code == 200, good.text
    assert good.json()["data"]["balance"] == service.balance(person)
    assert (none.status_code, none.json()) == (401, {"message": "Unauthorized"})
    assert (cut.status_code, cut.json()) == (403, {"message": "Forbidden"})
    assert in_url.status_code == 401
    assert (too.status_code, too.json()["code"]) == (400, "invalid_request")
    assert keys.status_code == 404
    for path, status in ((f"{P}/jobs", 200), (f"{P}/jobs/nobodys", 404), (f"{P}/batches", 200)):
        assert by_key.get(path, headers={"X-API-Key": key}).status_code == status, path


def test_the_command_line_and_the_typescript_client_take_a_key(
    service: Service, tmp_path: Path
) -> None:
    person = service.newcomer()
    key = new_key(service, token_of(service, person.email, person.password))
    photo = tmp_path / "mug.png"
    picture = Image.new("RGB", (96, 80), (230, 230, 225))
    picture.paste((150, 40, 30), (30, 20, 70, 60))
    picture.save(photo)
    node, example = ROOT / ".venvs/web/bin/node", ROOT / "client-ts/examples/remove.ts"
    who = {"LUMIKU_API_URL": service.outputs.key_api_url, "LUMIKU_API_KEY": key}

    lines: list[list[str | Path]] = [
        [ROOT / ".venv/bin/lumiku", "remove", photo, "--tier", "basic", "--out", tmp_path / "out"],
        [node, example, photo, tmp_path / "white.png"],
    ]
    for line in lines:
        done = subprocess.run(  # noqa: S603
            line, env=os.environ | who, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr

    assert (tmp_path / "white.png").exists()
    assert (tmp_path / "out/mug.png").exists()
    assert service.balance(person) == 50 - 6


def test_a_test_key_orders_without_a_charge(service: Service, by_key: httpx.Client) -> None:
    person = service.newcomer()
    before = service.balance(person)
    key = new_key(service, token_of(service, person.email, person.password), mode="test")
    photo = {"fileName": "shoe.png", "fileSize": 9, "tier": "industry"}

    placed = by_key.post(f"{P}/remove", json=photo, headers={"X-API-Key": key})

    assert placed.status_code == 202, placed.text
    assert placed.json()["data"]["creditsUsed"] == 0
    assert service.balance(person) == before
