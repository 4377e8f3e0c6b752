"""A product's photo is processed, more than once: paid as agreed, kept, shown, deleted."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from lumiku.domain.work.jobs import Status
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data
from tests.e2e.service import Service

REMOVED = {"background": {"action": "remove"}}
DROP = REMOVED | {"shadow": {"type": "drop"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        yield opened


def fetched(seller: Buyer, item_id: str) -> Image.Image:
    link = data(seller("GET", f"{S}/items/{item_id}/download"))
    answer = httpx.get(link["url"], timeout=ANSWER_S)
    assert (answer.headers["Content-Type"], link["contentType"]) == ("image/png", "image/png")
    return Image.open(io.BytesIO(answer.content))


def test_an_item_is_processed_again_behind_its_cut_out(service: Service, seller: Buyer) -> None:
    photo = samples.write(service.layout) / "astronaut.png"
    project_id = desk.project(seller)
    item_id = desk.item(seller, project_id, photo)["itemId"]
    before = seller.credits()["balance"]

    first = desk.processed(seller, item_id, DROP)

    assert first["status"] == "completed", first["error"]
    assert first["creditsUsed"] == 12  # 5 and 8, less 10 %
    assert "find" in first["receipt"]["stageMs"]
    shown = fetched(seller, item_id)
    assert (shown.size, shown.mode) == ((512, 512), "RGBA")
    template = {"templateId": "pure-white"}
    ordered = data(seller("POST", f"{S}/items/{item_id}/apply-template", json=template))
    second = desk.finished(seller, ordered["generation"]["generationId"])
    assert second["status"] == "completed", second["error"]
    assert "find" not in second["receipt"]["stageMs"], "it begins behind the cut-out"
    assert second["receipt"]["weights"] == first["receipt"]["weights"]
    assert fetched(seller, item_id).mode == "RGB"
    third = desk.processed(seller, item_id, REMOVED)
    assert third["creditsUsed"] == 0, "its removal is paid for"
    again = data(seller("POST", f"{S}/items/{item_id}/process", json={"workflow": DROP}))
    assert (again["creditsUsed"], again["generation"]) == (0, None)
    assert again["variation"]["variationId"] == first["variationId"]
    assert seller.credits()["balance"] == before - 12 - 15

    data(seller("DELETE", f"{S}/variations/{first['variationId']}"))
    prefix = f"kept/{seller.person.user_id}/"
    service.invoke("KeepItems")
    keys = [
        o["Key"]
        for o in service.s3.list_objects_v2(Bucket=service.bucket, Prefix=prefix)["Contents"]
    ]
    assert len([key for key in keys if "/variations/" in key]) == 4
    assert len([key for key in keys if "/cutout.basic-" in key]) == 1
    data(seller("DELETE", f"{S}/items/{item_id}"))
    service.invoke("KeepItems")
    left = service.s3.list_objects_v2(Bucket=service.bucket, Prefix=prefix)
    assert left["KeyCount"] == 0


def test_a_photo_without_a_subject_at_all_is_given_back(
    service: Service, seller: Buyer, tmp_path: Path
) -> None:
    photo = tmp_path / "nothing.png"
    Image.new("RGBA", (600, 600)).save(photo)
    item_id = desk.item(seller, desk.project(seller), photo)["itemId"]
    before = seller.credits()["balance"]

    failed = desk.processed(seller, item_id, REMOVED)

    assert (failed["status"], failed["error"]["code"]) == ("failed", "fully_transparent")
    assert (failed["creditsUsed"], failed["creditsRefunded"]) == (0, 5)
    assert seller.credits()["balance"] == before


def test_what_nobody_began_is_given_back_when_its_project_is_deleted(
    service: Service, seller: Buyer
) -> None:
    photo = samples.write(service.layout) / "astronaut.png"
    project_id = desk.project(seller)
    item_id = desk.item(seller, project_id, photo)["itemId"]
    before = seller.credits()["balance"]
    with service.held_back():
        ordered = data(seller("POST", f"{S}/items/{item_id}/process", json={"workflow": REMOVED}))
        service.becomes(ordered["generation"]["generationId"], Status.PENDING)
        assert seller("DELETE", f"{S}/projects/{project_id}").status_code == 409
        data(seller("DELETE", f"{S}/projects/{project_id}?cancel=true"))
        service.invoke("KeepItems")

        shown = data(seller("GET", f"{S}/generations/{ordered['generation']['generationId']}"))

    assert (shown["status"], shown["creditsRefunded"]) == ("cancelled", 5)
    assert seller.credits()["balance"] == before
