from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from lumiku_client.commands import cli
from tests.component.client.imitation import EMAIL, PASSWORD, Service
from tests.component.client.imitation_http import running


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A server that the environment names, with an account that is logged in by password."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("LUMIKU_TOKEN", raising=False)
    with running() as service:
        monkeypatch.setenv("LUMIKU_API_URL", service.url)
        monkeypatch.setenv("LUMIKU_EMAIL", EMAIL)
        monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)
        yield service


type Photos = Callable[..., Path]


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    """Makes a folder with small photos of the given names."""

    def make(*names: str, folder: str = "photos") -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for number, name in enumerate(names):
            kind = "PNG" if name.endswith(".png") else "JPEG"
            Image.new("RGB", (60 + number, 40), (200, 30 * number % 255, 30)).save(
                path / name, kind
            )
        return path

    return make


type Run = Callable[..., Result]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out"


@pytest.fixture
def run(service: Service, out: Path) -> Run:
    def remove(*paths: Path, options: Sequence[str] = ()) -> Result:
        arguments = ["remove", *map(str, paths), "--out", str(out), *options]
        return CliRunner().invoke(cli.app, arguments)

    return remove


@pytest.fixture
def order(service: Service, out: Path) -> Run:
    def batch(*paths: Path, options: Sequence[str] = ("--yes",)) -> Result:
        arguments = ["batch", *map(str, paths), "--out", str(out), *options]
        return CliRunner().invoke(cli.app, arguments)

    return batch
