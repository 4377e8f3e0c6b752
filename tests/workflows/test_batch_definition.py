"""The state machine of batches, checked without running it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint import lint_all

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


@pytest.mark.parametrize("name", TASKS)
def test_a_task_outlasts_an_outage_of_half_an_hour(name: str) -> None:
    """Given up sooner, photos that are on their way expire, or a paid batch gets no ZIP."""
    [retry] = TASKS[name]["Retry"]
    waits = [
        min(retry["IntervalSeconds"] * retry["BackoffRate"] ** n, retry["MaxDelaySeconds"])
        for n in range(retry["MaxAttempts"])
    ]
    assert sum(waits) >= 45 * 60


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
