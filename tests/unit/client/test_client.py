import ssl
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

import lumiku_client
from lumiku_client import ApiProblem, Client, _api
from tests.unit.client.wire import (
    API,
    S3,
    Wire,
    ok,
)


def test_exported_names() -> None:
    public = {
        name
        for name, value in vars(lumiku_client).items()
        if not (name.startswith("_") or isinstance(value, ModuleType))
    }

    assert public == set(lumiku_client.__all__)
    assert lumiku_client.__all__ == sorted(lumiku_client.__all__)


@pytest.mark.parametrize(("size", "code"), [(0, "empty_file"), (10_485_761, "photo_too_large")])
def test_hopeless_files_are_refused_before_anything_is_sent(
    client: Client, wire: Wire, tmp_path: Path, size: int, code: str
) -> None:
    photo = tmp_path / "x.jpg"
    photo.write_bytes(b"")
    with photo.open("r+b") as file:
        file.truncate(size)

    with pytest.raises(ApiProblem) as caught:
        client.remove(photo, "basic", tmp_path / "out.png")

    assert caught.value.code == code
    assert wire.requests == []


@pytest.mark.parametrize(
    "address", ["", "example.com", "ftp://example.com", "http://", "//x", "ä://"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ApiProblem) as caught:
        Client(address)

    assert caught.value.code == "invalid_address"


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/"])
def test_the_address_may_be_given_in_several_ways(wire: Wire, ending: str) -> None:
    wire.on("GET /api/credits", ok(balance=1))

    with Client(API + ending, token="t", transport=wire.transport) as client:
        assert client.credits().balance == 1


def test_an_answer_that_is_not_understood(client: Client, wire: Wire) -> None:
    for odd in ("<html>", "[]", '{"data": {}}', "{}"):
        wire.on("GET /api/credits", httpx.Response(200, text=odd))
        with pytest.raises(ApiProblem) as caught:
            client.credits()
        assert caught.value.code == "unexpected_answer"


def test_secrets_are_not_shown() -> None:
    shown = repr(lumiku_client.Session(token="secret", expires_in=1))
    ticket = lumiku_client.UploadTicket.model_validate(
        {"url": S3, "fields": {"policy": "secret"}, "expiresAt": "2026-01-01T00:00:00Z"}
    )

    assert "secret" not in shown + repr(ticket)


def test_everything_is_about_the_workspace_that_is_named(wire: Wire) -> None:
    own = {"workspaceId": "w2", "owner": "me@example.com", "role": "owner"}
    wire.on("GET /api/workspaces", ok(workspaces=[own]))

    with Client(API, token="t", workspace="w1", transport=wire.transport) as client:
        [found] = client.workspaces()

    assert (found.workspace_id, found.role) == ("w2", "owner")
    assert wire.requests[0].headers["X-Workspace"] == "w1"


def test_certificates_are_read_once_for_all_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, read = ssl.create_default_context, list[ssl.SSLContext]()

    def reading(**given: Any) -> ssl.SSLContext:
        read.append(usual(**given))
        return read[-1]

    monkeypatch.setattr(ssl, "create_default_context", reading)
    _api.trusted.cache_clear()

    for _ in range(2):
        Client(API, token="secret").close()

    assert len(read) == 1
