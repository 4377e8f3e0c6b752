"""The studio's desk on the wire: a project with a photo that was uploaded into it."""

from pathlib import Path
from typing import Any

import httpx

from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e.buyer import ANSWER_S, Buyer, data
from tests.e2e.service import until


def project(buyer: Buyer) -> str:
    """A new project."""
    made = data(buyer("POST", f"{S}/projects", json={"name": "Sepatu"}))
    return str(made["projectId"])


def order_upload(buyer: Buyer, project_id: str, *photos: Path) -> dict[str, Any]:
    """Order an upload of these photos, which are still to come."""
    files = [{"name": photo.name, "size": photo.stat().st_size} for photo in photos]
    path = f"{S}/projects/{project_id}/items/upload"
    return dict(data(buyer("POST", path, json={"files": files})))


def send(ordered: dict[str, Any], *photos: Path) -> None:
    """Send photos with the order's form, as a browser would."""
    for told, photo in zip(ordered["files"], photos, strict=False):
        form = ordered["upload"]["fields"] | {"key": told["key"]}
        answer = httpx.post(
            ordered["upload"]["url"],
            data=form,
            files={"file": (photo.name, photo.read_bytes())},
            timeout=ANSWER_S,
        )
        assert answer.is_success, answer.text


def item(buyer: Buyer, project_id: str, photo: Path) -> dict[str, Any]:
    """Upload a photo into a project; the item that it becomes."""
    ordered = order_upload(buyer, project_id, photo)
    send(ordered, photo)
    path = f"{S}/projects/{project_id}/uploads/{ordered['uploadId']}"
    data(buyer("POST", f"{path}/finish"))

    def kept() -> str | None:
        [file] = data(buyer("GET", path))["files"]
        assert file["error"] is None
        found: str | None = file["itemId"]
        return found

    return dict(data(buyer("GET", f"{S}/items/{until(kept)}")))


def processed(buyer: Buyer, item_id: str, look: dict[str, Any]) -> dict[str, Any]:
    """Order that look of an item; its generation once it is over."""
    ordered = data(buyer("POST", f"{S}/items/{item_id}/process", json={"workflow": look}))
    return finished(buyer, ordered["generation"]["generationId"])


def finished(buyer: Buyer, generation_id: str) -> dict[str, Any]:
    """A generation once it is over."""
    path = f"{S}/generations/{generation_id}?wait=20"

    def over() -> dict[str, Any] | None:
        found: dict[str, Any] = data(buyer("GET", path))
        return found if found["completedAt"] else None

    return dict(until(over))
