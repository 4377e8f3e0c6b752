"""Exports as workers and the state machine make them."""

import io
import zipfile
from typing import Any

import pytest

from darkroom.models import Models
from darkroom.workflow import Tools, run
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from tests.component.desk import close, filled
from tests.component.http.conftest import Api
from tests.component.http.test_downloads import a_png, made
from tests.component.http_events import SELLER, Answer
from tests.component.processing import on_plan

NAMES = ("shoe.jpg", "bag.jpg", "hat.jpg")
EVERYTHING = {"formats": ["png", "jpeg"], "sizes": ["1080"], "destinations": ["shopee"]}


def project_of_three(api: Api) -> tuple[str, dict[str, str]]:
    """A project of somebody on the plan professional; two of its three items have a picture."""
    api.stack.open_account(SELLER, 1000)
    on_plan(api, "professional")
    project_id, ids = filled(api, *NAMES)
    for name in NAMES[:2]:
        made(api, ids[name], a_png(alpha=0))
    return project_id, ids


def export(api: Api, project_id: str, items: Any = "all", **asked: Any) -> Answer:
    """Order an export, as PNG if nothing else is said."""
    body = {"items": items} | (asked or {"formats": ["png"]})
    return api.post(f"{P}/projects/{project_id}/export-zip", body)


def rendered(attempt: Attempt) -> Developed:
    """What a worker makes of it, with real pixels."""
    tools = Tools(Models(lambda name: pytest.fail(name), threads=1), Stopwatch())
    made = run(attempt.photo, attempt.job.workflow, tools)
    return Developed(made.files, note=made.note)


def broken(_: Attempt) -> Developed:
    """A picture that cannot be read."""
    raise PhotoRejected("damaged_photo", "The photo is damaged.")


def finish(api: Api, ordered: Answer, *broken_ones: int) -> dict[str, Any]:
    """Do what workers and the state machine do of an export; answers it as it is shown."""
    export_id = ordered.data["export"]["exportId"]
    for index in range(ordered.data["export"]["totalPictures"]):
        develop = broken if index in broken_ones else rendered
        api.stack.begin(f"{export_id}_{index:04d}", develop)
    if close(api.stack, export_id)["hasResults"]:
        api.stack.call("zip_batch", {"groupId": export_id})
    shown: dict[str, Any] = api.get(f"{P}/exports/{export_id}").data
    return shown


def archive(api: Api, export_id: str) -> zipfile.ZipFile:
    """The ZIP of an export."""
    assert api.get(f"{P}/exports/{export_id}/download").status == 200
    return zipfile.ZipFile(
        io.BytesIO(api.stack.photos.read(f"zip/{SELLER}/{export_id}/results.zip").data)
    )
