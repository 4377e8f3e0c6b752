"""Previews in tests: what a worker leaves of a photo for them, and what is shown."""

import base64
import io
from functools import cache
from typing import Any

from PIL import Image

from darkroom.keeping import pack
from darkroom.studio.previewing import for_previews
from darkroom.studio.sample import bottle
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.work.attempts import Attempt, Developed
from photo_steps import PictureFile
from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.processing import WHITE
from tests.dynamodb import all_rows


@cache
def packed(side: int) -> PictureFile:
    picture = bottle(900)
    picture = picture if side > 640 else for_previews(picture)
    return PictureFile(pack(picture), picture.width, picture.height, "png")


def cut_out(attempt: Attempt) -> Developed:
    """What a worker leaves of an item's photo, a bottle."""
    result = PictureFile(b"nobody's", 64, 64, "png")
    return Developed({"result": result, "cutout": packed(900), "preview": packed(640)})


def preview(api: Api, item_id: str, look: dict[str, Any] = WHITE, **sent: Any) -> Answer:
    return api.post(f"{P}/items/{item_id}/preview", {"workflow": look}, **sent)


def jobs() -> list[str]:
    return [row["id"] for row in all_rows() if row["pk"].startswith("JOB#")]


def ready(api: Api, item_id: str, look: dict[str, Any] = WHITE) -> dict[str, Any]:
    """A preview of that look, once the item's cut-out is made."""
    before = set(jobs())
    if preview(api, item_id, look).status == 202:
        [job_id] = set(jobs()) - before
        assert api.stack.begin(job_id, cut_out) == "completed"
    got = preview(api, item_id, look)
    assert got.status == 200
    shown: dict[str, Any] = got.data
    return shown


def image(shown: dict[str, Any]) -> Image.Image:
    head, data = shown["image"].split(",")
    assert head == "data:image/webp;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))
