"""A seller tries looks before paying for one: the cut-out is made for nothing, once."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data
from tests.e2e.service import Service, until

LOOK = {
    "background": {"action": "template", "templateId": "marble-counter"},
    "shadow": {"type": "natural"},
}
REMOVED = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        yield opened


def shown(answer: httpx.Response) -> Image.Image:
    _, encoded = data(answer)["image"].split(",")
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


def test_a_look_is_previewed_and_only_its_order_is_paid(service: Service, seller: Buyer) -> None:
    photo = samples.write(service.layout) / "astronaut.png"
    project_id = desk.project(seller)
    item_id = desk.item(seller, project_id, photo)["itemId"]
    before, entries = seller.credits()["balance"], len(seller.entries())

    def preview(look: dict[str, Any] = LOOK) -> httpx.Response:
        return seller("POST", f"{S}/items/{item_id}/preview", json={"workflow": look})

    first = preview()
    assert first.status_code == 202
    assert "Retry-After" in first.headers
    ready = until(lambda: got if (got := preview()).status_code == 200 else None)

    picture = shown(ready)
    assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", (640, 640))
    assert '"previews-of-day";q=300' in ready.headers["RateLimit-Policy"]
    assert data(ready)["isMarked"], "the account is a free one"
    assert shown(preview(REMOVED)).size == (512, 512)
    assert (seller.credits()["balance"], len(seller.entries())) == (before, entries)
    ordered = desk.processed(seller, item_id, REMOVED)
    assert ordered["creditsUsed"] == 5, "the cut-out of a preview pays for no removal"
    assert "find" not in ordered["receipt"]["stageMs"], "and spares it being made again"
    data(seller("DELETE", f"{S}/items/{item_id}"))
    assert preview().status_code == 404
