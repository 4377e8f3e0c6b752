"""Batches on the laptop cloud, whatever fails on the way: closed, settled once, explained."""

import io
import json
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from skimage import data as samples

from darkroom.encode import encode
from darkroom.picture import Picture
from tests.e2e.service import Person, Service

PREFIX = "/api/apps/background-remover"
PRICE = 3  # of a photo in the tier basic, without any discount
CORRUPT = b"\xff\xd8\xff\xe0 not the rest of a JPEG"
PATIENCE_S = 120

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def photo() -> bytes:
    return encode(Picture(samples.coffee()[::2, ::2].copy()))  # type: ignore[no-untyped-call]


class Batch:
    """One batch of one person, over HTTP."""

    def __init__(self, service: Service, person: Person, names: Sequence[str]) -> None:
        fresh = httpx.Limits(max_keepalive_connections=0)  # an idle connection may be cut off
        self.http = httpx.Client(base_url=service.outputs.api_url, timeout=60, limits=fresh)
        login = {"email": person.email, "password": person.password}
        token = self.http.post("/api/auth/login", json=login).json()["data"]["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        order = {"tier": "basic", "files": [{"name": name, "size": 9} for name in names]}
        answer = self.http.post(f"{PREFIX}/batch", json=order)
        assert answer.status_code == 201, answer.text
        self.made = answer.json()["data"]
        self.path = f"{PREFIX}/batch/{self.made['batchId']}"

    def upload(self, index: int, content: bytes) -> None:
        form, key = self.made["upload"], self.made["files"][index]["key"]
        sent = httpx.post(form["url"], data={**form["fields"], "key": key}, files={"file": content})
        assert sent.status_code == 201, sent.text

    def ask(self, method: str, path: str = "", **query: Any) -> Any:
        answer = self.http.request(method, f"{self.path}{path}", **query)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    def end(self) -> dict[str, Any]:
        """The batch once it is over."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            shown: dict[str, Any] = self.ask("GET", params={"wait": 10})
            if shown["status"] not in {"pending", "processing"}:
                return shown
        raise AssertionError(shown)

    def statuses(self) -> list[str]:
        return [item["status"] for item in self.ask("GET", "/items")["items"]]

    def archive(self) -> zipfile.ZipFile:
        link = self.ask("GET", "/download")
        return zipfile.ZipFile(io.BytesIO(httpx.get(link["url"]).content))


@pytest.fixture
def person(service: Service) -> Person:
    return service.newcomer(credits=100)


def spent(service: Service, person: Person) -> int:
    return 150 - service.balance(person)


def test_good_and_corrupt_photos_of_one_name(
    service: Service, person: Person, photo: bytes
) -> None:
    batch = Batch(service, person, ["shoe.png", "shoe.png", "broken.jpg"])
    for index, content in enumerate([photo, photo, CORRUPT]):
        batch.upload(index, content)
    shown = batch.end()
    assert shown["status"] == "completed"
    assert shown["progress"]["processedImages"] == 2
    assert shown["pricing"]["creditsRefunded"] == PRICE
    with batch.archive() as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
    assert {"removed-shoe.png", "removed-shoe-2.png", "manifest.csv"} <= names
    assert "damaged" in json.dumps(manifest)
    assert spent(service, person) == 2 * PRICE


def test_two_ordered_one_uploaded(service: Service, person: Person, photo: bytes) -> None:
    batch = Batch(service, person, ["a.png", "never.png"])
    batch.upload(0, photo)
    batch.ask("POST", "/finish")
    assert batch.end()["status"] == "completed"
    assert batch.statuses() == ["completed", "expired"]
    assert spent(service, person) == PRICE


def test_none_uploaded(service: Service, person: Person) -> None:
    batch = Batch(service, person, [f"{i}.png" for i in range(30)])
    batch.ask("POST", "/finish")
    assert batch.end()["status"] == "failed"
    assert spent(service, person) == 0


def test_all_corrupt_then_tried_again(service: Service, person: Person, photo: bytes) -> None:
    batch = Batch(service, person, ["a.jpg", "b.jpg"])
    for index in range(2):
        batch.upload(index, CORRUPT)
    assert batch.end()["status"] == "failed"
    assert spent(service, person) == 0
    again = batch.ask("POST", "/retry")
    assert again["creditsUsed"] == 2 * PRICE
    batch.path = f"{PREFIX}/batch/{again['batchId']}"
    assert batch.end()["status"] == "failed"
    assert spent(service, person) == 0


def test_cancelled_and_an_upload_after_the_close(
    service: Service, person: Person, photo: bytes
) -> None:
    batch = Batch(service, person, ["a.png", "b.png"])
    batch.ask("DELETE")
    assert batch.end()["status"] == "cancelled"
    batch.upload(0, photo)
    time.sleep(2)
    assert batch.statuses() == ["cancelled", "cancelled"]
    assert spent(service, person) == 0
    refused = batch.http.post(f"{batch.path}/upload-policy")
    assert refused.json()["code"] == "batch_closed"


def test_another_persons_batch_is_not_there(service: Service, person: Person) -> None:
    batch = Batch(service, person, ["a.png", "b.png"])
    stranger = Batch(service, service.newcomer(credits=100), ["c.png", "d.png"])
    stranger.path = batch.path
    for method, path in [("GET", ""), ("GET", "/items"), ("GET", "/download"), ("DELETE", "")]:
        assert stranger.http.request(method, f"{batch.path}{path}").status_code == 404
    batch.ask("DELETE")


def test_a_batch_is_found_again(service: Service, person: Person) -> None:
    batch = Batch(service, person, ["a.png", "b.png"])

    def listed(what: str, **query: str) -> list[str]:
        answer = batch.http.get(f"{PREFIX}/{what}", params=query)
        assert answer.is_success, answer.text
        name = "batchId" if what == "batches" else "jobId"
        return [one[name] for one in answer.json()["data"][what]]

    batch_id = batch.made["batchId"]
    photos = [f"{batch_id}_0000", f"{batch_id}_0001"]
    assert listed("batches", status="pending") == [batch_id]
    assert listed("batches", status="completed") == []
    assert listed("jobs", batchId=batch_id) == listed("jobs", includeBatches="true") == photos
    assert listed("jobs") == []


def test_a_file_name_left_in_the_key_says_so(
    service: Service, person: Person, photo: bytes
) -> None:
    batch = Batch(service, person, ["a.png", "b.png"])
    form = batch.made["upload"]
    known = batch.http.get(batch.path).headers["ETag"]

    sent = httpx.post(form["url"], data=form["fields"], files={"file": ("shoe.png", photo)})

    assert sent.status_code == 201, sent.text
    changed = batch.http.get(batch.path, params={"wait": 20}, headers={"If-None-Match": known})
    assert "'shoe.png', which is no photo's key" in changed.json()["data"]["hint"]
