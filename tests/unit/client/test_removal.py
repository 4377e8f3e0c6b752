import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from lumiku_client import Client, Options, Progress, Stage, Tier
from lumiku_client.commands.outcomes import State
from lumiku_client.commands.removal import Removal
from tests.unit.client.conftest import Clock

QUEUED, UPLOADING = Progress(Stage.QUEUED, "job"), Progress(Stage.UPLOADING, "job", 0, 1, 2)


class Script:
    """A client that does with each photo what a test says."""

    def __init__(self, **acts: Callable[[Callable[[Progress], None]], None]) -> None:
        self.acts = acts

    def remove(
        self,
        photo: Path,
        _tier: Tier,
        _target: Path,
        *,
        options: Options,
        on_progress: Callable[[Progress], None],
    ) -> Any:
        self.acts[photo.stem](on_progress)
        raise OSError("no more was written for it")


def removal(tmp_path: Path, *stems: str) -> Removal:
    photos = [tmp_path / f"{stem}.jpg" for stem in stems]
    for photo in photos:
        photo.write_bytes(b"photo")
    targets = {photo: photo.with_suffix(".png") for photo in photos}
    return Removal(targets, Tier.BASIC, parallel=len(stems), watch=lambda *_: None)


def test_a_photo_that_nobody_begins_is_given_up(tmp_path: Path, clock: Clock) -> None:
    def waits(tell: Callable[[Progress], None]) -> None:
        for _ in range(4):
            tell(QUEUED)
            clock.now += 101
        tell(QUEUED)

    run = removal(tmp_path, "a")
    run.run(cast(Client, Script(a=waits)))

    (outcome,) = run.outcomes
    assert (outcome.state, outcome.code, outcome.job_id) == (State.FAILED, "stalled", "job")
    assert outcome.unfetched
    assert clock.now == 1000 + 3 * 101


def test_it_is_waited_for_while_others_get_on(tmp_path: Path, clock: Clock) -> None:
    turn = threading.Barrier(2)
    waited: list[float] = []

    def waits(tell: Callable[[Progress], None]) -> None:
        for _ in range(9):
            tell(QUEUED)
            waited.append(clock.now)
            turn.wait(10)
            turn.wait(10)

    def gets_on(tell: Callable[[Progress], None]) -> None:
        with suppress(threading.BrokenBarrierError):
            for step in range(9):
                turn.wait(10)
                clock.now += 200
                if step < 4:
                    tell(UPLOADING)
                turn.wait(10)

    def given_up(tell: Callable[[Progress], None]) -> None:
        try:
            waits(tell)
        finally:
            turn.abort()

    run = removal(tmp_path, "a", "b")
    run.run(cast(Client, Script(a=given_up, b=gets_on)))

    assert run.outcomes[0].code == "stalled"
    assert waited[-1] == 1000 + 5 * 200
