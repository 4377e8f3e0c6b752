"""Processing items: what is charged, what becomes of it, and what is refused."""

from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.work.attempts import Attempt, Developed
from photo_steps import PictureFile
from tests.component.desk import filled, kept, sweep
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, Answer

WHITE = {"background": {"action": "solid", "color": "#ffffff"}, "shadow": {"type": "natural"}}
REMOVED = {"background": {"action": "remove"}}


def processed(attempt: Attempt) -> Developed:
    """What a worker makes of an item, without looking at it."""
    result = PictureFile(f"made by {attempt.job.id}".encode(), 1200, 1200, "png")
    files = {"result": result, "thumbnail": PictureFile(b"small", 320, 320, "webp")}
    if attempt.job.kept is None:
        files["cutout"] = PictureFile(b"packed", 1200, 800, "png")
    return Developed(files)  # type: ignore[arg-type]


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    api.stack.open_account(SELLER, 1002)
    pay_as_they_go(api)
    _, ids = filled(api, "shoe.jpg")
    return ids["shoe.jpg"]


def pay_as_they_go(api: Api) -> None:
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET topped_up = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )


def process(api: Api, item_id: str, look: dict[str, Any] = WHITE, **sent: Any) -> Answer:
    return api.post(f"{P}/items/{item_id}/process", {"workflow": look}, **sent)


def done(api: Api, item_id: str, look: dict[str, Any] = WHITE) -> dict[str, Any]:
    """A generation that is over, as it is shown."""
    job_id = process(api, item_id, look).data["generation"]["generationId"]
    assert api.stack.begin(job_id, processed) == "completed"
    shown: dict[str, Any] = api.get(f"{P}/generations/{job_id}").data
    return shown


def balance(api: Api) -> int:
    found: int = api.get("/api/credits").data["balance"]
    return found


def test_an_item_is_processed_for_its_price_and_becomes_a_variation(api: Api, item: str) -> None:
    ordered = process(api, item)

    assert ordered.status == 202
    assert ordered.data["creditsUsed"] == 21
    assert ordered.headers["x-credits-remaining"] == "979"
    generation = ordered.data["generation"]
    assert generation["status"] == "pending"
    assert generation["asked"]["workflow"] == WHITE
    api.stack.begin(generation["generationId"], processed)
    shown = api.get(f"{P}/generations/{generation['generationId']}", query={"wait": "1"}).data
    assert (shown["status"], shown["creditsUsed"]) == ("completed", 21)
    [variation] = api.get(f"{P}/items/{item}/variations").data["variations"]
    assert variation["variationId"] == shown["variationId"]
    assert variation["isSelected"]
    told = api.get(f"{P}/items/{item}").data
    assert (told["status"], told["selectedVariationId"]) == ("processed", shown["variationId"])
    assert balance(api) == 979
