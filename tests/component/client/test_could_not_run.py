from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lumiku_client.commands import cli, connecting
from tests.component.client.conftest import Photos, Run
from tests.component.client.port import Port
from tests.component.client.service import P

SUBMIT = f"POST {P}/remove"


def test_no_such_folder(run: Run, port: Port, tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere")

    assert result.exit_code == 1
    assert "No such file or folder" in result.stderr
    assert not port.calls


def test_no_photos(run: Run, port: Port, photos: Photos) -> None:
    folder = photos()
    (folder / "notes.txt").write_text("hello")

    result = run(folder)

    assert result.exit_code == 1
    assert "No photos found" in result.stderr
    assert not port.calls


def test_wrong_password(
    run: Run, port: Port, photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", "wrong")

    result = run(photos("a.jpg"))

    assert result.exit_code == 1
    assert result.stderr.strip() == "The e-mail address or the password is wrong."
    assert result.stdout == ""
    assert port.calls[SUBMIT] == 0


def test_server_unreachable(run: Run, photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "BRIEF_S", 0)
    monkeypatch.setenv("LUMIKU_API_URL", "http://127.0.0.1:9")

    result = run(photos("a.jpg"))

    assert result.exit_code == 1
    assert "The server cannot be reached" in result.stderr


def test_no_server_known(run: Run, photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUMIKU_API_URL")

    result = run(photos("a.jpg"))

    assert result.exit_code == 1
    assert "LUMIKU_API_URL" in result.stderr


@pytest.mark.parametrize("address", ["localhost:1", "nonsense"])
def test_an_address_that_is_none(run: Run, photos: Photos, address: str) -> None:
    result = run(photos("a.jpg"), options=["--api-url", address])

    assert result.exit_code == 1
    assert "should look like https://" in result.stderr


@pytest.mark.parametrize("options", [["--tier", "golden"], ["--parallel", "0"], ["--what"]])
def test_wrong_use(run: Run, photos: Photos, options: Sequence[str]) -> None:
    assert run(photos("a.jpg"), options=options).exit_code == 1


def test_photos_are_never_overwritten(port: Port, photos: Photos) -> None:
    folder = photos("a.png")

    arguments = ["remove", str(folder / "a.png"), "--out", str(folder)]
    result = CliRunner().invoke(cli.app, arguments)

    assert result.exit_code == 1
    assert "would overwrite" in result.stderr
    assert not port.calls


def test_results_cannot_be_kept(run: Run, port: Port, photos: Photos, out: Path) -> None:
    out.parent.write_text("a file where a folder should be")

    result = run(photos("a.jpg"))

    assert result.exit_code == 1
    assert "Results cannot be written" in result.stderr
    assert not port.calls
