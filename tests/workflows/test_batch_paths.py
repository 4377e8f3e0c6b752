"""Each path through the state machine of batches, run by its definition."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import START
from tests.faults.execution import Execution
from tests.faults.weather import Killed

WAIT, CLOSE, ZIP, TELL = "AwaitPhotos", "CloseBatch", "ZipBatch", "AnnounceBatch"
ZIPPED = "HasAllZips"
FOREVER = 1000


class Functions(dict[str, Any]):
    """The tasks' functions: each fails so often, then does its part."""

    def __init__(self, *, results: bool = True, zips: int = 1, **failures: int) -> None:
        closed = {"hasResults": results, "isAwaited": False}
        left = iter(range(zips - 1, -1, -1))
        answers = {CLOSE: lambda: closed, ZIP: lambda: {"isLast": next(left) == 0}}
        super().__init__({name: self._task(name, answers) for name in (WAIT, CLOSE, ZIP, TELL)})
        self.left = failures
        self.calls: list[str] = []

    def _task(self, name: str, answers: dict[str, Any]) -> Any:
        def called(group_id: str) -> Any:
            assert group_id == "batch_1"
            self.calls.append(name)
            if self.left.get(name, 0) > 0:
                self.left[name] -= 1
                raise Killed if self.left[name] % 2 else TimeoutError
            return answers[name]() if name in answers else None

        return called


def run(functions: Functions, *, is_woken: bool = True) -> Execution:
    execution = Execution("batch_1", functions, START)
    for minute in range(8 * 60):
        execution.run(START + timedelta(minutes=minute))
        if is_woken:
            execution.wake()
    return execution


@pytest.mark.parametrize(
    ("functions", "end", "path"),
    [
        (Functions(), "Succeed", [WAIT, CLOSE, "HasResults", ZIP, ZIPPED, TELL, "Done"]),
        (Functions(zips=3, ZipBatch=2), "Succeed",
         [WAIT, CLOSE, "HasResults", *[ZIP, ZIPPED] * 3, TELL, "Done"]),
        (Functions(results=False), "Succeed", [WAIT, CLOSE, "HasResults", TELL, "Done"]),
        (Functions(AwaitPhotos=3, CloseBatch=5, ZipBatch=4, AnnounceBatch=2), "Succeed",
         [WAIT, CLOSE, "HasResults", ZIP, TELL, "Done"]),
        (Functions(AwaitPhotos=FOREVER), "Succeed",
         [WAIT, CLOSE, "HasResults", ZIP, ZIPPED, TELL, "Done"]),
        (Functions(CloseBatch=FOREVER), "Fail", [WAIT, CLOSE, "LeftToTheSweeper"]),
        (Functions(ZipBatch=FOREVER), "Succeed", [WAIT, CLOSE, "HasResults", ZIP, TELL, "Done"]),
        (Functions(AnnounceBatch=FOREVER), "Succeed",
         [WAIT, CLOSE, "HasResults", ZIP, ZIPPED, TELL, "Done"]),
    ],
    ids=["results", "several zips", "no results", "all fail a few times", "nobody can wait",
         "nobody can close", "nobody can zip", "nobody can tell"],
)  # fmt: skip
def test_a_path(functions: Functions, end: str, path: list[str]) -> None:
    execution = run(functions)

    assert (execution.ended, execution.path) == (end, path)
    assert functions.calls.count(TELL) >= (end == "Succeed")


def test_nobody_calls_back() -> None:
    functions = Functions()
    execution = Execution("batch_1", functions, START)
    execution.run(START)
    execution.run(START + timedelta(minutes=119))
    assert functions.calls == [WAIT]

    execution.run(START + timedelta(minutes=120))
    assert execution.path == [WAIT, CLOSE, "HasResults", ZIP, ZIPPED, TELL, "Done"]


def test_a_callback_ahead_of_the_wait_and_one_too_many() -> None:
    functions = Functions()
    execution = Execution("batch_1", functions, START)
    execution.wake()
    execution.run(START)
    assert execution.path == []

    execution.wake()
    execution.wake()
    execution.run(START)
    assert functions.calls == [WAIT, CLOSE, ZIP, TELL]


def test_no_execution_lives_for_ever() -> None:
    execution = run(Functions(CloseBatch=FOREVER), is_woken=False)

    assert execution.ended in {"Fail", "TimedOut"}
