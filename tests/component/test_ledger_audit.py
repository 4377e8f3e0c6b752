"""sweep audits ledgers: what it tells CloudWatch, and the alarm that listens."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from lumiku.domain.money.accounts import AUDIT_EVERY
from lumiku.domain.money.ledger import grant
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from scripts.template import functions, resources
from tests.component.http_events import SELLER
from tests.component.stack import Stack

LONG_AGO = AUDIT_EVERY + timedelta(hours=1)


def sweep(stack: Stack) -> dict[str, int]:
    outcomes: dict[str, int] = stack.call("sweep", {})
    return outcomes


def metrics(printed: str) -> Mapping[str, Any]:
    """The metrics document among the log lines."""
    documents = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    assert len(documents) == 1
    found: Mapping[str, Any] = documents[0]
    return found


@pytest.fixture
def audited(stack: Stack) -> Stack:
    """A stack with one account whose audit is due."""
    entry = grant(SELLER, 50, "g1", utc_now() - LONG_AGO, None)
    stack.transactions.commit(Post(entry))
    return stack


def test_a_ledger_that_adds_up_is_audited_once(
    audited: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(audited)["ledgers_balanced"] == 1

    assert metrics(capsys.readouterr().out)["LedgerDrift"] == [0]
    assert "ledgers_balanced" not in sweep(audited)


def test_a_drift_is_counted_and_logged_with_its_account(
    audited: Stack,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    audited.dynamodb.update_item(
        TableName=audited.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="ADD balance :more",
        ExpressionAttributeValues={":more": {"N": "7"}},
    )

    assert sweep(audited)["ledgers_drift"] == 1

    assert metrics(capsys.readouterr().out)["LedgerDrift"] == [1]
    [line] = [vars(record) for record in caplog.records if record.levelname == "ERROR"]
    assert (line["msg"], line["user_id"], line["credits"]) == ("ledger drift", SELLER, 7)


def test_the_alarm_listens_to_what_sweep_tells(
    audited: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep(audited)
    told = metrics(capsys.readouterr().out)
    alarm = resources("CloudWatch::Alarm")["LedgerDriftAlarm"]
    variables = next(f for f in functions() if f.folder == "sweep").environment

    directive = told["_aws"]["CloudWatchMetrics"][0]
    assert directive["Namespace"] == alarm["Namespace"]
    assert [metric["Name"] for metric in directive["Metrics"]] == [alarm["MetricName"]]
    dimensions = {d["Name"]: d["Value"] for d in alarm["Dimensions"]}
    assert directive["Dimensions"] == [list(dimensions)]
    assert {name: told[name] for name in dimensions} == dimensions
    assert dimensions["service"] == variables["POWERTOOLS_SERVICE_NAME"]
