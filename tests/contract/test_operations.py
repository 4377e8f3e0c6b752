"""Alarms and the dashboard look at everything that needs a person, and at things that exist."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from darkroom.errors import PhotoRefused
from lumiku.apps.studio.prices import APP
from lumiku.domain.work.jobs import GAVE_UP
from scripts.template import functions, resources, template

ALARMS = resources("CloudWatch::Alarm")
QUEUES = resources("SQS::Queue")
COMPLETED = "process_photo/Photo_completed"
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
    assert alarm["AlarmDescription"]
    told_by_silence = name == "SweepMissingAlarm"
    assert alarm["TreatMissingData"] == ("breaching" if told_by_silence else "notBreaching")
    assert alarm["ComparisonOperator"] == (
        "LessThanThreshold" if told_by_silence else "GreaterThanThreshold"
    )


def test_every_queue_of_dead_letters_has_its_alarm() -> None:
    dead = {
        q["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for q in QUEUES.values()
        if "RedrivePolicy" in q
    }

    drained = {name for function in functions() for name in function.queues} & dead

    assert watched("NumberOfMessagesReceived") == drained
    assert watched("ApproximateNumberOfMessagesVisible") - {"SingleLane"} == dead - drained


def test_every_lane_has_an_alarm_on_how_long_photos_wait() -> None:
    lanes = {name for name in QUEUES if name.endswith("Lane")}

    assert watched("ApproximateAgeOfOldestMessage") == lanes


def test_the_studio_has_alarms_on_what_waits_what_is_slow_and_what_fails() -> None:
    waiting, waits = ALARMS["StudioWaitingAlarm"], ALARMS["StudioWaitAlarm"]
    slow, failing = ALARMS["StudioSlowAlarm"], ALARMS["StudioFailureRateAlarm"]

    assert (waiting["MetricName"], waiting["Threshold"]) == (
        "ApproximateNumberOfMessagesVisible",
        100,
    )
    assert (waits["MetricName"], waits["Threshold"]) == ("ApproximateAgeOfOldestMessage", 30)
    for alarm in (waiting, waits):
        assert alarm["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["SingleLane", "QueueName"]}
    assert (slow["MetricName"], slow["Threshold"], slow["Statistic"]) == (
        "Job_took",
        15_000,
        "Average",
    )
    apps = [one["Value"] for one in slow["Dimensions"] if one["Name"] == "app"]
    for query in failing["Metrics"][1:]:
        dimensions = query["MetricStat"]["Metric"]["Dimensions"]
        apps += [one["Value"] for one in dimensions if one["Name"] == "app"]
    assert apps == [APP] * 4


@pytest.mark.parametrize("service", ["process_photo", "settle_job"])
def test_the_failure_rate_of_the_studio_counts_its_own_photos(service: str) -> None:
    name, done, failed = (
        "StudioFailureRateAlarm",
        "process_photo/Job_completed",
        f"{service}/Job_failed",
    )

    assert ALARMS[name]["Threshold"] == 10
    assert rate(name, {done: 90, failed: 10}) == 10
    assert rate(name, {done: 1, failed: 1}) == 0  # too few to tell
    assert rate(name, {}) == 0


def test_failed_and_late_executions_and_ledgers_that_drift_raise_alarms() -> None:
    metrics = {alarm.get("MetricName") for alarm in ALARMS.values()}

    assert {"ExecutionsFailed", "ExecutionsTimedOut", "FailedInvocations", "LedgerDrift"} <= metrics
    assert "Provider_refused" in metrics


def test_functions_that_die_or_do_not_run_and_an_api_that_fails_raise_alarms() -> None:
    watched = {
        (alarm["Namespace"], alarm["MetricName"], dimension["Value"].get("Ref"))
        for alarm in ALARMS.values()
        for dimension in alarm.get("Dimensions", [])
        if isinstance(dimension["Value"], dict)
    }

    assert {
        ("AWS/Lambda", "Errors", "Sweep"),
        ("AWS/Lambda", "Invocations", "Sweep"),
        ("AWS/Lambda", "Errors", "ProcessPhoto"),
        ("AWS/ApiGateway", "5xx", "HttpApi"),
    } <= watched


def told_by(query: dict[str, Any]) -> str:
    """A metric as `service/name`."""
    metric = query["MetricStat"]["Metric"]
    return f"{metric['Dimensions'][0]['Value']}/{metric['MetricName']}"


def rate(name: str, counts: Mapping[str, float]) -> float:
    """The value of an alarm's expression, as CloudWatch works it out.

    SUM leaves out what nobody told: adding up would tell nothing as soon as one is missing.
    """
    queries = {query["Id"]: query for query in ALARMS[name]["Metrics"]}
    known: dict[str, Any] = {
        key: counts.get(told_by(query)) for key, query in queries.items() if key != "rate"
    }
    known["SUM"] = lambda told: sum(one for one in told if one is not None)
    choice = re.fullmatch(r"IF\((.+? >= \d+), (.+), (\d+)\)", queries["rate"]["Expression"])
    assert choice is not None
    condition, value, other = choice.groups()
    found: float = eval(  # noqa: S307 - arithmetic of our own template
        f"({value}) if ({condition}) else ({other})", {"__builtins__": {}}, known
    )
    return found


@pytest.mark.parametrize(("name", "percent"), RATES.items())
def test_the_failure_rate_counts_every_photo_that_failed(name: str, percent: int) -> None:
    alarm = ALARMS[name]

    assert alarm["Threshold"] == percent
    assert template()["Resources"][name]["Condition"] == "IsWatched"
    for service in ("process_photo", "settle_job"):
        failed = f"{service}/Photo_failed"
        assert rate(name, {COMPLETED: 100 - percent, failed: percent}) == percent
        assert rate(name, {COMPLETED: 1, failed: 1}) == 0  # too few to tell
    assert rate(name, {}) == 0


def test_the_dashboard_shows_every_reason_of_a_failure() -> None:
    [board] = resources("CloudWatch::Dashboard").values()
    codes = {kind.code for kind in PhotoRefused.__subclasses__()} | {GAVE_UP.code}

    for code in {*codes, "photo_too_large", "photo_missing", "failed", "completed", "retry"}:
        assert f'"Photo_{code}"' in board["DashboardBody"]["Fn::Sub"]


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
