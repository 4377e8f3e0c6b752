"""`lumiku connections`, against the functions."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lumiku.adapters.connected.apps import AppTable
from lumiku.adapters.rows import Rows
from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.telling.signatures import Secret
from lumiku.services.clock import utc_now
from lumiku_client.commands import cli
from tests.component.client.port import Port


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


@pytest.fixture(autouse=True)
def app(port: Port) -> None:
    stack = port.service.stack
    table = AppTable(Rows(stack.dynamodb, stack.table))
    table.remove("avatar-creator")
    table.add(
        ConnectedApp(
            id="app_1",
            name="avatar-creator",
            base_url="https://avatars.example.com",
            scopes=("remove",),
            secrets=(Secret.of(bytes(32)),),
            created_at=utc_now(),
        )
    )


def test_an_app_is_connected_shown_and_disconnected() -> None:
    made = lumiku("connections", "avatar-creator", "--allow", "remove", "--cap", "500")
    shown: Any = json.loads(lumiku("connections", "--json").stdout)
    gone = lumiku("connections", "avatar-creator", "--disconnect")
    after = lumiku("connections")

    assert made.exit_code == 0, made.stderr
    assert "0 of 500" in made.stdout
    assert shown[0]["grant"]["monthlyCap"] == 500
    assert gone.stdout == "avatar-creator may not act for the account.\n"
    assert "0 of 500" not in after.stdout


def test_an_app_that_is_not_there_is_told_of() -> None:
    ended = lumiku("connections", "nobodys", "--allow", "remove", "--cap", "500")

    assert ended.exit_code == 1
    assert "There is no app nobodys." in ended.stderr
