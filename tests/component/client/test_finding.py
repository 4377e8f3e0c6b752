"""`lumiku jobs`, `batches` and `download`: what was ordered is found again."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lumiku_client import BatchPhoto
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, Run, client_of
from tests.component.client.port import Port
from tests.component.client.service import PRICE_OF_BASIC

pytestmark = pytest.mark.usefixtures("port")


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def listed(*arguments: str) -> Any:
    return json.loads(lumiku(*arguments, "--json").stdout)


@pytest.fixture
def batch(port: Port, order: Run, photos: Photos) -> str:
    """A batch of two photos, one of which is damaged, that is over."""
    folder = photos("a.jpg", "b.jpg")
    (folder / "b.jpg").write_bytes((folder / "b.jpg").read_bytes()[:300])
    assert order(folder, options=["--yes", "--tier", "basic"]).exit_code == 2
    return port.service.batch


def ordered(port: Port) -> str:
    """A batch of two photos that are not sent."""
    with client_of(port) as client:
        photos = [BatchPhoto(f"{number}.jpg", 9) for number in range(2)]
        return client.batches.submit(photos, "basic").batch_id


def test_a_batch_is_listed_and_its_zip_fetched(batch: str, tmp_path: Path) -> None:
    told = lumiku("batches")

    assert told.exit_code == 0
    heading, line = told.stdout.splitlines()
    assert heading.split() == [
        "Batch", "Status", "Tier", "Photos", "Done", "Failed", "Credits", "Made", "ZIP",
    ]  # fmt: skip
    found = rf"{batch} +completed +basic +2 +1 +1 +{PRICE_OF_BASIC} +[-\d]+ [:\d]+ +0\.0 MB"
    assert re.fullmatch(found, line.strip())
    [shown] = listed("batches", "--status", "completed")
    assert shown["batchId"] == batch
    assert listed("batches", "--status", "pending") == []

    fetched = lumiku("download", batch, "--out", str(tmp_path / "deep/results.zip"))

    assert fetched.stdout == f"Written: {tmp_path / 'deep/results.zip'}\n"
    with zipfile.ZipFile(tmp_path / "deep/results.zip") as opened:
        assert sorted(opened.namelist()) == ["manifest.csv", "manifest.json", "removed-a.png"]


def test_its_photos_are_listed_and_fetched(batch: str, tmp_path: Path) -> None:
    first, second = (f"{batch}_000{index}" for index in range(2))

    assert listed("jobs") == []
    assert [job["jobId"] for job in listed("jobs", "--batch", batch)] == [first, second]
    assert [job["jobId"] for job in listed("jobs", "--batches", "--limit", "1")] == [first]
    failed = lumiku("jobs", "--batches", "--status", "failed").stdout
    assert [line.split()[:2] for line in failed.splitlines()[1:]] == [[second, "b.jpg"]]
    assert lumiku("download", first, "--out", str(tmp_path / "a.png")).exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_cancelled_photos_are_found(port: Port) -> None:
    batch = ordered(port)
    with client_of(port) as client:
        client.batches.cancel(batch)

    found = lumiku("jobs", "--batches", "--status", "cancelled").stdout

    assert [line.split()[0] for line in found.splitlines()[1:]] == [
        f"{batch}_0000",
        f"{batch}_0001",
    ]
    assert listed("jobs", "--batches", "--status", "pending") == []


def test_a_zip_that_is_not_there_yet(port: Port, tmp_path: Path) -> None:
    told = lumiku("download", ordered(port), "--out", str(tmp_path / "results.zip"))

    assert told.exit_code == 1
    assert told.stderr.startswith("The server refused for now. The batch")
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(("name", "what"), [("job_1", "job"), ("batch_061b5dcc", "batch")])
def test_what_nobody_ordered(name: str, what: str, tmp_path: Path) -> None:
    told = lumiku("download", name, "--out", str(tmp_path / "x"))

    assert told.exit_code == 1
    assert told.stderr == f"Not found. There is no {what} {name}.\n"


def test_a_folder_is_not_a_file_to_write() -> None:
    told = lumiku("download", "job_1", "--out", ".")

    assert told.exit_code == 1
    assert "is a directory" in told.stderr


def test_nothing_was_ordered_yet() -> None:
    assert lumiku("batches").stdout == "No batches.\n"
    assert listed("batches") == []


def test_a_program_that_asks_for_a_receipt_sees_no_cost(batch: str) -> None:
    [job] = listed("jobs", "--batch", batch, "--status", "completed")

    assert job["receipt"]["tries"] == 0
    assert [name for name in job["receipt"] if "Cost" in name] == []
    assert job["error"] is None
