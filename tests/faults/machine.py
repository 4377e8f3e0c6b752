"""Running a state machine over stores of choice, the same way every time."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

SEEDS = 1000


def run(
    rules: type[RuleBasedStateMachine],
    open_world: Callable[..., Any],
    *,
    examples: int,
    steps: int,
    phases: tuple[Phase, ...] = (Phase.generate, Phase.shrink),
    begin_at: int | None = None,
) -> None:
    """Run `rules` over worlds of `open_world`; what it finds is raised, as short as can be.

    `begin_at` is the seed of another run than the usual one.
    """
    machine = type("Machine", (rules,), {"open_world": staticmethod(open_world)})
    if begin_at is not None:
        machine = seed(begin_at)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=phases,
            derandomize=True,
            database=None,
        ),
    )


def run_briefly(
    rules: type[RuleBasedStateMachine], open_world: Callable[..., Any], begin_at: int
) -> None:
    """Run `rules` a few times from a seed: enough for a bug that this seed is known to find."""
    run(rules, open_world, examples=10, steps=30, phases=(Phase.generate,), begin_at=begin_at)


def assert_caught(live: Callable[[int], object], known: int) -> None:
    """A planted bug fails an assertion in the life of this seed."""
    if not _catches(live, known):
        others = [str(other) for other in range(SEEDS) if _catches(live, other)]
        pytest.fail(f"seed {known} does not catch it any more; do: {', '.join(others) or 'none'}")


def _catches(live: Callable[[int], object], begin_at: int) -> bool:
    try:
        live(begin_at)
    except AssertionError:
        return True
    return False
