"""`lumiku subscription`, `top-up` and `stats`."""

import json
import re
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, Run
from tests.component.client.port import Port
from tests.component.client.service import CREDITS, PRICE

pytestmark = pytest.mark.usefixtures("port")


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def told(*arguments: str) -> Any:
    return json.loads(lumiku(*arguments, "--json").stdout)


def test_somebody_without_a_plan_sees_those_that_there_are() -> None:
    shown = lumiku("subscription")

    assert shown.exit_code == 0
    assert "No plan. Take one with: lumiku subscription PLAN\n" in shown.stdout
    assert re.search("starter +IDR 99,000 +50 +basic, standard", shown.stdout)
    assert told("subscription")["hasSubscription"] is False


def test_a_plan_is_taken_where_it_is_paid(port: Port) -> None:
    taken = lumiku("subscription", "starter")

    assert taken.exit_code == 0
    standing, to_pay = taken.stdout.splitlines()
    assert standing == "Plan starter: pending payment."
    [url] = re.findall("Pay IDR 99,000 at (.*)", to_pay)
    assert url.startswith(f"{port.url}/api/payments/")
    assert httpx.get(url).status_code == 200
    assert lumiku("subscription").stdout == taken.stdout


def test_a_plan_is_shown_and_cancelled(port: Port) -> None:
    port.service.subscribe()

    shown = lumiku("subscription").stdout
    until = r"paid until \d{4}-\d\d-\d\d"
    assert re.fullmatch(rf"Plan pro: active, {until}, 200 of 200 photos left today\.\n", shown)
    cancelled = lumiku("subscription", "--cancel").stdout
    assert cancelled == shown.replace("active", "cancelled")
    assert told("subscription")["status"] == "cancelled"


def test_a_plan_that_there_is_not() -> None:
    refused = lumiku("subscription", "gold")

    assert refused.exit_code == 1
    assert "plan" in refused.stderr
    assert lumiku("subscription", "--cancel").exit_code == 1
    both = lumiku("subscription", "pro", "--cancel")
    assert (both.exit_code, both.stderr) == (1, "Either take a plan or cancel it.\n")


def test_credits_are_bought_where_they_are_paid(port: Port) -> None:
    packages = told("top-up")
    listed = lumiku("top-up").stdout.splitlines()
    assert ["credits-500", "500", "IDR", "50,000"] in [line.split() for line in listed]
    assert len(listed) == 1 + len(packages)

    bought = lumiku("top-up", "credits-500")

    assert bought.stdout.startswith(f"500 credits. Pay IDR 50,000 at {port.url}/api/payments/")
    assert told("top-up", "credits-500")["checkoutUrl"].startswith(port.url)
    assert port.service.balance == CREDITS
    assert lumiku("top-up", "credits-7").exit_code == 1


def test_figures_by_month_and_tier(run: Run, photos: Photos) -> None:
    folder = photos("a.jpg")
    (folder / "b.jpg").write_text("no photo")
    assert run(folder).exit_code == 2

    heading, of_tier, of_all = (line.split() for line in lumiku("stats").stdout.splitlines())

    assert " ".join(heading) == (
        "Month Tier Photos Failed Cancelled Not sent Success Credits Refunded On plan"
    )
    assert of_tier[1:5] == ["standard", "2", "1", "0"]
    assert of_tier[5:] == ["0", "50.0", "%", str(PRICE), str(PRICE), "0"]
    assert of_all == ["all", *of_tier[2:]]
    assert told("stats")["total"]["photos"] == 2
    assert told("stats", "--month", "2020-01")["total"]["photos"] == 0
    assert lumiku("stats", "--month", "May").exit_code == 1
