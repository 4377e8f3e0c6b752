"""Templates that are made in tests, used and added up."""

from typing import Any

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.processing import processed

TEMPLATES = f"{P}/templates"
BLUE: dict[str, Any] = {
    "name": "Toko Sari",
    "workflow": {
        "background": {"action": "solid", "color": "#123456"},
        "shadow": {"type": "drop"},
        "frame": {"aspectRatio": "4:5", "width": 800},
    },
}
ADMIN: dict[str, Any] = {"user": "a0a0a0a0-0c1d-4c55-9a0e-5b1f3d2c4a99", "groups": "[admin]"}


def make(api: Api, said: dict[str, Any] = BLUE, **sent: Any) -> Answer:
    """A new template; its pictures are rendered."""
    return api.post(TEMPLATES, said, **sent)


def public(api: Api, **said: Any) -> dict[str, Any]:
    """A template for everybody, by an administrator."""
    made: dict[str, Any] = make(api, {**BLUE, "public": True, **said}, **ADMIN).data
    return made


def patch(api: Api, template_id: str, said: dict[str, Any], **sent: Any) -> Answer:
    """Say something of it anew."""
    return api("PATCH", f"{TEMPLATES}/{template_id}", body=said, **sent)


def retire(api: Api, template_id: str, **sent: Any) -> Answer:
    """Let nobody apply it any more."""
    return api("DELETE", f"{TEMPLATES}/{template_id}", **sent)


def shown(api: Api, template_id: str, **sent: Any) -> dict[str, Any]:
    """A template as it is shown."""
    found: dict[str, Any] = api.get(f"{TEMPLATES}/{template_id}", **sent).data
    return found


def apply(api: Api, item_id: str, template_id: str, **sent: Any) -> Answer:
    """Order a template for an item."""
    version = sent.pop("version", None)
    told = {"templateVersion": version} if version else {}
    body = {"templateId": template_id, **told}
    return api.post(f"{P}/items/{item_id}/apply-template", body, **sent)


def used(api: Api, item_id: str, template_id: str) -> str:
    """A generation with that template that is completed, and kept."""
    job_id: str = apply(api, item_id, template_id).data["generation"]["generationId"]
    assert api.stack.begin(job_id, processed) == "completed"
    assert api.get(f"{P}/generations/{job_id}").data["status"] == "completed"
    return job_id


def rate(api: Api, template_id: str, stars: object, **sent: Any) -> Answer:
    """Give it so many stars."""
    return api("PUT", f"{TEMPLATES}/{template_id}/rating", body={"stars": stars}, **sent)


def told(api: Api) -> int:
    """Let the totals know what accounts did; answers of how many rows they were told."""
    count: int = api.stack.app("keep_items").totals.tell()
    return count
