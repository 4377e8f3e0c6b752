"""The studio's desk in tests: projects, uploads whose photos arrive, and what looks after them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lumiku.adapters.projects.projects import ProjectTable
from lumiku.adapters.rows import Rows
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.projects.items import Item, Upload, parsed
from lumiku.domain.projects.projects import Project
from lumiku.services.clock import utc_now
from lumiku.services.work.attempts import Attempt, Developed
from photo_steps import PictureFile
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.stack import Stack
from tests.dynamodb import all_rows


def taken_in(_: Attempt) -> Developed:
    """What intake makes of a photo, without looking at it."""
    return Developed(
        {
            "result": PictureFile(b"a photo", 1200, 800, "jpeg"),
            "thumbnail": PictureFile(b"small", 320, 213, "webp"),
            "view": PictureFile(b"larger", 1200, 800, "webp"),
        }
    )


def project(api: Api, name: str = "Sepatu Lebaran") -> str:
    """A new project."""
    project_id: str = api.post(f"{P}/projects", {"name": name}).data["projectId"]
    return project_id


def upload(api: Api, project_id: str, *names: str, **sent: Any) -> dict[str, Any]:
    """An upload of photos of those names, which have not come yet."""
    files = [{"name": name, "size": 1000} for name in names]
    path = f"{P}/projects/{project_id}/items/upload"
    got: dict[str, Any] = api.post(path, {"files": files}, **sent).data
    return got


def close(stack: Stack, upload_id: str) -> dict[str, Any]:
    """What the upload's execution does at the end."""
    closed: dict[str, Any] = stack.call("close_batch", {"groupId": upload_id, "requestId": "r"})
    return closed


def sweep(stack: Stack, *, later: timedelta = timedelta(minutes=2)) -> dict[str, int]:
    """Look after what is due by then."""
    keeping = stack.app("keep_items").keeping
    return dict(replace(keeping, clock=lambda: utc_now() + later).sweep())


def items(api: Api, project_id: str, **query: str) -> list[dict[str, Any]]:
    """The items of a project, newest first."""
    found: list[dict[str, Any]] = api.get(f"{P}/projects/{project_id}/items", query=query).data[
        "items"
    ]
    return found


def filled(api: Api, *names: str) -> tuple[str, dict[str, str]]:
    """A project with items of those file names; answers it and their ids by name."""
    project_id = project(api)
    upload_id = upload(api, project_id, *names)["uploadId"]
    for index in range(len(names)):
        api.stack.work(f"{upload_id}_{index:04d}", taken_in)
    close(api.stack, upload_id)
    sweep(api.stack)
    found = items(api, project_id, limit="100")
    return project_id, {item["fileName"]: item["itemId"] for item in found}


def kept(stack: Stack) -> set[str]:
    """Keys of all files that are kept."""
    return stack.photos.keys("kept/")


def counted(project_id: str) -> tuple[int, int]:
    """Items and bytes of a project, added up from its rows."""
    rows = [
        row
        for row in all_rows()
        if row["pk"] == f"PROJECT#{project_id}" and row["sk"].startswith("ITEM#")
    ]
    there = [row for row in rows if "deleted_at" not in row]
    sizes = [int(file["size_bytes"]) for row in there for file in row["files"].values()]
    return len(there), sum(sizes)


def told(api: Api, project_id: str) -> tuple[int, int]:
    """Items and bytes of a project as it tells them."""
    shown = api.get(f"{P}/projects/{project_id}").data
    return shown["itemCount"], shown["sizeBytes"]


def put_item(stack: Stack, item_id: str) -> None:
    """Keep an item of that id, in a project of its own."""
    store = ProjectTable(Rows(stack.dynamodb, stack.table))
    project_id, _ = parsed(item_id) or ("", "")
    common = {"user_id": SELLER, "created_at": utc_now(), "updated_at": utc_now()}
    photo = {"key": "kept/original.jpg", "size_bytes": 9, "width_px": 9, "height_px": 9}
    item = {"id": item_id, "project_id": project_id, "file_name": "shoe.jpg", "name": "shoe"}
    kept = Item.model_validate({**item, **common, "files": {"result": {**photo, "format": "jpeg"}}})
    upload = Upload(
        id="upload_1", project_id=project_id, user_id=SELLER, created_at=kept.created_at
    )
    named = {"id": project_id, "name": "Sepatu", "request_hash": ""}
    store.add(Project.model_validate({**named, **common}))
    store.begin(upload)
    store.keep(upload, [(0, kept)])
