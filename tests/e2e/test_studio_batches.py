"""Four products at once, paused in between, one of them without a subject: paid to the credit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service, until

REMOVED = {"background": {"action": "remove"}}


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        path, token = proof_of(opened.top_up("credits-100"))
        told = {"status": "paid", "token": token}
        assert opened("POST", path, json=told).status_code == 200
        yield opened


def items(seller: Buyer, project_id: str, *photos: Path) -> None:
    """Upload photos into a project until all of them are items."""
    ordered = desk.order_upload(seller, project_id, *photos)
    desk.send(ordered, *photos)
    path = f"{S}/projects/{project_id}/uploads/{ordered['uploadId']}"
    data(seller("POST", f"{path}/finish"))
    until(lambda: all(file["itemId"] for file in data(seller("GET", path))["files"]) or None)


def test_a_batch_is_paused_resumed_and_settled(
    service: Service, seller: Buyer, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing.png"
    Image.new("RGBA", (600, 600)).save(nothing)
    portrait = samples.write(service.layout) / "astronaut.png"
    photos = [tmp_path / f"{number}.png" for number in range(3)]
    for photo in photos:
        photo.write_bytes(portrait.read_bytes())
    project_id = desk.project(seller)
    items(seller, project_id, *photos, nothing)
    before = seller.credits()["balance"]

    def act(what: str) -> dict[str, Any]:
        return dict(data(seller("POST", f"{S}/generations/{batch_id}/{what}")))

    def shown() -> dict[str, Any]:
        return dict(data(seller("GET", f"{S}/generations/{batch_id}")))

    with service.held_back("ProcessPhotoStandard"):
        body = {"items": "all", "workflow": REMOVED, "expectedCredits": 30}
        path = f"{S}/projects/{project_id}/batch-process"
        ordered = data(seller("POST", path, json=body))
        batch_id = ordered["generation"]["generationId"]
        assert act("pause")["status"] == "paused"
    group = service.rows.query("pk = :group", {":group": f"GROUP#{batch_id}"})
    assert {row["status"] for row in group if row["sk"].startswith("JOB#")} == {"paused"}
    assert shown()["progress"]["processedItems"] == 0
    act("resume")

    done = until(lambda: found if (found := shown())["completedAt"] else None)

    assert done["status"] == "completed"
    assert done["progress"] == {
        "totalItems": 4,
        "processedItems": 3,
        "failedItems": 1,
        "percentage": 100,
    }
    assert (done["creditsUsed"], done["creditsRefunded"]) == (25, 5)
    assert seller.credits()["balance"] == before - 25
    until(lambda: sum(one["variationId"] is not None for one in shown()["items"]) == 3 or None)
    [failed] = [one for one in shown()["items"] if one["error"]]
    assert failed["error"]["code"] == "fully_transparent"
    made = [one for one in shown()["items"] if one["variationId"]]
    assert all(one["thumbnailUrl"] for one in made)
    for one in made:
        there = data(seller("GET", f"{S}/items/{one['itemId']}/variations"))["variations"]
        assert [variation["isSelected"] for variation in there] == [True]
