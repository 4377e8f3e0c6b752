"""`lumiku studio export` and `platforms`, and the same through the library."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from lumiku_client import ApiProblem, ExportFiles
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port
from tests.component.client.service import CREDITS, Service

MADE = 2 * 2 + 2 * 15

type Export = Callable[..., Result]


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


@pytest.fixture
def export(port: Port, service: Service, photos: Photos, out: Path) -> Export:
    """Exports a project with two pictures, on the plan professional."""
    service.take_studio_plan("professional")
    service.set_balance(CREDITS)
    with client_of(port) as client:
        client.studio.projects.create("Sepatu")
    folder = photos("a.jpg", "b.jpg", width=500)
    lumiku("studio", "upload", "Sepatu", str(folder), "--yes")
    pictures = str(out.parent / "pictures")
    made = lumiku(
        "studio", "process", "Sepatu", "--template", "pure-white", "-y", "--out", pictures
    )
    assert made.exit_code == 0, made.output

    def run(*options: str, yes: bool = True) -> Result:
        agreed = ["--yes"] if yes else []
        return lumiku("studio", "export", "Sepatu", "--out", str(out), *agreed, *options)

    return run


def test_a_project_is_exported_for_platforms_with_its_report(
    export: Export, service: Service, out: Path
) -> None:
    result = export(
        "--platforms", "shopee, tokopedia", "--formats", "jpeg", "--folders", "platform"
    )

    assert result.exit_code == 0, result.output
    assert "An export: 10 credits" in result.stderr
    assert "2 of 2 pictures" in result.stderr
    assert "ZIP: 100 %" in result.stderr
    assert "completed: 2 of 2 pictures, 10 credits" in result.stdout
    archive, page = sorted(out.glob("*.zip")), sorted(out.glob("*.html"))
    assert [path.stem for path in archive] == [path.stem for path in page]
    assert page[0].read_bytes().startswith(b"<!")
    with zipfile.ZipFile(archive[0]) as opened:
        pictures = [name for name in opened.namelist() if name.endswith(".jpg")]
        assert [name.split("/")[0] for name in sorted(pictures)] == [
            *["shopee"] * 2,
            *["tokopedia"] * 2,
        ]
        with Image.open(opened.open(pictures[0])) as picture:
            assert picture.format == "JPEG"
    assert service.balance == CREDITS - MADE - 10


def test_what_it_costs_is_agreed_to_first(export: Export, service: Service, out: Path) -> None:
    before = service.balance

    assert "nobody is here to agree" in export("--formats", "png", yes=False).stderr
    assert "Say which files" in export().stderr
    wrong = export("--platforms", "ebay")

    assert wrong.exit_code == 1
    assert "shopee" in wrong.stderr
    assert service.balance == before
    assert not out.exists()


def test_a_zip_is_fetched_again_and_one_picture_in_another_format(
    export: Export, port: Port, service: Service, tmp_path: Path
) -> None:
    told = json.loads(export("--sizes", "1080", "--json").stdout)
    before = service.balance
    again, picture = tmp_path / "again.zip", tmp_path / "one.jpg"

    assert lumiku("download", told["exportId"], "--out", str(again)).exit_code == 0
    one = [told["pictures"][0]["itemId"], "--out", str(picture)]
    fetched = lumiku("download", *one, "--format", "jpeg", "--size", "1080")
    refused = lumiku("download", told["exportId"], "--out", str(again), "--format", "jpeg")

    assert fetched.exit_code == 0, fetched.output
    assert again.read_bytes() == Path(told["output"]).read_bytes()
    with Image.open(picture) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1080, 1080))
    assert refused.exit_code == 1
    assert service.balance == before
    with client_of(port) as client:
        with pytest.raises(ApiProblem, match="No photo"):
            client.studio.exports.retry(told["exportId"])
        with pytest.raises(ApiProblem, match="closed"):
            client.studio.exports.cancel(told["exportId"])
        quote = client.studio.price(export=ExportFiles(destinations=["shopee"]))
        assert quote.total == 5


def test_platforms_are_listed_with_what_nobody_has_confirmed(port: Port) -> None:
    result = lumiku("studio", "platforms")

    assert result.exit_code == 0, result.output
    line = next(line for line in result.stdout.splitlines() if line.startswith("shopee"))
    assert "jpeg" in line
    assert len(json.loads(lumiku("studio", "platforms", "--json").stdout)) > 5
