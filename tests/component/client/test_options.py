import json
import re
from pathlib import Path

import pytest
from PIL import Image

from lumiku_client.commands.batch_state import STATE_FILE
from tests.component.client.conftest import Photos, Run
from tests.component.client.port import Fault, Port
from tests.component.client.service import P, Service
from tests.component.client.test_remove import names

FLAGS = ["--format", "jpeg", "--background", "#F4F1EA", "--crop", "0", "--max-size", "64"]


@pytest.mark.parametrize("command", ["run", "order"])
def test_results_are_called_what_they_are(
    command: str, request: pytest.FixtureRequest, photos: Photos, out: Path
) -> None:
    folder = photos("a.jpg", "b.png")
    Image.new("RGB", (128, 96), "red").save(folder / "b.png")
    agreed = ["--yes"] if command == "order" else []

    result = request.getfixturevalue(command)(folder, options=[*FLAGS, *agreed])

    assert result.exit_code == 0, result.output
    assert names(out) == ["a.jpg", "b.jpg", "contact-sheet.png"]
    with Image.open(out / "b.jpg") as opened:
        assert (opened.format, opened.size) == ("JPEG", (64, 48))


@pytest.mark.parametrize(
    ("flags", "name", "mode"),
    [
        ([], "a.png", "RGBA"),
        (["--format", "png", "--background", "transparent"], "a.png", "RGBA"),
        (["--background", "white"], "a.png", "RGB"),
        (["--mask"], "a.png", "L"),
        (["--mask", "--format", "webp"], "a.webp", "RGB"),
    ],
)
def test_results_are_as_asked_for(
    run: Run, photos: Photos, out: Path, flags: list[str], name: str, mode: str
) -> None:
    assert run(photos("a.jpg"), options=flags).exit_code == 0
    with Image.open(out / name) as opened:
        assert opened.mode == mode


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--mask", "--background", "white"], "A mask has no background."),
        (["--format", "jpeg", "--background", "transparent"], "JPEG has no transparency"),
        (["--background", "pink"], "white, black or a colour as #ffffff"),
        (["--background", "#fff"], "white, black or a colour as #ffffff"),
        (["--crop", "51"], "--crop"),
        (["--max-size", "63"], "--max-size"),
        (["--format", "gif"], "--format"),
    ],
)
@pytest.mark.parametrize("command", ["run", "order"])
def test_what_cannot_be_is_said_before_anything_is_sent(
    command: str,
    request: pytest.FixtureRequest,
    port: Port,
    photos: Photos,
    out: Path,
    flags: list[str],
    told: str,
) -> None:
    result = request.getfixturevalue(command)(photos("a.jpg", "b.jpg"), options=flags)

    assert result.exit_code == 1
    assert told in re.sub(r"\s+", " ", result.stderr)
    assert port.calls.total() == 0
    assert not out.exists()


def test_results_never_overwrite_the_photos(run: Run, photos: Photos, out: Path) -> None:
    folder = photos("a.jpg")

    result = run(folder / "a.jpg", options=["--format", "jpeg", "--out", str(folder)])

    assert result.exit_code == 1
    assert "Results would overwrite photos" in result.stderr


def test_an_interrupted_batch_goes_on_with_its_options_only(
    order: Run,
    port: Port,
    service: Service,
    photos: Photos,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.batch_command.PATIENT_S", 0)
    folder = photos("a.jpg", "b.jpg")
    port.faults.append(Fault(f"GET {P}/batch/[^/]+", 500))
    assert order(folder, options=[*FLAGS, "--yes"]).exit_code == 1
    assert json.loads((out / STATE_FILE).read_text())["options"]["crop"] == 0

    other = order(folder, options=["--yes"])

    assert other.exit_code == 1
    assert "is an unfinished batch of 2 photos" in other.stderr
    result = order(folder, options=[*FLAGS, "--yes"])
    assert result.exit_code == 0, result.output
    assert names(out) == ["a.jpg", "b.jpg", "contact-sheet.png"]
    assert service.batch
