"""A seller's photos in a project: kept as they were sent, paid once, deleted for good."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local import samples
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data
from tests.e2e.service import Service, until

UPLOAD_PRICE = 2


@pytest.fixture
def seller(service: Service) -> Iterator[Buyer]:
    with buyer(service, credits=50) as opened:
        yield opened


def test_a_photo_is_kept_shown_and_deleted(service: Service, seller: Buyer, tmp_path: Path) -> None:
    photo = samples.write(service.layout) / "astronaut.png"
    broken = tmp_path / "broken.png"
    broken.write_bytes(photo.read_bytes()[:2000])
    before = seller.credits()["balance"]
    project_id = desk.project(seller)
    ordered = desk.order_upload(seller, project_id, photo, broken)
    desk.send(ordered, photo, broken)
    path = f"{S}/projects/{project_id}/uploads/{ordered['uploadId']}"
    data(seller("POST", f"{path}/finish"))

    until(lambda: data(seller("GET", path))["status"] == "completed")
    good, bad = until(
        lambda: files if (files := data(seller("GET", path))["files"])[0]["itemId"] else None
    )

    assert bad["error"]["code"] == "damaged_photo"
    assert seller.credits()["balance"] == before - UPLOAD_PRICE
    item = data(seller("GET", f"{S}/items/{good['itemId']}"))
    for link in (item["thumbnailUrl"], item["viewUrl"]):
        assert httpx.get(link, timeout=ANSWER_S).headers["Content-Type"] == "image/webp"
    prefix = f"kept/{seller.person.user_id}/"
    kept = service.s3.list_objects_v2(Bucket=service.bucket, Prefix=prefix)["Contents"]
    originals = [entry for entry in kept if entry["Size"] == photo.stat().st_size]
    assert (len(kept), len(originals)) == (3, 1)

    data(seller("DELETE", f"{S}/projects/{project_id}"))
    service.invoke("KeepItems")

    left = service.s3.list_objects_v2(Bucket=service.bucket, Prefix=prefix)
    assert left["KeyCount"] == 0
    assert seller("GET", f"{S}/items/{good['itemId']}").status_code == 404
