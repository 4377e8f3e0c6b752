"""The state machine of batches, checked without running it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint import lint_all

from lumiku.services.work.groups import ZIP_TIME
from scripts.template import resources

DEFINITION = Path(__file__).parents[2] / "workflows" / "batch.asl.yaml"
TEXT = DEFINITION.read_text("utf-8")
MACHINE: dict[str, Any] = yaml.safe_load(TEXT)
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}


def successors(state: dict[str, Any]) -> Iterator[str]:
    """Every state that may follow."""
    for branch in [state, *state.get("Catch", []), *state.get("Choices", [])]:
        if "Next" in branch:
            yield branch["Next"]
    if "Default" in state:
        yield state["Default"]


def test_every_successor_exists_and_every_state_is_reached() -> None:
    reached, waiting = set(), [MACHINE["StartAt"]]
    while waiting:
        name = waiting.pop()
        assert name in STATES
        if name not in reached:
            reached.add(name)
            waiting += successors(STATES[name])
    assert reached == set(STATES)


@pytest.mark.parametrize("name", STATES)
def test_every_path_ends(name: str) -> None:
    ends = {n for n, state in STATES.items() if state["Type"] in {"Succeed", "Fail"}}
    assert name in ends or list(successors(STATES[name]))


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_bounded_repeated_and_caught(name: str) -> None:
    task = TASKS[name]
    assert 0 < task["TimeoutSeconds"] < MACHINE["TimeoutSeconds"]
    assert any("States.TaskFailed" in retry["ErrorEquals"] for retry in task["Retry"])
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def waits_s(task: dict[str, Any]) -> list[float]:
    """The longest pauses ahead of its repetitions; with full jitter half of that on average."""
    [retry] = task["Retry"]
    waits = [
        retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])
    ]
    return [min(wait, retry.get("MaxDelaySeconds", wait)) for wait in waits]


def worst_case_s(name: str) -> float:
    """Every try but the last fails when its function's time is up, and every pause is longest."""
    failed_s: int = resources("Serverless::Function")[name].get("Timeout", 29)
    last_s: int = TASKS[name]["TimeoutSeconds"]
    waits = waits_s(TASKS[name])
    return sum(waits) + len(waits) * failed_s + last_s


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {"ZipBatch"}))
def test_a_task_is_repeated_for_50_minutes_at_most_and_25_on_average(name: str) -> None:
    """Given up sooner, photos that are on their way expire, or nobody is told."""
    assert TASKS[name]["Retry"][0]["JitterStrategy"] == "FULL"
    assert round(sum(waits_s(TASKS[name])) / 60) == 50


def test_a_zip_that_always_runs_out_of_time_is_announced() -> None:
    assert sum(map(worst_case_s, TASKS)) <= MACHINE["TimeoutSeconds"]


def test_a_batch_is_shown_as_processing_until_its_zip_is_given_up() -> None:
    assert worst_case_s("ZipBatch") <= ZIP_TIME.total_seconds() < worst_case_s("ZipBatch") + 300


def test_nothing_but_closing_is_needed_for_a_settled_batch() -> None:
    """Whatever fails ahead of the close leads to it; whatever fails behind it cannot undo it."""
    assert {catch["Next"] for catch in TASKS["AwaitPhotos"]["Catch"]} == {"CloseBatch"}
    for name in ("ZipBatch", "AnnounceBatch"):
        assert all(catch["Next"] != "LeftToTheSweeper" for catch in TASKS[name]["Catch"])


def test_a_function_has_less_time_than_its_task() -> None:
    for name, task in TASKS.items():
        if "waitForTaskToken" not in task["Resource"]:
            function = resources("Serverless::Function")[name]
            assert function.get("Timeout", 29) <= task["TimeoutSeconds"]


def test_states_shape_no_data() -> None:
    for task in TASKS.values():
        assert set(task["Parameters"]["Payload"]) <= {"groupId.$", "requestId.$", "token.$"}
        assert "InputPath" not in task
        assert "OutputPath" not in task


def test_every_substitution_is_defined_and_used() -> None:
    machine = resources("Serverless::StateMachine")["BatchStateMachine"]
    defined = machine["DefinitionSubstitutions"]
    assert set(re.findall(r"\$\{(\w+)\}", TEXT)) == set(defined)


def test_it_is_valid_amazon_states_language() -> None:
    arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:any"
    definition = json.dumps(yaml.safe_load(re.sub(r"\$\{\w+\}", arn, TEXT)))
    template: dict[str, Any] = {
        "Resources": {
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "RoleArn": "arn:aws:iam::123456789012:role/any",
                    "DefinitionString": definition,
                },
            }
        }
    }
    assert errors(template) == []
    template["Resources"]["Machine"]["Properties"]["DefinitionString"] = definition.replace(
        "TimeoutSeconds", "TimeoutSecond"
    )
    assert errors(template) != []


def errors(template: dict[str, Any]) -> list[str]:
    """What cfn-lint calls an error, not a hint."""
    return [str(m) for m in lint_all(json.dumps(template)) if m.rule.id.startswith("E")]
