"""Clients of remove.bg, unmodified but for the host."""

import base64
import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import removebg
import requests
from PIL import Image

from local.layout import ROOT
from tests.component.receiver import Receiver, receiving
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


@pytest.fixture
def shop(photo: Path) -> Iterator[Receiver]:
    """Somebody's server, where the photo lies."""
    with receiving() as started:
        started.answer = photo.read_bytes()
        yield started


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


def test_the_python_client_names_a_url(key: str, shop: Receiver, tmp_path: Path) -> None:
    made = tmp_path / "made.png"

    client(key, tmp_path).remove_background_from_img_url(shop.url, new_file_name=str(made))

    with Image.open(made) as image:
        assert image.size == (96, 80)
    assert len(shop.got) == 1


def curl(service: Service, key: str, *fields: str, to: Path, follow: bool = False) -> str:
    """remove.bg's example for curl, with another host: the headers of the answers."""
    line: list[str | Path] = ["curl", "-sS", "-H", f"X-API-Key: {key}", "-D", "-", "-o", to]
    for told in fields:
        line += ["-F", told]
    line += ["-L"] if follow else []
    done = subprocess.run(  # noqa: S603
        [*line, f"{service.outputs.key_api_url}/v1.0/removebg"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.lower()


def test_the_lines_of_the_documentation(
    service: Service, key: str, photo: Path, tmp_path: Path
) -> None:
    made = tmp_path / "no-bg.png"

    told = curl(service, key, f"image_file=@{photo}", "size=auto", to=made)

    with Image.open(made) as image:
        assert image.size == (96, 80)
    for name in ("x-credits-charged: 8", "x-width: 96", "x-height: 80", "x-type: other"):
        assert name in told
    # Newcomers of these tests have limits of their own.
    for name in ("limit: 6000", "remaining: 5999", "reset: "):
        assert f"x-ratelimit-{name}" in told


def test_a_zip_joins_to_a_picture(service: Service, key: str, photo: Path, tmp_path: Path) -> None:
    made, parts = tmp_path / "no-bg.png", tmp_path / "no-bg.zip"

    told = curl(service, key, f"image_file=@{photo}", "format=zip", to=parts)
    curl(service, key, f"image_file=@{photo}", "format=png", to=made)

    assert "content-type: application/zip" in told
    with zipfile.ZipFile(parts) as archive, Image.open(made) as image:
        joined = Image.open(archive.open("color.jpg"))
        joined.putalpha(Image.open(archive.open("alpha.png")))
        assert joined.getchannel("A").tobytes() == image.getchannel("A").tobytes()
        assert abs(joined.getpixel((50, 40))[0] - image.getpixel((50, 40))[0]) < 12  # type: ignore[index]


def test_a_background_comes_as_a_file_and_by_url(
    service: Service, key: str, photo: Path, shop: Receiver, tmp_path: Path
) -> None:
    wall, made = tmp_path / "wall.png", tmp_path / "made.jpg"
    Image.new("RGB", (50, 50), "blue").save(wall)
    shop.answer = wall.read_bytes()

    for behind in (f"bg_image_file=@{wall}", f"bg_image_url={shop.url}"):
        curl(service, key, f"image_file=@{photo}", behind, "roi=30% 20% 80% 80%", to=made)
        with Image.open(made) as image:
            red, _, blue = image.convert("RGB").getpixel((2, 2))  # type: ignore[misc]
            assert (red < 20, blue > 235) == (True, True), behind


def test_errors_are_read_as_remove_bg_writes_them(
    service: Service, key: str, photo: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told.json"
    page = tmp_path / "page.jpg"
    page.write_text("<html>" * 99)

    for fields, status, code in (
        ((f"image_file=@{photo}", "size=huge"), 400, "invalid_parameters"),
        ((f"image_file=@{page}",), 400, "invalid_file_type"),
        ((f"image_file=@{photo}", "roi=0px 0px 97px 80px"), 400, "roi_exceeds_bounds"),
        (("image_url=https://169.254.169.254/a.jpg",), 400, "invalid_parameters"),
    ):
        headers = curl(service, key, *fields, to=told)
        assert f" {status} " in headers.splitlines()[0]
        [error] = json.loads(told.read_text())["errors"]
        assert error["code"] == code


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    """A photo whose cut-out has more bytes than an answer holds."""
    noise = Image.effect_noise((1600, 1600), 120)
    poster = Image.merge("RGB", [noise.rotate(turn) for turn in (0, 90, 180)])
    path = tmp_path / "poster.jpg"
    poster.save(path, quality=60)
    return path


@pytest.fixture
def npm_client(service: Service, tmp_path: Path) -> Path:
    """The npm package, which has the host in its code, with ours there."""
    text = (ROOT / "node_modules/remove.bg/dist/index.js").read_text()
    ours = text.replace("https://api.remove.bg", service.outputs.key_api_url)
    assert ours != text
    (tmp_path / "removebg.js").write_text(ours)
    return tmp_path / "removebg.js"


SCRIPT = """
const [client, call, options] = process.argv.slice(1);
require(client)[call](JSON.parse(options)).then(
  ({ base64img, ...told }) => console.log(JSON.stringify(told)),
  (errors) => { console.log(JSON.stringify(errors)); process.exitCode = 1; },
);
"""


def by_npm(npm_client: Path, call: str, **options: object) -> tuple[int, Any]:
    """What the client's promise came to."""
    node = ROOT / ".venvs/web/bin/node"
    done = subprocess.run(  # noqa: S603
        [node, "--no-deprecation", "-e", SCRIPT, npm_client, call, json.dumps(options)],
        env=os.environ | {"NODE_PATH": str(ROOT / "node_modules")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_npm_client_sends_a_file_a_url_and_base64(
    npm_client: Path, key: str, photo: Path, shop: Receiver, tmp_path: Path
) -> None:
    made = tmp_path / "made.png"
    text = base64.b64encode(photo.read_bytes()).decode()
    placed = {"scale": "50%", "position": "0% 100%", "crop": False, "roi": "0% 0% 100% 100%"}

    for call, source in (
        ("removeBackgroundFromImageFile", {"path": str(photo)}),
        ("removeBackgroundFromImageUrl", {"url": shop.url}),
        ("removeBackgroundFromImageBase64", {"base64img": text}),
    ):
        fields = {"apiKey": key, "size": "auto", "type": "product", "outputFile": str(made)}
        code, told = by_npm(npm_client, call, **source, **fields, **placed)
        assert code == 0, told
        assert (told["creditsCharged"], told["resultWidth"]) == ("8", "96")
        assert (told["detectedType"], told["rateLimit"]) == ("product", "6000")
        with Image.open(made) as image:
            assert (image.size, image.format) == ((96, 80), "PNG")


def test_the_npm_client_is_told_what_was_wrong(npm_client: Path, key: str, photo: Path) -> None:
    code, [error] = by_npm(
        npm_client, "removeBackgroundFromImageFile", apiKey=key[:-1], path=str(photo)
    )

    assert (code, error["code"]) == (1, "auth_failed")


def test_a_result_that_no_answer_holds_is_had_by_its_link(
    service: Service, key: str, npm_client: Path, poster: Path, tmp_path: Path
) -> None:
    """Which the npm client does not follow: it is told where it lies."""
    by_curl = tmp_path / "curl.png"
    fields = (f"image_file=@{poster}", "size=4k")

    told = curl(service, key, *fields, to=by_curl, follow=True)
    client(key, tmp_path).remove_background_from_img_file(str(poster), size="4k")
    code, [error] = by_npm(
        npm_client, "removeBackgroundFromImageFile", apiKey=key, path=str(poster), size="4k"
    )
    by_link = httpx.get(re.findall(r"https?://\S+", error["detail"])[0])

    assert " 303 " in told
    assert (code, error["code"], by_link.status_code) == (1, "result_too_large", 200)
    for made in (by_curl, Path(f"{poster}_no_bg.png"), io.BytesIO(by_link.content)):
        with Image.open(made) as image:
            assert (image.size, image.format) == ((1600, 1600), "PNG")


def test_the_distribution_has_it_too(service: Service, key: str) -> None:
    page = httpx.URL(service.outputs.page_url)
    account = httpx.get(
        page.copy_with(host="127.0.0.1", path="/v1.0/account"),
        headers={"X-Api-Key": key, "Host": page.netloc.decode()},
        timeout=60,
    )

    assert account.status_code == 200, account.text
    assert account.json()["data"]["attributes"]["credits"]["total"] >= 100
