import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from lumiku_client import Options
from lumiku_client.commands.batch_state import (
    STATE_FILE,
    BatchState,
    Planned,
    Problem,
    forget,
    load,
)

PHOTOS = [Planned(Path("/p") / os.fsdecode(name), 7, "a.png") for name in (b"a.jpg", b"\xff.jpg")]
STATE = BatchState("https://x", "s@example.com", ["/p"], "basic", 6, PHOTOS)
ACCEPTED = replace(
    STATE, batch_id="batch_1", keys=["k1", "k2"], closes_at="2026-01-02T00:00:00+00:00"
)


@pytest.mark.parametrize(
    "state",
    [
        STATE,
        replace(STATE, email=None),
        replace(STATE, options=Options("webp", "white", 0, max_size=800)),
        ACCEPTED,
        replace(ACCEPTED, finished=True, problems={1: Problem("photo_not_read", "Why \u202e")}),
    ],
)
def test_what_is_saved_is_loaded(tmp_path: Path, state: BatchState) -> None:
    state.save(tmp_path)

    assert load(tmp_path) == state
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]


def test_each_order_has_a_key_of_its_own() -> None:
    another = BatchState("https://x", None, ["/p"], "basic", 6, PHOTOS)

    assert another.key != STATE.key
    assert replace(STATE, credits=9).key == STATE.key


def test_a_write_that_fails_leaves_the_earlier_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    STATE.save(tmp_path)

    def full(*_: object, **__: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        replace(STATE, credits=9).save(tmp_path)
    monkeypatch.undo()

    assert load(tmp_path) == STATE
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]


def test_a_result_name_never_leaves_the_folder(tmp_path: Path) -> None:
    replace(STATE, photos=[Planned(Path("/p/a.jpg"), 7, "../../a.png")]).save(tmp_path)

    loaded = load(tmp_path)

    assert loaded is not None
    assert loaded.photos[0].result == "a.png"


def test_a_state_from_before_there_were_options_is_understood(tmp_path: Path) -> None:
    STATE.save(tmp_path)
    content = json.loads((tmp_path / STATE_FILE).read_text())
    del content["options"]
    (tmp_path / STATE_FILE).write_text(json.dumps(content))

    assert load(tmp_path) == STATE


def test_forgotten(tmp_path: Path) -> None:
    STATE.save(tmp_path)
    forget(tmp_path)
    forget(tmp_path)

    assert load(tmp_path) is None
