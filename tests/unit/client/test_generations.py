"""Pictures of items through the library, word by word."""

from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client, Look
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
