"""Single downloads: stored or rendered, in formats and sizes of the plan, for nothing."""

import io
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from PIL import Image

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.clock import utc_now
from lumiku.services.work.attempts import Attempt, Developed
from photo_steps import PictureFile
from tests.component.desk import kept, sweep
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER, Answer
from tests.component.processing import balance, bought, done, on_plan, process
from tests.dynamodb import all_rows

REMOVED = {"background": {"action": "remove"}}


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def a_png(width: int = 600, height: int = 400, *, alpha: int | None = 0) -> bytes:
    """A red square on nothing or, without alpha, on blue."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 2], pixels[..., 3] = 200, 255 if alpha is None else alpha
    pixels[100:300, 200:400] = (200, 0, 0, 255)
    file = io.BytesIO()
    image = Image.fromarray(pixels)
    (image if alpha is not None else image.convert("RGB")).save(file, "PNG")
    return file.getvalue()


def made(
    api: Api, item: str, data: bytes, width: int = 600, height: int = 400, look: Any = REMOVED
) -> str:
    """Id of a new variation whose picture that is."""

    def worker(_: Attempt) -> Developed:
        return Developed({"result": PictureFile(data, width, height, "png")})

    job_id: str = process(api, item, look).data["generation"]["generationId"]
    assert api.stack.begin(job_id, worker) == "completed"
    shown = api.get(f"{P}/generations/{job_id}").data
    return str(shown["variationId"])


def download(api: Api, item: str, **query: str) -> Answer:
    return api.get(f"{P}/items/{item}/download", query=query)


def key(link: dict[str, Any]) -> str:
    return unquote(urlsplit(link["url"]).path.lstrip("/").removeprefix("lumiku-photos/"))


def file(api: Api, got: Answer) -> Image.Image:
    """The picture behind a link, by what the link says of it."""
    found = next(one for one in rendered(api) if key(got.data).endswith(one))
    data = api.stack.photos.read(found).data
    assert len(data) == got.data["sizeBytes"]
    return Image.open(io.BytesIO(data))


def rendered(api: Api) -> set[str]:
    return {one for one in api.stack.photos.keys("out/") if "/variation_" in one}


def counted(api: Api) -> list[Any]:
    return [row for row in all_rows() if row["pk"].startswith("RATE#") and "download" in str(row)]


def test_the_selected_variation_is_fetched_as_it_is_stored(api: Api, item: str) -> None:
    path = f"{P}/items/{item}/download"
    assert api.get(path).status == 404
    first, second = done(api, item), done(api, item, REMOVED)

    def fetched(**query: str) -> str:
        got: str = api.get(path, query=query).data["variationId"]
        return got

    assert fetched() == second["variationId"]
    assert fetched(variation=first["variationId"], format="png") == first["variationId"]
    assert fetched(size="original") == second["variationId"]
    api("DELETE", f"{P}/variations/{second['variationId']}")
    assert fetched() == first["variationId"]
    assert api.get(path, query={"variation": second["variationId"]}).status == 404
    link = api.get(path).data
    assert link["fileName"] == "studio-shoe.png"
    assert api.get(path, query={"redirect": "true"}).headers["location"] == link["url"]
    assert rendered(api) == set()
    assert counted(api) == []


def test_another_format_is_rendered_for_nothing(api: Api, item: str) -> None:
    made(api, item, a_png())
    before = balance(api)

    got = download(api, item, format="jpeg")

    assert got.headers["ratelimit"].startswith('"download";r=59;')
    assert (got.data["fileName"], got.data["contentType"]) == ("studio-shoe.jpg", "image/jpeg")
    picture = file(api, got)
    assert (picture.format, picture.size) == ("JPEG", (600, 400))
    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert balance(api) == before


def test_another_size_is_a_canvas_that_the_whole_picture_is_laid_on(api: Api, item: str) -> None:
    made(api, item, a_png(alpha=None))

    got = download(api, item, size="1080")

    picture = file(api, got)
    assert (picture.format, picture.size) == ("PNG", (1080, 1080))
    assert got.data["fileName"] == "studio-1080x1080-shoe.png"
    assert picture.convert("RGB").getpixel((5, 540)) == (0, 0, 200)
    assert picture.convert("RGB").getpixel((5, 5)) == (0, 0, 200)


def test_a_repetition_renders_the_same_file_under_the_same_name(api: Api, item: str) -> None:
    made(api, item, a_png())
    first = file(api, download(api, item, size="1080", format="jpeg")).tobytes()

    again = download(api, item, size="1080x1080", format="jpeg")

    assert len(rendered(api)) == 1
    assert file(api, again).tobytes() == first


def test_formats_and_custom_sizes_are_those_of_the_plan(api: Api, item: str) -> None:
    made(api, item, a_png())

    lacking = download(api, item, format="webp", size="800x600")
    on_plan(api, "premium")
    got = download(api, item, format="webp", size="800x600")

    assert (lacking.status, lacking.json["code"]) == (403, "not_in_plan")
    assert lacking.json["missing"] == ["the format webp", "custom sizes"]
    assert (file(api, got).format, file(api, got).size) == ("WEBP", (800, 600))


@pytest.mark.parametrize(
    "size", ["0", "63", "9000", "1200x", "x", "8001x8001", "8000x64", "1080x-1", "../1", "1e3", ""]
)
def test_a_size_that_cannot_be_is_named(api: Api, item: str, size: str) -> None:
    made(api, item, a_png())
    on_plan(api, "premium")

    got = download(api, item, size=size)

    assert (got.status, got.json["errors"][0]["field"]) == (400, "query.size")
    assert (rendered(api), counted(api)) == (set(), [])


@pytest.mark.parametrize(
    ("side", "size", "status"),
    [
        (600, "8000x8000", 400),
        (600, "8000x3126", 400),
        (8000, "7999x7999", 400),
        (8000, "original", 200),
    ],
)
def test_what_is_not_rendered_within_seconds_is_refused_before_it_is_read(
    api: Api, item: str, side: int, size: str, status: int
) -> None:
    made(api, item, b"unreadable", side, side)
    on_plan(api, "premium")

    got = download(api, item, size=size)

    assert got.status == status
    if status == 400:
        assert "25 megapixels" in got.json["errors"][0]["message"]
    assert (rendered(api), counted(api)) == (set(), [])


def test_sixty_a_minute_are_rendered(api: Api, item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made(api, item, a_png())
    app, now = api.stack.app("preview_api"), utc_now()
    hurried = replace(app.downloads, render=lambda *_: b"rendered", clock=lambda: now)
    monkeypatch.setattr(app, "downloads", hurried)

    statuses = [download(api, item, format="jpeg").status for _ in range(61)]

    assert statuses == [200] * 60 + [429]
    assert download(api, item).status == 200


def test_pictures_of_others_and_deleted_ones_are_not_found(api: Api, item: str) -> None:
    variation = made(api, item, a_png())
    path, query = f"{P}/items/{item}/download", {"format": "jpeg"}

    theirs = api.get(path, query=query, user=STRANGER)
    [result] = [one for one in kept(api.stack) if one.endswith("result.png")]
    api.stack.photos.delete(result)
    vanished = api.get(path, query=query)
    api("DELETE", f"{P}/variations/{variation}")
    sweep(api.stack)
    gone = api.get(path, query=query | {"variation": variation})

    assert (theirs.status, vanished.status, gone.status) == (404, 404, 404)
    assert rendered(api) == set()
