from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from lumiku_client import Client
from lumiku_client.commands import cli
from tests.component.client.port import Port, opened
from tests.component.client.service import Service
from tests.component.stack import PASSWORD, running_stack


@pytest.fixture(scope="module")
def started() -> Iterator[Service]:
    """The service, for all tests of a module."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as stack:
        service = Service(stack, monkeypatch)
        yield service
        service.stop()


@pytest.fixture
def service(started: Service) -> Iterator[Service]:
    """The service, with a new seller."""
    started.begin()
    yield started
    started.end()


@pytest.fixture
def port(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Port]:
    """The service at an address that the environment names, with the seller's password."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("LUMIKU_TOKEN", raising=False)
    monkeypatch.setattr("lumiku_client._client._PAUSE_S", 0.02)
    monkeypatch.setattr("lumiku_client._batches._PAUSE_S", 0.02)
    monkeypatch.setattr("lumiku_client._item_uploads._PAUSE_S", 0.02)
    monkeypatch.setattr("lumiku_client._generations._PAUSE_S", 0.02)
    monkeypatch.setattr("lumiku_client._generation_batches._PAUSE_S", 0.02)
    monkeypatch.setattr("lumiku_client._exports._PAUSE_S", 0.02)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    with opened(Port(service)) as port:
        monkeypatch.setenv("LUMIKU_API_URL", port.url)
        monkeypatch.setenv("LUMIKU_EMAIL", service.email)
        monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)
        yield port


type Photos = Callable[..., Path]


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    """Makes a folder with photos of the given names, small ones unless a width is given."""

    def make(*names: str, folder: str = "photos", width: int = 60) -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for number, name in enumerate(names):
            kind = "PNG" if name.endswith(".png") else "JPEG"
            size = (width + number, width if width >= 500 else 40)
            Image.new("RGB", size, (200, 30 * number % 255, 30)).save(path / name, kind)
        return path

    return make


type Run = Callable[..., Result]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out"


@pytest.fixture
def run(port: Port, out: Path) -> Run:
    def remove(*paths: Path, options: Sequence[str] = ()) -> Result:
        arguments = ["remove", *map(str, paths), "--out", str(out), *options]
        return CliRunner().invoke(cli.app, arguments)

    return remove


@pytest.fixture
def order(port: Port, out: Path) -> Run:
    def batch(*paths: Path, options: Sequence[str] = ("--yes",)) -> Result:
        arguments = ["batch", *map(str, paths), "--out", str(out), *options]
        return CliRunner().invoke(cli.app, arguments)

    return batch


def client_of(port: Port) -> Client:
    """A client that is logged in."""
    return Client(port.url, token=port.service.token)


def dark(path: Path) -> None:
    """Makes a photo one in which nothing stands out."""
    Image.new("RGB", (60, 40)).save(path, "JPEG")
