"""`lumiku studio upload`, and the same through the library: each photo once, whatever happens."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lumiku_client import ApiProblem, BatchPhoto, PhotoUpload
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Fault, Port
from tests.component.client.service import CREDITS, S, Service

PRICE = 2
WIDE = 500
ORDER = f"POST {S}/projects/.*/items/upload"

type Upload = Callable[..., Result]


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["studio", *arguments])


@pytest.fixture
def project(port: Port) -> str:
    with client_of(port) as client:
        return client.studio.projects.create("Sepatu").project_id


@pytest.fixture
def upload(project: str) -> Upload:
    def run(*paths: Path, options: tuple[str, ...] = ("--yes",)) -> Result:
        return lumiku("upload", "Sepatu", *map(str, paths), *options)

    return run


def kept(port: Port, project_id: str) -> list[str]:
    with client_of(port) as client:
        return sorted(item.file_name for item in client.studio.items.list(project_id))


def test_photos_are_uploaded_into_a_project_at_a_price_that_is_told(
    upload: Upload, port: Port, project: str, service: Service, photos: Photos
) -> None:
    folder = photos("a.jpg", "b.png", width=WIDE)
    (folder / "notes.txt").write_text("no photo")

    result = upload(folder)

    assert result.exit_code == 0, result.output
    assert "Not photos, not sent: notes.txt" in result.stderr
    assert f"2 photos into Sepatu: 4 credits, {CREDITS} available." in result.stderr
    told = r"2 of 2 photos uploaded into Sepatu in [\d.]+ s\. 4 credits charged; 996 left\.\n"
    assert re.fullmatch(told, result.stdout)
    assert kept(port, project) == ["a.jpg", "b.png"]
    assert service.balance == CREDITS - 2 * PRICE


def test_a_photo_that_is_refused_says_why_and_costs_nothing(
    upload: Upload, port: Port, project: str, service: Service, photos: Photos
) -> None:
    folder = photos("large.jpg", width=WIDE)
    photos("small.jpg")
    (folder / "huge.jpg").write_bytes(b"\xff\xd8\xff" + bytes(20 * 2**20))

    result = upload(folder, options=("--yes", "--json"))

    told = json.loads(result.stdout)
    assert result.exit_code == 2
    by_name = {Path(photo["file"]).name: photo for photo in told["photos"]}
    assert by_name["large.jpg"]["itemId"].startswith("item_")
    assert by_name["small.jpg"]["error"]["code"] == "photo_too_small"
    assert by_name["huge.jpg"]["error"]["code"] == "photo_too_large"
    assert (told["charged"], told["refunded"], told["balance"]) == (4, 2, CREDITS - PRICE)
    assert kept(port, project) == ["large.jpg"]
    assert service.balance == CREDITS - PRICE


def test_nothing_is_ordered_unless_somebody_agrees(
    upload: Upload, service: Service, photos: Photos
) -> None:
    result = upload(photos("a.jpg", width=WIDE), options=())

    assert result.exit_code == 1
    assert "Nothing was ordered: nobody is here to agree. Add --yes." in result.stderr
    assert service.balance == CREDITS


def test_what_cannot_be_paid_is_not_sent_and_the_way_out_is_told(
    upload: Upload, service: Service, photos: Photos
) -> None:
    service.set_balance(1)

    result = upload(photos("a.jpg", width=WIDE))

    assert result.exit_code == 1
    assert "2 needed, 1 available ('lumiku top-up' buys some)." in result.stderr
    assert service.balance == 1


def test_photos_that_are_there_already_are_not_sent_again(
    upload: Upload, port: Port, project: str, service: Service, photos: Photos
) -> None:
    folder = photos("a.jpg", width=WIDE)
    upload(folder)
    photos("a.jpg", "b.jpg", width=WIDE)

    result = upload(folder)

    assert "In the project already, not sent (unless --again): 1 photo." in result.stderr
    assert "1 of 1 photo uploaded" in result.stdout
    assert kept(port, project) == ["a.jpg", "b.jpg"]
    assert upload(folder).exit_code == 0
    assert service.balance == CREDITS - 2 * PRICE
    assert upload(folder, options=("--yes", "--again")).exit_code == 0
    assert len(kept(port, project)) == 4


@pytest.mark.parametrize("is_late", [True, False])
def test_an_order_whose_answer_is_lost_is_taken_up_and_paid_once(
    upload: Upload,
    port: Port,
    project: str,
    service: Service,
    photos: Photos,
    monkeypatch: pytest.MonkeyPatch,
    is_late: bool,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.upload_command.PATIENT_S", 0)
    folder = photos("a.jpg", "b.jpg", width=WIDE)
    port.faults.append(Fault(ORDER, 503, is_late=is_late))

    broken = upload(folder)
    again = upload(folder)

    assert broken.exit_code == 1
    assert "Run the same command again to go on; nothing is charged twice." in broken.stderr
    assert again.exit_code == 0, again.output
    assert "Going on with an upload of 2 photos" in again.stderr
    assert kept(port, project) == ["a.jpg", "b.jpg"]
    assert service.balance == CREDITS - 2 * PRICE


def test_a_note_of_long_ago_is_not_gone_on_with(
    upload: Upload,
    port: Port,
    photos: Photos,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.upload_command.PATIENT_S", 0)
    folder = photos("a.jpg", width=WIDE)
    port.faults.append(Fault(ORDER, 503))
    upload(folder)
    [note] = tmp_path.rglob("uploads/*.json")
    os.utime(note, (0, 0))

    again = upload(folder)

    assert again.exit_code == 0, again.output
    assert "Going on" not in again.stderr
    assert not note.exists()


def test_an_upload_that_broke_off_sends_only_what_is_missing(
    upload: Upload,
    port: Port,
    project: str,
    service: Service,
    photos: Photos,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_client.commands.upload_command.PATIENT_S", 0)
    folder = photos("a.jpg", "b.jpg", "c.jpg", width=WIDE)
    port.faults.append(Fault(f"POST {S}/projects/.*/finish", 503))

    broken = upload(folder)
    service.end()
    photos("d.jpg", width=WIDE)
    again = upload(folder)

    assert broken.exit_code == 1
    assert again.exit_code == 0, again.output
    assert "3 of 3 photos are there already." in again.stderr
    assert port.calls["POST /bucket/"] == 4
    assert kept(port, project) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert service.balance == CREDITS - 4 * PRICE


def test_an_order_that_is_refused_leaves_nothing_to_go_on_with(
    upload: Upload, port: Port, service: Service, photos: Photos
) -> None:
    folder = photos("a.jpg", width=WIDE)
    port.meanwhile[f"POST {S}/pricing/calculate"] = lambda: service.set_balance(1)

    result = upload(folder)

    assert result.exit_code == 1
    assert "Nothing more was ordered." in result.stderr
    assert "Going on" not in upload(folder).stderr


def test_a_photo_that_cannot_be_sent_holds_nothing_up(
    upload: Upload, port: Port, project: str, service: Service, photos: Photos
) -> None:
    too_large = "<Error><Code>EntityTooLarge</Code></Error>"
    port.faults.append(Fault("POST /bucket/.*", 400, too_large))

    result = upload(photos("a.jpg", "b.jpg", width=WIDE), options=("--yes", "--parallel", "1"))

    assert result.exit_code == 2
    assert re.search(r"a\.jpg +The photo is too large for the storage\.", result.stdout)
    assert kept(port, project) == ["b.jpg"]
    assert service.balance == CREDITS - PRICE


def test_a_project_that_there_is_not(port: Port, photos: Photos) -> None:
    result = lumiku("upload", "Tas", str(photos("a.jpg")))

    assert result.exit_code == 1
    assert "Make it with: lumiku studio projects --new 'Tas'" in result.stderr


def test_the_library_renews_a_form_and_names_what_is_still_running(
    port: Port, project: str, photos: Photos
) -> None:
    photo = photos("a.jpg", width=WIDE) / "a.jpg"
    with client_of(port) as client:
        uploads = client.studio.uploads
        announced = [BatchPhoto("a.jpg", photo.stat().st_size)]
        made = uploads.submit(project, announced, expected_credits=PRICE, idempotency_key="mine")
        same = uploads.submit(project, announced, idempotency_key="mine")
        assert same.upload_id == made.upload_id
        with pytest.raises(ApiProblem) as running:
            uploads.wait(project, made.upload_id, timeout_s=0)
        port.policies.clear()
        sent = [PhotoUpload(file.index, photo, file.key) for file in made.files]
        uploads.upload(project, made.upload_id, sent, made.upload)
        uploads.finish(project, made.upload_id)
        [file] = uploads.wait(project, made.upload_id).files
        item = client.studio.items.show(file.item_id or "")

    assert (running.value.code, running.value.extra) == (
        "still_running",
        {"uploadId": made.upload_id},
    )
    assert (item.width, item.height, item.format) == (WIDE, WIDE, "jpeg")
