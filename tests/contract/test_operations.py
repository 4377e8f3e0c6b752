"""Alarms and the dashboard look at everything that needs a person, and at things that exist."""

import json
import re
from typing import Any

import pytest

from darkroom.errors import PhotoRefused
from lumiku.domain.jobs import GAVE_UP
from scripts.template import resources, template

ALARMS = resources("CloudWatch::Alarm")
QUEUES = resources("SQS::Queue")
RATES = {"FailureRateAlarm": 5, "HighFailureRateAlarm": 10}


def watched(metric: str) -> set[str]:
    """Queues whose `metric` raises an alarm."""
    return {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in ALARMS.values()
        if alarm.get("MetricName") == metric
        for dimension in alarm["Dimensions"]
    }


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_the_topic_if_there_is_one_and_is_quiet_without_data(name: str) -> None:
    alarm = ALARMS[name]

    assert alarm["AlarmActions"]["Fn::If"][:2] == ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["AlarmDescription"]


def test_every_queue_of_dead_letters_has_its_alarm() -> None:
    dead = {
        q["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for q in QUEUES.values()
        if "RedrivePolicy" in q
    }

    assert watched("ApproximateNumberOfMessagesVisible") == dead


def test_every_lane_has_an_alarm_on_how_long_photos_wait() -> None:
    lanes = {name for name in QUEUES if name.endswith("Lane")}

    assert watched("ApproximateAgeOfOldestMessage") == lanes


def test_failed_and_late_executions_and_ledgers_that_drift_raise_alarms() -> None:
    metrics = {alarm.get("MetricName") for alarm in ALARMS.values()}

    assert {"ExecutionsFailed", "ExecutionsTimedOut", "FailedInvocations", "LedgerDrift"} <= metrics
    assert "Provider_refused" in metrics


def rate(name: str, **counts: float) -> float:
    """The value of an alarm's expression, as CloudWatch works it out."""
    queries = {query["Id"]: query for query in ALARMS[name]["Metrics"]}
    series = {
        key: counts.get(query["MetricStat"]["Metric"]["MetricName"].removeprefix("Photo_"), 0)
        for key, query in queries.items()
        if "MetricStat" in query
    }
    expression = queries["rate"]["Expression"]
    choice = re.fullmatch(r"IF\((.*),(.*),(.*)\)", re.sub(r"FILL\((\w+), 0\)", r"\1", expression))
    assert choice is not None
    condition, value, other = choice.groups()
    found: float = eval(  # noqa: S307 - arithmetic of our own template
        f"({value}) if ({condition}) else ({other})", {"__builtins__": {}}, series
    )
    return found


@pytest.mark.parametrize(("name", "percent"), RATES.items())
def test_the_failure_rate_counts_every_reason(name: str, percent: int) -> None:
    alarm = ALARMS[name]
    codes = {kind.code for kind in PhotoRefused.__subclasses__()} | {GAVE_UP.code}

    assert alarm["Threshold"] == percent
    assert template()["Resources"][name]["Condition"] == "IsWatched"
    for code in codes:
        assert rate(name, completed=100 - percent, **{code: percent}) == percent
    assert rate(name, completed=1, damaged_photo=1) == 0  # too few to tell
    assert rate(name) == 0


def test_the_dashboard_is_readable_and_shows_what_exists() -> None:
    [board] = resources("CloudWatch::Dashboard").values()
    text = board["DashboardBody"]["Fn::Sub"]
    named = {name.split(".")[0] for name in re.findall(r"\$\{([^}]+)\}", text)}

    widgets: list[dict[str, Any]] = json.loads(text)["widgets"]

    assert named - {"AWS::Region"} <= template()["Resources"].keys()
    assert {name for name in QUEUES if name.endswith("Dlq")} <= named
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(set(places)) == len(places)
    assert all(one["properties"]["title"] and one["properties"]["metrics"] for one in widgets)
