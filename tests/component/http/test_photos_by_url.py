"""Photos that lie at addresses: single ones, in batches, as items of projects."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from lumiku.adapters.work import fetching
from lumiku.adapters.work.fetching import HttpFetcher
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from lumiku.bootstrap import aws
from lumiku.domain.reach import Reach
from lumiku.services.work.fetching import NotFetched
from tests.component.http.batches import close
from tests.component.http.conftest import Api
from tests.component.lane import Lane, message, photo
from tests.component.receiver import Receiver, receiving

AT = "https://shop.example.com"
LOST = NotFetched("the address answered 404.")


class Shop:
    """What lies at addresses, by their last part; each is asked for by a worker alone."""

    def __init__(self, api: Api, lane: Lane) -> None:
        self.api, self.lane = api, lane
        self.there: dict[str, bytes | NotFetched] = {}
        self.asked: list[str] = []
        self.app: Any = api.stack.app("fetch_photo")
        self.call(self)

    def call(self, fetcher: Any) -> None:
        """Fetch by that from now on."""
        self.app.fetching = replace(self.app.fetching, fetcher=fetcher)

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        name = url.rpartition("/")[2]
        self.asked.append(name)
        found = self.there[name]
        if isinstance(found, NotFetched):
            raise found
        return found

    def work(self) -> list[str]:
        """What waits is fetched and processed; answers what was told to fetch_photo."""
        told = self._messages("FetchQueue")
        for body in told:
            self.deliver("fetch_photo", body)
        for key in self.lane.keys("in/"):
            stored = self.api.stack.s3.head_object(Bucket=self.api.stack.bucket, Key=key)
            about = {"key": key, "size": stored["ContentLength"], "eTag": stored["ETag"].strip('"')}
            self.lane.deliver(message({"eventName": "ObjectCreated:Put", "s3": {"object": about}}))
        for body in self._messages("SettleQueue"):
            self.deliver("settle_job", body)
        return told

    def _messages(self, queue: str) -> list[str]:
        url = self.api.stack.queue_urls[queue]
        got = self.api.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [one["Body"] for one in got.get("Messages", [])]

    def deliver(self, folder: str, body: str) -> None:
        """Hand a message to its function."""
        record = {"messageId": "m", "receiptHandle": "h", "body": body, "messageAttributes": {}}
        record |= {"attributes": {"ApproximateReceiveCount": "1"}, "eventSource": "aws:sqs"}
        arn = {"eventSourceARN": "arn:aws:sqs:ap-southeast-1:1:q", "awsRegion": "x"}
        answer = self.api.stack.call(folder, {"Records": [record | arn]})
        assert answer == {"batchItemFailures": []}


@pytest.fixture
def shop(seller: Api, lane: Lane) -> Shop:
    return Shop(seller, lane)


def balance(api: Api) -> int:
    return int(api.get("/api/credits").data["balance"])


def remove(api: Api, url: str, **more: Any) -> Any:
    return api.post(f"{P}/remove", {"url": url, "tier": "basic", **more})


def batch(api: Api, *files: dict[str, Any]) -> Any:
    return api.post(f"{P}/batch", {"tier": "basic", "files": list(files)})


class TestOnePhoto:
    def test_it_is_fetched_by_a_worker_and_processed(self, shop: Shop) -> None:
        shop.there["shoe%20red.jpg"] = photo()
        got = remove(shop.api, f"{AT}/shoe%20red.jpg")

        assert (got.status, got.data["upload"]) == (202, None)
        assert shop.asked == []
        shop.work()
        job = shop.api.get(f"{P}/jobs/{got.data['jobId']}").data
        assert (job["status"], job["fileName"]) == ("completed", "shoe red.jpg")
        assert balance(shop.api) == 997

    def test_one_that_cannot_be_had_is_given_back(self, shop: Shop) -> None:
        shop.there["a.jpg"] = LOST
        got = remove(shop.api, f"{AT}/a.jpg", fileName="b.jpg")

        shop.work()

        job = shop.api.get(f"{P}/jobs/{got.data['jobId']}").data
        assert (job["status"], job["error"]["code"]) == ("failed", "photo_unreachable")
        assert "answered 404" in job["error"]["message"]
        assert balance(shop.api) == 1000

    def test_the_same_request_again_is_one_order_and_fetched_once(self, shop: Shop) -> None:
        shop.there["a.jpg"] = photo()
        key = {"headers": {"Idempotency-Key": "k"}}
        asked = {"url": f"{AT}/a.jpg", "tier": "basic"}

        first, again = [shop.api.post(f"{P}/remove", asked, **key) for _ in range(2)]
        other = shop.api.post(f"{P}/remove", {**asked, "url": f"{AT}/b.jpg"}, **key)

        assert first.data["jobId"] == again.data["jobId"]
        assert other.json["code"] == "idempotency_key_reused"
        assert len(shop.work()) == 2
        assert shop.asked == ["a.jpg"]
        assert balance(shop.api) == 997


INWARDS = [
    "http://shop.example.com/a.jpg",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/a.jpg",
    "https://[::1]/a.jpg",
    "https://10.0.0.1/a.jpg",
    "file:///etc/passwd",
    "shop.example.com/a.jpg",
]


@pytest.mark.parametrize("url", INWARDS)
def test_an_address_that_is_not_public_is_refused_and_costs_nothing(shop: Shop, url: str) -> None:
    one = remove(shop.api, url)
    some = batch(shop.api, {"url": f"{AT}/a.jpg"}, {"url": url})

    assert (one.status, one.json["errors"][0]["field"]) == (400, "body.url")
    assert (some.status, some.json["errors"][0]["field"]) == (400, "body.files.1.url")
    assert shop.work() == []
    assert balance(shop.api) == 1000


@pytest.mark.parametrize(
    ("file", "field"),
    [
        ({"url": ""}, "body.files.1.url"),
        ({"url": AT + "/" + "a" * 2048}, "body.files.1.url"),
        ({"url": f"{AT}/a.jpg", "size": 9}, "body.files.1.size"),
        ({"url": f"{AT}/a.jpg", "name": ""}, "body.files.1.name"),
        ({"name": "a.jpg"}, "body.files.1.size"),
        ("https://shop.example.com/a.jpg", "body.files.1"),
    ],
)
def test_what_is_no_photo_of_a_batch_is_told_by_its_field(
    shop: Shop, file: Any, field: str
) -> None:
    got = batch(shop.api, {"url": f"{AT}/a.jpg"}, file)
    assert (got.status, got.json["errors"][0]["field"]) == (400, field)


class TestBatches:
    def test_photos_are_sent_and_fetched_in_one(self, shop: Shop) -> None:
        shop.there |= {"a.jpg": photo(), "b.jpg": LOST}
        sent = {"name": "c.jpg", "size": 9}
        got = batch(shop.api, {"url": f"{AT}/a.jpg"}, {"url": f"{AT}/b.jpg"}, sent)
        batch_id, files = got.data["batchId"], got.data["files"]

        assert [file["name"] for file in files] == ["a.jpg", "b.jpg", "c.jpg"]
        assert [file["key"] is None for file in files] == [True, True, False]
        assert got.data["upload"] is not None
        shop.lane.deliver(message(shop.lane.put(files[2]["key"], photo())))
        shop.api.post(f"{P}/batch/{batch_id}/finish")
        assert statuses(shop.api, batch_id) == ["pending", "pending", "completed"]
        shop.work()
        close(shop.api.stack, batch_id)
        shown = shop.api.get(f"{P}/batch/{batch_id}").data
        assert statuses(shop.api, batch_id) == ["completed", "failed", "completed"]
        assert shown["pricing"]["creditsRefunded"] == 3
        assert balance(shop.api) == 1000 - 6

    def test_where_nothing_is_uploaded_there_is_no_form(self, shop: Shop) -> None:
        shop.there |= {"a.jpg": photo(), "b.jpg": photo()}
        got = batch(shop.api, {"url": f"{AT}/a.jpg", "name": "x.jpg"}, {"url": f"{AT}/b.jpg"})
        batch_id = got.data["batchId"]

        assert got.data["upload"] is None
        refused = shop.api.post(f"{P}/batch/{batch_id}/upload-policy")
        assert refused.json["code"] == "batch_closed"
        told = shop.work()
        for body in told:  # each comes twice
            shop.deliver("fetch_photo", body)
        assert sorted(shop.asked) == ["a.jpg", "b.jpg"]
        assert statuses(shop.api, batch_id) == ["completed"] * 2

    def test_the_last_one_that_cannot_be_had_wakes_the_batch(self, shop: Shop) -> None:
        shop.there |= {"a.jpg": LOST, "b.jpg": LOST}
        got = batch(shop.api, {"url": f"{AT}/a.jpg"}, {"url": f"{AT}/b.jpg"})
        woken: list[str] = []
        app = shop.app
        app.fetching = replace(app.fetching, executions=Woken(woken))
        shop.api.stack.call(
            "await_photos", {"groupId": got.data["batchId"], "token": "t", "requestId": "r"}
        )

        told = shop.work()

        assert woken == ["t"]
        shop.deliver("fetch_photo", told[0])  # a repetition makes up for a lost answer
        assert woken == ["t", "t"]
        close(shop.api.stack, got.data["batchId"])
        assert balance(shop.api) == 1000

    def test_a_worker_that_died_deciding_is_made_up_for(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.there |= {"a.jpg": LOST, "b.jpg": photo()}
        got = batch(shop.api, {"url": f"{AT}/a.jpg"}, {"url": f"{AT}/b.jpg"})
        [first, _] = told = shop.api.stack.sqs.receive_message(
            QueueUrl=shop.api.stack.queue_urls["FetchQueue"], MaxNumberOfMessages=10
        )["Messages"]
        job_id = json.loads(first["Body"])["job_id"]
        now = shop.app.fetching.clock()
        shop.api.stack.jobs.claim(
            job_id, etag=None, size_bytes=None, attempt_id="dead", now=now, lease_until=now
        )

        for one in told:
            shop.deliver("fetch_photo", one["Body"])
        shop.work()

        assert sorted(statuses(shop.api, got.data["batchId"])) == ["completed", "failed"]


def test_many_photos_of_one_order_leave_room_for_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    client: Any = aws.sqs()

    def noted(**request: Any) -> Any:
        sent.extend(entry["DelaySeconds"] for entry in request["Entries"])
        return {}

    monkeypatch.setattr(client, "send_message_batch", noted)
    batch(shop.api, *[{"url": f"{AT}/{n}.jpg"} for n in range(14)])

    assert sent == [0] * 6 + [1] * 6 + [2] * 2


class Woken:
    """Executions that note which token woke them."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def wake(self, token: str) -> None:
        self.tokens.append(token)


def statuses(api: Api, batch_id: str) -> list[str]:
    items = api.get(f"{P}/batch/{batch_id}/items").data["items"]
    return [item["status"] for item in items]


def test_items_of_a_project_are_fetched(shop: Shop) -> None:
    shop.there |= {"a.jpg": large_photo(), "b.jpg": LOST}
    project = shop.api.post(f"{S}/projects", {"name": "Lebaran"}).data["projectId"]
    files = [{"url": f"{AT}/a.jpg"}, {"url": f"{AT}/b.jpg", "name": "sepatu.jpg"}]
    path = f"{S}/projects/{project}/items/upload"

    refused = shop.api.post(path, {"files": [{"url": "https://localhost/a.jpg"}]})
    got = shop.api.post(path, {"files": files})

    assert refused.json["errors"][0]["field"] == "body.files.0.url"
    assert (got.data["upload"], [file["key"] for file in got.data["files"]]) == (None, [None] * 2)
    shop.work()
    close(shop.api.stack, got.data["uploadId"])
    shown = shop.api.get(f"{S}/projects/{project}/uploads/{got.data['uploadId']}").data
    assert [file["error"] and file["error"]["code"] for file in shown["files"]] == [
        None,
        "photo_unreachable",
    ]
    assert shown["files"][0]["itemId"] is not None
    assert balance(shop.api) == 1000 - 2


def large_photo() -> bytes:
    from PIL import Image

    Image.new("RGB", (600, 600), "teal").save(file := BytesIO(), "JPEG")
    return file.getvalue()


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def bomb() -> bytes:
    with zipfile.ZipFile(file := BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(50_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    ("answer", "drip_s", "code", "told"),
    [
        (b"<!doctype html><p>Log in", 0.0, "unsupported_format", "web page"),
        (bomb(), 0.0, "unsupported_format", "ZIP"),
        (b"", 0.0, "empty_file", "empty"),
        (bytes(11 * 2**20), 0.0, "photo_unreachable", "more than 10485760 bytes"),
        (bytes(90_000), 0.1, "photo_unreachable", "longer than"),
    ],
    ids=["a page", "a bomb", "nothing", "too much", "too slow"],
)
def test_what_lies_there_instead_is_told_and_given_back(
    shop: Shop,
    server: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    drip_s: float,
    code: str,
    told: str,
) -> None:
    """By the real fetcher, from a server on this machine."""
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.3 if drip_s else 15)
    server.answer, server.drip_s = answer, drip_s
    app: Any = shop.api.stack.app("jobs_api")
    monkeypatch.setattr(app, "reach", Reach(loopback=True))
    shop.call(HttpFetcher(Reach(loopback=True)))

    got = remove(shop.api, server.url)
    shop.work()

    job = shop.api.get(f"{P}/jobs/{got.data['jobId']}").data
    assert (job["status"], job["error"]["code"]) == ("failed", code)
    assert told in job["error"]["message"]
    assert balance(shop.api) == 1000
