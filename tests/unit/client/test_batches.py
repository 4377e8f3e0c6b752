import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Batch, BatchStatus, Client, PhotoAt, PhotoUpload
from tests.unit.client.conftest import Clock
from tests.unit.client.wire import MOMENT, S3, P, Wire, gateway, link, ok, refused

B = f"{P}/batch/batch-1"


def shown(status: str, done: int = 0, **headers: str) -> httpx.Response:
    answer = ok(
        batchId="batch-1",
        status=status,
        tier="basic",
        progress={
            "totalImages": 2,
            "processedImages": done,
            "failedImages": 0,
            "percentage": done * 50,
        },
        pricing={"totalCredits": 6, "discountPercentage": 0, "creditsRefunded": None},
        timing={"startedAt": "2026-01-02T03:04:05Z", "closesAt": "2026-01-02T04:14:05Z"},
        inventedLater=True,
    )
    answer.headers.update(headers)
    return answer


def uploads(photo: Path, count: int = 2) -> list[PhotoUpload]:
    return [PhotoUpload(n, photo, f"in/u/batch-1/{n}") for n in range(count)]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refused(409, "batch_closed"), "batch_closed"),
        (gateway(401, "Unauthorized"), "unauthorized"),
        (refused(404, "not_found"), "not_found"),
    ],
)
def test_what_would_meet_all_ends_it(
    client: Client, wire: Wire, photo: Path, answer: httpx.Response, code: str
) -> None:
    wire.on(f"POST {B}/upload-policy", answer)

    with pytest.raises(ApiProblem) as caught:
        client.batches.upload("batch-1", uploads(photo, 9), parallel=1)

    assert caught.value.code == code
    assert len(wire.sent(f"POST {B}/upload-policy")) == 1


def test_a_mistake_in_a_callback_is_not_swallowed(client: Client, wire: Wire, photo: Path) -> None:
    wire.on("POST S3/", httpx.Response(201))
    wire.on(f"POST {B}/upload-policy", ok(url=f"{S3}/", fields={"policy": "p"}, expiresAt=MOMENT))

    def on_over(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client.batches.upload("batch-1", uploads(photo), on_over=on_over)


def test_waiting_asks_for_news_only(client: Client, wire: Wire, clock: Clock) -> None:
    unchanged = httpx.Response(304, headers={"ETag": '"1"', "Retry-After": "3"})
    wire.on(
        f"GET {B}",
        shown("processing", 1, **{"ETag": '"1"', "Retry-After": "3"}),
        unchanged,
        shown("completed", 2, ETag='"2"'),
    )
    seen: list[Batch] = []

    batch = client.batches.wait("batch-1", on_look=seen.append)

    assert batch.status is BatchStatus.COMPLETED
    assert [look.progress.processed_images for look in seen] == [1, 1, 2]
    asked = wire.sent(f"GET {B}")
    assert [dict(request.url.params) for request in asked] == [{}, {"wait": "20"}, {"wait": "20"}]
    tags = [request.headers.get("If-None-Match") for request in asked]
    assert tags == [None, '"1"', '"1"']
    assert clock.sleeps == [3, 3]


def test_waiting_ends(client: Client, wire: Wire) -> None:
    wire.on(f"GET {B}", shown("pending", ETag='"1"'))

    with pytest.raises(ApiProblem) as caught:
        client.batches.wait("batch-1", timeout_s=30)

    assert caught.value.code == "still_running"


def test_finish_and_cancel_may_be_repeated(client: Client, wire: Wire) -> None:
    wire.on(f"POST {B}/finish", httpx.ReadError("lost"), shown("processing"))
    wire.on(f"DELETE {B}", gateway(503, "Service Unavailable"), shown("cancelled"))

    assert client.batches.finish("batch-1").status == "processing"
    assert client.batches.cancel("batch-1").status is BatchStatus.CANCELLED


def test_a_lost_download_goes_on_where_it_broke_off(
    client: Client, wire: Wire, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 1000

    def piece(request: httpx.Request) -> httpx.Response:
        begin = int(request.headers.get("Range", "bytes=0-")[6:-1])

        def body() -> Iterator[bytes]:
            yield content[begin : begin + 100_000]
            if begin + 100_000 < len(content):
                raise httpx.ReadError("lost")

        headers = {"ETag": "e", "Content-Range": f"bytes {begin}-{len(content) - 1}/*"}
        return httpx.Response(206 if begin else 200, content=body(), headers=headers)

    wire.on(f"GET {B}/download", link(len(content)))
    wire.on("GET S3/out", piece)

    client.batches.download("batch-1", tmp_path / "z.zip")

    assert (tmp_path / "z.zip").read_bytes() == content
    assert len(wire.sent("GET S3/out")) == 3


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_download_that_is_another_file_meanwhile_begins_anew(
    client: Client, wire: Wire, tmp_path: Path, knows_ranges: bool
) -> None:
    def lost() -> Iterator[bytes]:
        yield b"old"
        raise httpx.ReadError("lost")

    again = httpx.Response(206, content=b"w", headers={"ETag": "2", "Content-Range": "bytes 3-3/4"})
    new = httpx.Response(200, content=b"anew", headers={"ETag": "2"})
    wire.on(f"GET {B}/download", link(4))
    wire.on(
        "GET S3/out",
        lambda _: httpx.Response(200, content=lost(), headers={"ETag": "1"}),
        *([again] if knows_ranges else []),
        new,
    )

    client.batches.download("batch-1", tmp_path / "z.zip")

    assert (tmp_path / "z.zip").read_bytes() == b"anew"


def test_photos_are_those_of_all_pages(client: Client, wire: Wire) -> None:
    def page(*indexes: int, more: str | None) -> httpx.Response:
        about = {"fileName": "a", "status": "pending", "uploaded": False}
        items = [{"index": n, "jobId": f"batch-1_{n:04d}", **about} for n in indexes]
        return ok(items=items, asOf=MOMENT, nextCursor=more)

    wire.on(f"GET {B}/items", page(0, 1, more="c1"), page(2, more=None))

    assert [item.index for item in client.batches.items("batch-1")] == [0, 1, 2]
    asked = [request.url.params.get("cursor") for request in wire.sent(f"GET {B}/items")]
    assert asked == [None, "c1"]


@pytest.mark.parametrize(
    ("parts", "names"),
    [(None, ["z.zip"]), (1, ["z.zip"]), (3, ["z-01.zip", "z-02.zip", "z-03.zip"])],
)
def test_every_part_of_a_zip_is_fetched(
    client: Client, wire: Wire, tmp_path: Path, parts: int | None, names: list[str]
) -> None:
    """A server of before tells of no parts."""

    def links(request: httpx.Request) -> httpx.Response:
        part = {"url": f"{S3}/out", "expiresAt": MOMENT, "sizeBytes": 1}
        own = {**part, "url": f"{S3}/out/{request.url.params.get('part', '1')}"}
        return ok(**own, **({"parts": [part] * parts} if parts else {}))

    wire.on(f"GET {B}/download", links)
    for number in "123":
        wire.on(f"GET S3/out/{number}", httpx.Response(200, content=number.encode()))

    written = client.batches.download_all("batch-1", tmp_path / "z.zip")

    assert [path.name for path in written] == names
    assert [path.read_text() for path in written] == list("123")[: len(names)]


def test_photos_that_lie_somewhere_are_named_by_their_address(client: Client, wire: Wire) -> None:
    about = {"batchId": "batch-1", "totalImages": 2, "tier": "basic", "creditsUsed": 6}
    files = [{"index": n, "name": "a.jpg", "key": None} for n in range(2)]
    rest = {"pricingType": "credits", "status": "pending", "closesAt": MOMENT, "upload": None}
    wire.on(f"POST {P}/batch", ok(201, **about, **rest, files=files))

    photos = [PhotoAt("https://shop.example/a.jpg"), PhotoAt("https://shop.example/b", "b.jpg")]
    made = client.batches.submit(photos, "basic")

    [asked] = wire.sent(f"POST {P}/batch")
    assert json.loads(asked.content)["files"] == [
        {"url": "https://shop.example/a.jpg"},
        {"url": "https://shop.example/b", "name": "b.jpg"},
    ]
    assert (made.upload, [file.key for file in made.files]) == (None, ["", ""])
