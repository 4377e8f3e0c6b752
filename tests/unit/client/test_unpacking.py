import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lumiku_client.commands.unpacking import ArchiveUnusable, unpack


def archive(path: Path, photos: object, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
        opened.writestr("manifest.json", json.dumps(photos))
    return path


@pytest.fixture
def targets(tmp_path: Path) -> Sequence[Path]:
    (tmp_path / "out").mkdir()
    return [tmp_path / "out" / name for name in ("a.png", "b.png")]


def lines(*results: str | None, **more: Any) -> dict[str, Any]:
    return {"photos": [{"result": result, **more} for result in results]}


def test_results_go_where_their_photo_says(tmp_path: Path, targets: Sequence[Path]) -> None:
    told = lines("removed-b.png", "removed-a.png", seconds=1.5, credits=3, newer="field")
    path = archive(tmp_path / "z", told, {"removed-a.png": b"A", "removed-b.png": b"B"})

    found = unpack(path, targets)

    assert [target.read_bytes() for target in targets] == [b"B", b"A"]
    assert [(line.seconds, line.credits, line.code) for line in found] == [(1.5, 3, None)] * 2


def test_a_photo_without_result_leaves_nothing(tmp_path: Path, targets: Sequence[Path]) -> None:
    told = lines(None, "x", code="not_a_photo", message="No photo", seconds=None)
    found = unpack(archive(tmp_path / "z", told, {"x": b"X"}), targets)

    assert [target.exists() for target in targets] == [False, True]
    assert (found[0].result, found[0].code, found[0].message) == (None, "not_a_photo", "No photo")


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {},
        {"photos": None},
        {"photos": ["x", "x"]},
        lines("x"),
        lines("x", "x", "x"),
        lines("x", "y"),
        lines("x", "x", seconds="long"),
    ],
)
def test_a_manifest_that_does_not_fit(
    tmp_path: Path, targets: Sequence[Path], manifest: object
) -> None:
    path = archive(tmp_path / "z", manifest, {"x": b"X"})

    with pytest.raises(ArchiveUnusable):
        unpack(path, targets)


def test_one_of_several_has_the_first_photos(tmp_path: Path, targets: Sequence[Path]) -> None:
    path = archive(tmp_path / "z", lines("x"), {"x": b"X"})

    assert len(unpack(path, targets, more=True)) == 1
    assert [target.exists() for target in targets] == [True, False]
    with pytest.raises(ArchiveUnusable):
        unpack(path, targets[1:0], more=True)


def test_without_a_manifest(tmp_path: Path, targets: Sequence[Path]) -> None:
    with zipfile.ZipFile(tmp_path / "z", "w") as opened:
        opened.writestr("x", b"X")

    with pytest.raises(ArchiveUnusable):
        unpack(tmp_path / "z", targets)


def test_damage_is_noticed_and_leaves_no_half_file(tmp_path: Path, targets: Sequence[Path]) -> None:
    path = archive(tmp_path / "z", lines("x", "y"), {"x": b"X" * 99, "y": b"Y" * 99})
    path.write_bytes(path.read_bytes().replace(b"Y" * 99, b"Y" * 98 + b"Z"))

    with pytest.raises(ArchiveUnusable):
        unpack(path, targets)
    assert [target.name for target in targets[0].parent.iterdir()] == ["a.png"]


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>not here</html>"])
def test_no_zip_at_all(tmp_path: Path, targets: Sequence[Path], content: bytes) -> None:
    (tmp_path / "z").write_bytes(content)

    with pytest.raises(ArchiveUnusable):
        unpack(tmp_path / "z", targets)
