"""Items that are processed in tests: orders, what workers make of them, what became of them."""

from typing import Any

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from photo_steps import PictureFile, Role
from tests.component.desk import filled
from tests.component.http.conftest import Api
from tests.component.http.test_billing import pay
from tests.component.http_events import SELLER, Answer

WHITE = {"background": {"action": "solid", "color": "#ffffff"}, "shadow": {"type": "natural"}}


def processed(attempt: Attempt) -> Developed:
    """What a worker makes of an item, without looking at it."""
    result = PictureFile(f"made by {attempt.job.id}".encode(), 1200, 1200, "png")
    files: dict[Role, PictureFile] = {
        "result": result,
        "thumbnail": PictureFile(b"small", 320, 320, "webp"),
    }
    if attempt.kept() is None:
        files["cutout"] = PictureFile(b"packed", 1200, 800, "png")
    return Developed(files)


def fails(_: Attempt) -> Developed:
    """A photo that cannot be processed."""
    raise PhotoRejected("damaged_photo", "The photo is damaged.")


def bought(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    api.stack.open_account(SELLER, 1002)
    on_plan(api, "payg")
    _, ids = filled(api, "shoe.jpg")
    return ids["shoe.jpg"]


def on_plan(api: Api, plan: str, user: str = SELLER) -> None:
    """Let the seller be on that plan, with the credits that are there."""
    if plan != "payg":
        taken = api.post(f"{P}/subscription", {"plan": plan}, user=user).data
        pay(api, taken["payment"]["checkoutUrl"])
        return
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"USER#{user}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET topped_up = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )


def process(api: Api, item_id: str, look: dict[str, Any] = WHITE, **sent: Any) -> Answer:
    """Order a look of an item."""
    return api.post(f"{P}/items/{item_id}/process", {"workflow": look}, **sent)


def done(api: Api, item_id: str, look: dict[str, Any] = WHITE) -> dict[str, Any]:
    """A generation of that look that is over, as it is shown."""
    job_id = process(api, item_id, look).data["generation"]["generationId"]
    assert api.stack.begin(job_id, processed) == "completed"
    shown: dict[str, Any] = api.get(f"{P}/generations/{job_id}").data
    return shown


def variations(api: Api, item_id: str) -> list[dict[str, Any]]:
    """The variations of an item, newest first."""
    page = api.get(f"{P}/items/{item_id}/variations").data
    found: list[dict[str, Any]] = page["variations"]
    return found


def balance(api: Api) -> int:
    """What the seller can spend."""
    found: int = api.get("/api/credits").data["balance"]
    return found
