import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from lumiku_client import Client, Progress, Stage
from lumiku_client.commands.making import Making
from lumiku_client.commands.outcomes import Outcome, State
from tests.unit.client.conftest import Clock

QUEUED, UPLOADING = Progress(Stage.QUEUED, "job"), Progress(Stage.UPLOADING, "job", 0, 1, 2)


type Tell = Callable[[Progress], None]


def run_of(tmp_path: Path, **acts: Callable[[Tell], None]) -> Making:
    """A run that does with each photo what a test says, and is over."""
    photos = [tmp_path / f"{stem}.jpg" for stem in acts]
    for photo in photos:
        photo.write_bytes(b"photo")

    def make(_client: Client, photo: Path, _target: Path, tell: Tell) -> dict[str, object]:
        acts[photo.stem](tell)
        raise OSError("no more was written for it")

    outcomes = [Outcome(photo, photo.with_suffix(".png")) for photo in photos]
    run = Making(outcomes, make, parallel=len(acts), watch=lambda *_: None)
    run.run(cast(Client, None))
    return run


def test_a_photo_that_nobody_begins_is_given_up(tmp_path: Path, clock: Clock) -> None:
    def waits(tell: Tell) -> None:
        for _ in range(4):
            tell(QUEUED)
            clock.now += 101
        tell(QUEUED)

    run = run_of(tmp_path, a=waits)

    (outcome,) = run.outcomes
    assert (outcome.state, outcome.code, outcome.job_id) == (State.FAILED, "stalled", "job")
    assert outcome.unfetched
    assert clock.now == 1000 + 3 * 101


def test_it_is_waited_for_while_others_get_on(tmp_path: Path, clock: Clock) -> None:
    turn = threading.Barrier(2)
    waited: list[float] = []

    def waits(tell: Tell) -> None:
        for _ in range(9):
            tell(QUEUED)
            waited.append(clock.now)
            turn.wait(10)
            turn.wait(10)

    def gets_on(tell: Tell) -> None:
        with suppress(threading.BrokenBarrierError):
            for step in range(9):
                turn.wait(10)
                clock.now += 200
                if step < 4:
                    tell(UPLOADING)
                turn.wait(10)

    def given_up(tell: Tell) -> None:
        try:
            waits(tell)
        finally:
            turn.abort()

    run = run_of(tmp_path, a=given_up, b=gets_on)

    assert run.outcomes[0].code == "stalled"
    assert waited[-1] == 1000 + 5 * 200
