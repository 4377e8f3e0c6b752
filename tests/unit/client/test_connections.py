"""Other apps: what the account allows them, and what they are given."""

import json

import pytest
from typer.testing import CliRunner

from lumiku_client import Client
from lumiku_client.commands import cli
from tests.unit.client.wire import MOMENT, Wire, ok

GRANT = {
    "grantId": "grant_1",
    "scopes": ["remove"],
    "monthlyCap": 500,
    "spentThisMonth": 180,
    "createdAt": MOMENT,
}
APP = {"app": "avatar-creator", "baseUrl": "https://a.example.com", "scopes": ["remove"]}
S = "/api/apps/product-photo-studio"


def test_apps_are_listed_connected_and_disconnected(client: Client, wire: Wire) -> None:
    wire.on("GET /api/connections", ok(connections=[{**APP, "grant": None}]))
    wire.on("PUT /api/connections/avatar-creator", ok(**APP, grant=GRANT))
    gone = {"app": "avatar-creator", "grantId": "grant_1", "revokedAt": MOMENT}
    wire.on("DELETE /api/connections/avatar-creator", ok(**gone))

    [listed] = client.connections.list()
    connected = client.connections.connect("avatar-creator", ["remove"], monthly_cap=500)
    disconnected = client.connections.disconnect("avatar-creator")

    assert listed.grant is None
    assert connected.grant is not None
    assert (connected.grant.monthly_cap, connected.grant.spent_this_month) == (500, 180)
    assert disconnected.grant_id == "grant_1"
    [sent] = wire.sent("PUT /api/connections/avatar-creator")
    assert json.loads(sent.content) == {"scopes": ["remove"], "monthlyCap": 500}


def test_a_picture_is_handed_over_once(client: Client, wire: Wire) -> None:
    route = f"POST {S}/items/item_1/export-to/image-upscaler"
    wire.on(route, ok(app="image-upscaler", jobId="j1", redirectUrl="https://u.example.com/j1"))

    handed = client.studio.generations.export_to("item_1", "image-upscaler")

    assert (handed.job_id, handed.redirect_url) == ("j1", "https://u.example.com/j1")
    [sent] = wire.sent(route)
    assert sent.headers["Idempotency-Key"]


def test_items_are_enlarged_and_cut_out_by_the_remover(client: Client, wire: Wire) -> None:
    ordered = ok(creditsUsed=20, creditsRemaining=1, generation=None, variation=None)
    wire.on(f"POST {S}/items/item_1/upscale", ordered)
    wire.on(f"POST {S}/items/item_1/use-background-remover", ordered)

    client.studio.generations.upscale("item_1", variation_id="v1")
    client.studio.generations.use_background_remover("item_1", "industry")

    bodies = [json.loads(request.content) for request in wire.requests]
    assert bodies == [{"factor": 4, "variationId": "v1"}, {"tier": "industry"}]


@pytest.mark.parametrize(
    "arguments",
    [
        ["avatar-creator"],
        ["--allow", "remove"],
        ["avatar-creator", "--allow", "remove"],
        ["avatar-creator", "--cap", "9"],
        ["avatar-creator", "--allow", "remove", "--cap", "9", "--disconnect"],
    ],
)
def test_the_command_says_what_is_missing(arguments: list[str]) -> None:
    ended = CliRunner().invoke(cli.app, ["connections", *arguments])

    assert ended.exit_code == 1
    assert "--allow" in ended.stderr
