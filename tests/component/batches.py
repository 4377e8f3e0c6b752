"""Batches of items in tests: ordered, shown, controlled, and what workers do of them."""

from typing import Any

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.desk import filled
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, Answer
from tests.component.processing import WHITE, on_plan, processed

NAMES = ("a.jpg", "b.jpg", "c.jpg", "d.jpg")
type Desk = tuple[str, dict[str, str]]


def opened(api: Api) -> Desk:
    """A project with four items of somebody who bought credits, of which 1000 are left."""
    api.stack.open_account(SELLER, 1008)
    on_plan(api, "payg")
    return filled(api, *NAMES)


def order(api: Api, project: str, body: dict[str, Any], **sent: Any) -> Answer:
    """Order a batch."""
    return api.post(f"{P}/projects/{project}/batch-process", body, **sent)


def batch(api: Api, project: str, body: dict[str, Any] | None = None) -> str:
    """Id of a batch that was ordered."""
    placed = order(api, project, body or {"workflow": WHITE})
    assert placed.status == 202, placed.json
    found: str = placed.data["generation"]["generationId"]
    return found


def shown(api: Api, batch_id: str) -> dict[str, Any]:
    """A batch as it is shown."""
    found: dict[str, Any] = api.get(f"{P}/generations/{batch_id}").data
    return found


def act(api: Api, batch_id: str, what: str) -> Answer:
    """Pause, resume, cancel or retry it."""
    return api.post(f"{P}/generations/{batch_id}/{what}", {})


def begin(api: Api, batch_id: str, *indexes: int, develop: Any = processed) -> list[str]:
    """Deliver the messages of some of its jobs; answers what came of each."""
    return [api.stack.begin(f"{batch_id}_{index:04d}", develop) for index in indexes]
