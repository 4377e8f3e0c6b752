"""Pictures of items through the library, word by word."""

from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client, Generation, GenerationBatch, Look
from tests.unit.client.conftest import Clock
from tests.unit.client.wire import API, MOMENT, Wire, link, ok

S = "/api/apps/product-photo-studio"
WHITE = Look(template_id="pure-white")


def generation(status: str, **more: object) -> dict[str, object]:
    return {
        "generationId": "g-1",
        "projectId": "p-1",
        "itemId": "i-1",
        "status": status,
        "asked": {"templateId": "pure-white"},
        "creditsUsed": 15,
        "createdAt": MOMENT,
        "inventedLater": True,
        **more,
    }


def test_a_preview_is_asked_for_again_as_the_server_says(
    client: Client, wire: Wire, clock: Clock
) -> None:
    preparing = ok(202, status="preparing", image=None)
    preparing.headers["Retry-After"] = "2"
    ready = ok(status="ready", image="data:image/webp;base64,YWJj", width=640, height=480)
    wire.on(f"POST {S}/items/i-1/preview", preparing, preparing, ready)

    seen = client.studio.generations.preview("i-1", WHITE)

    assert (seen.data, seen.width, seen.height) == (b"abc", 640, 480)
    assert clock.sleeps == [2, 2]
    [first, *_] = wire.sent(f"POST {S}/items/i-1/preview")
    assert first.read() == b'{"templateId":"pure-white"}'


def test_a_preview_that_is_never_ready_is_given_up(client: Client, wire: Wire) -> None:
    wire.on(f"POST {S}/items/i-1/preview", ok(202, status="preparing", image=None))

    with pytest.raises(ApiProblem) as caught:
        client.studio.generations.preview("i-1", WHITE, timeout_s=30)

    assert (caught.value.code, caught.value.extra) == ("still_running", {"itemId": "i-1"})


def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    client: Client, wire: Wire, tmp_path: Path
) -> None:
    made = generation("completed", variationId="v-1", warnings=["cut_by_edge"])
    wire.on(
        f"POST {S}/items/i-1/apply-template",
        httpx.ReadError("lost"),
        ok(202, creditsUsed=15, generation=generation("pending"), variation=None),
    )
    wire.on(f"GET {S}/generations/g-1", ok(**generation("processing")), ok(**made))
    wire.on(f"GET {S}/items/i-1/download", link(3))
    wire.on("GET S3/out", httpx.Response(200, content=b"abc"))

    result = client.studio.make("i-1", WHITE, tmp_path / "out.png")

    keys = {
        request.headers["Idempotency-Key"]
        for request in wire.sent(f"POST {S}/items/i-1/apply-template")
    }
    assert len(keys) == 1
    assert (result.variation_id, result.credits, result.warnings) == ("v-1", 15, ["cut_by_edge"])
    assert (tmp_path / "out.png").read_bytes() == b"abc"
    [asked] = wire.sent(f"GET {S}/items/i-1/download")
    assert dict(asked.url.params) == {"variation": "v-1"}


def test_an_answer_without_generation_and_variation_is_not_understood(
    client: Client, wire: Wire, tmp_path: Path
) -> None:
    wire.on(f"POST {S}/items/i-1/process", ok(202, creditsUsed=0))

    with pytest.raises(ApiProblem) as caught:
        client.studio.make("i-1", Look(workflow={"upscale": {"factor": 2}}), tmp_path / "out.png")

    assert caught.value.code == "unexpected_answer"


def test_the_server_is_told_the_language(wire: Wire) -> None:
    wire.on(f"GET {S}/templates", ok(templates=[]))
    with Client(API, token="t", language="id", transport=wire.transport) as client:
        client.studio.templates(featured=False, text="putih")

    [asked] = wire.sent(f"GET {S}/templates")
    assert asked.headers["Accept-Language"] == "id"
    assert dict(asked.url.params) == {"featured": "false", "q": "putih", "limit": "100"}


def batch(status: str, *items: tuple[str, str | None], **more: object) -> dict[str, object]:
    return {
        "generationId": "b-1",
        "projectId": "p-1",
        "isBatch": True,
        "status": status,
        "progress": {"totalItems": 2, "processedItems": 0, "failedItems": 0, "percentage": 0},
        "creditsUsed": 20,
        "createdAt": MOMENT,
        "items": [
            {
                "index": index,
                "generationId": f"b-1_{index}",
                "itemId": "i-1",
                "fileName": "mug.jpg",
                "status": one,
                "variationId": variation_id,
                "asked": {"templateId": "pure-white"},
            }
            for index, (one, variation_id) in enumerate(items)
        ],
        **more,
    }


def test_a_list_tells_single_ones_and_batches_apart(client: Client, wire: Wire) -> None:
    both = [batch("paused", items=None), generation("pending")]
    wire.on(f"GET {S}/generations", ok(generations=both, nextCursor=None))

    found = list(client.studio.generations.list())

    assert [type(one) for one in found] == [GenerationBatch, Generation]
    assert [one.status for one in found] == ["paused", "pending"]
    assert [one.generation_id for one in client.studio.generations.underway("p-1")] == ["g-1"] * 2


def test_a_batch_is_waited_for_until_what_is_done_is_kept(
    client: Client, wire: Wire, clock: Clock
) -> None:
    begun = ok(**batch("processing", ("processing", None), ("pending", None)))
    closed = ok(**batch("completed", ("completed", None), ("failed", None), completedAt=MOMENT))
    kept = ok(**batch("completed", ("completed", "v-1"), ("failed", None), completedAt=MOMENT))
    for answer, tag in ((begun, '"1"'), (closed, '"2"'), (kept, '"2"')):
        answer.headers["ETag"] = tag
    route = f"GET {S}/generations/b-1"
    wire.on(route, begun, httpx.Response(304), closed, kept)
    looks: list[GenerationBatch] = []

    over = client.studio.batches.wait("b-1", on_look=looks.append)

    assert [one.variation_id for one in over.items or ()] == ["v-1", None]
    assert [one.is_over for one in looks] == [False, False, False, True]
    tags = [request.headers.get("If-None-Match") for request in wire.sent(route)]
    assert tags == [None, '"1"', '"1"', None], "that a result is kept changes no ETag"


def test_a_batch_is_ordered_with_what_was_said_only(client: Client, wire: Wire) -> None:
    route = f"POST {S}/projects/p-1/batch-process"
    wire.on(route, ok(202, creditsUsed=20, creditsRemaining=5, generation=batch("pending")))

    client.studio.batches.order("p-1", WHITE, items=["i-1"], idempotency_key="k")
    client.studio.batches.order("p-1", settings_csv="sku,color", expected_credits=20)

    first, second = wire.sent(route)
    assert first.headers["Idempotency-Key"] == "k"
    assert first.read() == b'{"items":["i-1"],"templateId":"pure-white"}'
    assert second.read() == b'{"settingsCsv":"sku,color","expectedCredits":20}'
