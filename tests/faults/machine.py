"""Running a state machine over stores of choice, the same way every time."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run(
    rules: type[RuleBasedStateMachine],
    open_world: Callable[..., Any],
    *,
    examples: int,
    steps: int,
    shrinks: bool = True,
) -> None:
    """Run `rules` over worlds of `open_world`; what it finds is raised, as short as can be."""
    machine = type("Machine", (rules,), {"open_world": staticmethod(open_world)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
            derandomize=True,
            database=None,
        ),
    )
