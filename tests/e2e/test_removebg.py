"""Clients of remove.bg, unmodified but for the host."""

import base64
import subprocess
from pathlib import Path

import httpx
import pytest
import removebg
import requests
from PIL import Image

from tests.e2e.service import Service
from tests.e2e.test_keys import new_key, token_of


@pytest.fixture
def key(service: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of somebody with credits; the Python client's one constant names our host."""
    person = service.newcomer(100)
    endpoint = f"{service.outputs.key_api_url}/v1.0/removebg"
    monkeypatch.setattr(removebg.removebg, "API_ENDPOINT", endpoint)
    return new_key(service, token_of(service, person.email, person.password))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (96, 80), (230, 230, 225))
    picture.paste((150, 40, 30), (30, 20, 70, 60))
    path = tmp_path / "mug.jpg"
    picture.save(path)
    return path


def client(key: str, tmp_path: Path) -> removebg.RemoveBg:
    return removebg.RemoveBg(key, str(tmp_path / "errors.log"))


def test_the_python_client_cuts_a_file_out(key: str, photo: Path, tmp_path: Path) -> None:
    client(key, tmp_path).remove_background_from_img_file(str(photo))

    with Image.open(f"{photo}_no_bg.png") as made:
        assert (made.size, made.format) == ((96, 80), "PNG")


def test_the_python_client_sends_base64(key: str, photo: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.png"
    text = base64.b64encode(photo.read_bytes()).decode()
    client(key, tmp_path).remove_background_from_base64_img(
        text, size="hd", new_file_name=str(made), bg_color="81d4fa"
    )

    with Image.open(made) as image:
        assert image.size == (96, 80)


def test_the_python_client_is_told_of_a_key_that_is_not_whole(key: str, tmp_path: Path) -> None:
    with pytest.raises(requests.HTTPError, match="403"):
        client(key[:-1], tmp_path).remove_background_from_base64_img("eA==")


def test_the_lines_of_the_documentation(
    service: Service, key: str, photo: Path, tmp_path: Path
) -> None:
    """remove.bg's example for curl, with another host."""
    made, headers = tmp_path / "no-bg.png", tmp_path / "headers"
    line: list[str | Path] = [
        "curl",
        "-sS",
        "-H",
        f"X-API-Key: {key}",
        "-F",
        f"image_file=@{photo}",
    ]
    line += ["-F", "size=auto", "-D", headers, "-f", "-o", made]

    subprocess.run(  # noqa: S603
        [*line, f"{service.outputs.key_api_url}/v1.0/removebg"], check=True, timeout=60
    )

    with Image.open(made) as image:
        assert image.size == (96, 80)
    told = headers.read_text().lower()
    for name in ("x-credits-charged: 8", "x-width: 96", "x-height: 80", "x-ratelimit-remaining"):
        assert name in told


def test_the_distribution_has_it_too(service: Service, key: str) -> None:
    page = service.outputs.page_url
    account = httpx.get(f"{page}/v1.0/account", headers={"X-Api-Key": key}, timeout=60)

    assert account.status_code == 200, account.text
    assert account.json()["data"]["attributes"]["credits"]["total"] >= 100
