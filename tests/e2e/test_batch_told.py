"""A folder of real photos, some corrupt, as one order of the command line: what its owner gets.

The files, the ZIP's account of them, the credits, the e-mail and the webhook.
"""

import csv
import io
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from skimage import data as samples
from standardwebhooks.webhooks import Webhook

from local.layout import ROOT
from lumiku_client.commands.exits import SOME_FAILED
from tests.component.receiver import Receiver, receiving
from tests.e2e.service import Person, Service, until

GOOD, CORRUPT = 9, 3
PRICE = 3  # of a photo in the tier basic; no discount below 20 photos
CREDITS, MONTHLY = 100, 50

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parts of real photos, and files cut short."""
    made = tmp_path_factory.mktemp("photos")
    pictures = [samples.coffee(), samples.rocket(), samples.chelsea()]  # type: ignore[no-untyped-call]
    for number in range(GOOD):
        picture = Image.fromarray(pictures[number % 3])
        left, top = 20 * (number // 3), 10 * (number // 3)
        part = picture.crop((left, top, picture.width - left, picture.height - top))
        part.thumbnail((320, 320))
        part.save(made / f"good-{number}.jpg", quality=90)
    for number in range(CORRUPT):
        whole = (made / f"good-{number}.jpg").read_bytes()
        (made / f"cut-short-{number}.jpg").write_bytes(whole[: len(whole) // 3])
    return made


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture(scope="module")
def person(service: Service) -> Person:
    return service.newcomer(credits=CREDITS)


@pytest.fixture(scope="module")
def secret(service: Service, person: Person, receiver: Receiver) -> str:
    """Of the person's webhook."""
    api = service.outputs.api_url
    login = {"email": person.email, "password": person.password}
    token = httpx.post(f"{api}/api/auth/login", json=login, timeout=60).json()["data"]["token"]
    answer = httpx.post(
        f"{api}/api/webhooks",
        json={"url": receiver.url},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["secret"])


@pytest.fixture(scope="module")
def out(
    service: Service,
    person: Person,
    secret: str,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What `lumiku batch` made of the folder."""
    results = tmp_path_factory.mktemp("out")
    command = ["batch", str(folder), "--tier", "basic", "--out", str(results), "--yes"]
    done = subprocess.run(  # noqa: S603
        [ROOT / ".venv/bin/lumiku", *command],
        env=os.environ
        | {
            "LUMIKU_API_URL": service.outputs.api_url,
            "LUMIKU_EMAIL": person.email,
            "LUMIKU_PASSWORD": person.password,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == SOME_FAILED, done.stdout + done.stderr
    assert f"{GOOD} of {GOOD + CORRUPT} photos done" in done.stdout
    return results


@pytest.fixture(scope="module")
def event(receiver: Receiver, secret: str, out: Path) -> dict[str, Any]:
    """The one that the person's server got."""
    until(lambda: receiver.got)
    [(headers, body)] = receiver.got
    verified: dict[str, Any] = Webhook(secret).verify(body, headers)
    return verified


def mails_to(service: Service, address: str) -> list[dict[str, Any]]:
    shown = httpx.get(f"{service.layout.endpoint}/_ministack/ses/messages", timeout=30).json()
    return [mail for sent in shown["messages"].values() for mail in sent if address in mail["To"]]


def test_each_good_photo_has_its_result(out: Path, folder: Path) -> None:
    for number in range(GOOD):
        with (
            Image.open(out / f"good-{number}.png") as result,
            Image.open(folder / f"good-{number}.jpg") as photo,
        ):
            assert (result.mode, result.size) == ("RGBA", photo.size)
    assert not list(out.glob("cut-short*.png"))


def test_the_zip_accounts_for_every_photo_and_credit(
    person: Person, event: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    fetched = person.client.batches.download(event["data"]["batchId"], tmp_path / "again.zip")
    with zipfile.ZipFile(fetched) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        table = archive.read("manifest.csv").decode("utf-8-sig")
        told = json.loads(archive.read("manifest.json"))

    lines = {line["source"]: line for line in csv.DictReader(io.StringIO(table))}
    assert set(lines) == {path.name for path in folder.iterdir()}
    for name, line in lines.items():
        if name.startswith("good"):
            assert (line["status"], line["credits"]) == ("completed", str(PRICE))
        else:
            assert (line["status"], line["code"]) == ("failed", "damaged_photo")
            assert (line["credits"], line["result"]) == ("0", "")
    results = {f"removed-good-{number}.png" for number in range(GOOD)}
    assert names == results | {"manifest.csv", "manifest.json"}
    assert (told["creditsCharged"], told["creditsRefunded"]) == (GOOD * PRICE, CORRUPT * PRICE)


def test_only_the_good_ones_are_paid_for(service: Service, person: Person, out: Path) -> None:
    """`balance` is also checked to be the sum of the ledger."""
    assert service.balance(person) == CREDITS + MONTHLY - GOOD * PRICE


def test_the_owner_is_written_to_once(service: Service, person: Person, out: Path) -> None:
    [mail] = until(lambda: mails_to(service, person.email))

    assert mail["Subject"] == f"Your batch is done: {GOOD} of {GOOD + CORRUPT} photos"
    for told in ("The file is damaged.", "cut-short-0.jpg", f"Credits charged: {GOOD * PRICE}"):
        assert told in mail["BodyText"]
    time.sleep(1)
    assert len(mails_to(service, person.email)) == 1


def test_the_webhook_says_the_same(event: dict[str, Any]) -> None:
    """It was verified by the specification's own library."""
    assert event["type"] == "batch.closed"
    assert event["data"]["processedImages"] == GOOD
    assert event["data"]["failedImages"] == CORRUPT
    assert event["data"]["creditsCharged"] == GOOD * PRICE
    assert event["data"]["creditsRefunded"] == CORRUPT * PRICE
