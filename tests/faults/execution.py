"""Executions of the batch's state machine, from its definition, in the time of a test's clock."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import yaml

from lumiku.domain.work.groups import Group
from lumiku.services.work.closing import Closing
from tests.faults.weather import Killed

DEFINITION = Path(__file__).parents[2] / "workflows" / "batch.asl.yaml"
MACHINE: dict[str, Any] = yaml.safe_load(DEFINITION.read_text("utf-8"))
WAITS = "waitForTaskToken"


@dataclass
class Execution:
    """One execution. `functions` are its tasks by their states' names, called with the group's id.

    It does only what this definition needs of the Amazon States Language: tasks that are retried
    and caught, a choice of true or false, and ends.
    """

    group_id: str
    functions: Mapping[str, Callable[[str], Any]]
    started_at: datetime
    state: str = MACHINE["StartAt"]
    facts: dict[str, Any] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    path: list[str] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)
    due: datetime | None = None
    time_out_at: datetime | None = None
    woken: bool = False
    ended: str | None = None

    def wake(self) -> None:
        """Its token came back; only a task that waits for it listens."""
        self.woken = self.woken or self.time_out_at is not None

    def run(self, now: datetime) -> None:
        """Go on as far as is possible now."""
        while self.ended is None and (self.due is None or self.due <= now):
            if now - self.started_at > timedelta(seconds=MACHINE["TimeoutSeconds"]):
                self.ended = "TimedOut"
            elif not self._step(MACHINE["States"][self.state], now):
                return

    def _step(self, state: dict[str, Any], now: datetime) -> bool:
        """Do one state; False if it must be waited for."""
        match state["Type"]:
            case "Task":
                return self._task(state, now)
            case "Choice":
                chosen = [
                    choice["Next"]
                    for choice in state["Choices"]
                    if _at(self.facts, choice["Variable"]) is choice["BooleanEquals"]
                ]
                self._go([*chosen, state["Default"]][0])
            case end:
                self.path.append(self.state)
                self.ended = str(end)
        return True

    def _task(self, state: dict[str, Any], now: datetime) -> bool:
        if self.time_out_at is not None:
            return self._wait(state, now)
        try:
            answer = self.functions[self.state](self.group_id)
        except (Exception, Killed):  # noqa: BLE001 - Lambda tells of any error as a failed task
            return self._failed(state, now)
        if WAITS in state["Resource"]:
            self.time_out_at = now + timedelta(seconds=state["TimeoutSeconds"])
            return True
        if state["ResultPath"]:
            name = state["ResultPath"].removeprefix("$.")
            chosen = {key.removesuffix(".$"): path for key, path in state["ResultSelector"].items()}
            self.facts[name] = {key: _at({"Payload": answer}, p) for key, p in chosen.items()}
        self._go(state["Next"])
        return True

    def _wait(self, state: dict[str, Any], now: datetime) -> bool:
        assert self.time_out_at is not None
        if not self.woken and now < self.time_out_at:
            return False
        self._go(state["Next"] if self.woken else state["Catch"][0]["Next"])
        return True

    def _failed(self, state: dict[str, Any], now: datetime) -> bool:
        [retry] = state["Retry"]
        tries = self.tries[self.state]
        if tries >= retry["MaxAttempts"]:
            self.given_up.add(self.state)
            self._go(state["Catch"][0]["Next"])
            return True
        self.tries[self.state] += 1
        wait_s = retry["IntervalSeconds"] * retry["BackoffRate"] ** tries
        self.due = now + timedelta(seconds=min(wait_s, retry.get("MaxDelaySeconds", wait_s)))
        return False

    def _go(self, state: str) -> None:
        self.path.append(self.state)
        self.state, self.due, self.time_out_at = state, None, None


def closed_in_time(closing: Closing, group_id: str) -> dict[str, bool]:
    """What close_batch answers."""
    outcome = closing.close_in_time(group_id)
    has_results = outcome is not None and outcome.completed > 0
    return {"isAwaited": outcome is None, "hasResults": has_results}


class Reached(Protocol):
    """Who runs executions."""

    def start(self, group: Group) -> None: ...

    def wake(self, token: str) -> None: ...


@dataclass
class Executions:
    """What a world starts and wakes; set `reached` once the world is there."""

    reached: Reached | None = None

    def start(self, group: Group) -> None:
        assert self.reached is not None
        self.reached.start(group)

    def wake(self, token: str) -> None:
        assert self.reached is not None
        self.reached.wake(token)


def _at(facts: Mapping[str, Any], path: str) -> Any:
    found: Any = facts
    for name in path.removeprefix("$.").split("."):
        found = found[name]
    return found
