"""When sessions are built, and what becomes of one that cannot be."""

import threading
from pathlib import Path

import numpy as np
import pytest

from darkroom.models import Models
from models.build import build

VIEW = np.zeros((1, 3, 320, 320), np.float32)


def test_sessions_are_built_once_in_their_own_time() -> None:
    asked: list[str] = []
    may_go_on = threading.Event()

    def slow(name: str) -> Path:
        may_go_on.wait(10)
        asked.append(name)
        return build(name)

    models = Models(slow, threads=1)
    models.load_ahead(["u2netp"])
    assert asked == []
    may_go_on.set()
    assert models.run("u2netp", VIEW).shape == (1, 1, 320, 320)
    models.run("u2netp", VIEW)
    assert asked == ["u2netp"]


def test_what_failed_ahead_is_told_to_whoever_needs_it_and_tried_again() -> None:
    found: list[Path | Exception] = [OSError("not in the bucket"), build("u2netp")]

    def path(_name: str) -> Path:
        match found.pop(0):
            case Path() as there:
                return there
            case error:
                raise error

    models = Models(path, threads=1)
    models.load_ahead(["u2netp"])
    with pytest.raises(OSError, match="not in the bucket"):
        models.run("u2netp", VIEW)
    assert models.run("u2netp", VIEW).shape == (1, 1, 320, 320)


def test_a_file_that_is_no_model_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "half.onnx").write_bytes(build("u2netp").read_bytes()[:1000])
    with pytest.raises(Exception, match=r"half\.onnx"):
        Models(lambda _: tmp_path / "half.onnx", threads=1).run("u2netp", VIEW)
