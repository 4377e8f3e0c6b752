"""A picture is fetched in another format, and exported for a platform: the whole way, once."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data, proof_of
from tests.e2e.service import Service, until

WHITE = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        told = {"status": "paid", "token": token}
        assert opened("POST", path, json=told).status_code == 200
        yield opened


def test_a_picture_is_exported_for_a_platform(service: Service, seller: Buyer) -> None:
    photo = samples.write(service.layout) / "astronaut.png"
    project_id = desk.project(seller)
    item_id = desk.item(seller, project_id, photo)["itemId"]
    desk.processed(seller, item_id, WHITE)
    before = seller.credits()["balance"]

    link = data(seller("GET", f"{S}/items/{item_id}/download?format=jpeg&size=1080"))
    asked = {"items": "all", "destinations": ["shopee"]}
    ordered = data(seller("POST", f"{S}/projects/{project_id}/export-zip", json=asked))

    one = Image.open(io.BytesIO(httpx.get(link["url"], timeout=ANSWER_S).content))
    assert (one.format, one.size) == ("JPEG", (1080, 1080))
    path = f"{S}/exports/{ordered['export']['exportId']}"

    def over() -> dict[str, Any] | None:
        found: dict[str, Any] = data(seller("GET", f"{path}?wait=20"))
        return found if found["status"] in {"completed", "failed"} else None

    shown = until(over)
    assert (shown["status"], shown["donePictures"]) == ("completed", 1)
    assert before - seller.credits()["balance"] == shown["creditsUsed"] == 5
    report = data(seller("GET", f"{path}/report"))
    assert httpx.get(report["url"], timeout=ANSWER_S).content.startswith(b"<!")
    archive = data(seller("GET", f"{path}/download"))
    found = zipfile.ZipFile(io.BytesIO(httpx.get(archive["url"], timeout=ANSWER_S).content))
    names = [name for name in found.namelist() if name.endswith(".jpg")]
    assert names == ["astronaut-shopee-001.jpg"]
    assert Image.open(found.open(names[0])).format == "JPEG"
    assert {"metadata.json", "report.csv", "report.html"} < set(found.namelist())
