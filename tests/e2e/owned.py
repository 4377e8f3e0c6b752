"""Somebody with one of everything, and how others are told of none of it."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import httpx

from local import samples
from local.layout import ROOT
from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.studio.http import STUDIO_PREFIX
from scripts.template import by_key
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data, proof_of
from tests.e2e.service import Service, until
from tests.e2e.test_openapi import CALLS

DOCUMENT = json.loads((ROOT / "openapi.json").read_text())
GUARDED = [
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if operation.get("security")
]


THEIRS = [
    (method, template)
    for method, template in GUARDED
    if "{" in template and "/admin/" not in template and "{template_id}" not in template
]
"""Routes about one thing of an account."""
BY_KEY = [one for one in THEIRS if by_key(*one)]


class Owned(NamedTuple):
    """What an account has that others may want."""

    owner: Buyer
    ids: dict[str, str]
    payment: dict[str, Any]

    def path(self, template: str) -> str:
        """A documented path, about the owner's things."""
        return template.format_map(self.ids)

    def about(self, body: Any) -> Any:
        """A documented body, about the owner's things."""
        text = json.dumps(body)
        for name, real in self.ids.items():
            text = text.replace(f"{{{name}}}", real)
        return json.loads(text)

    def state(self, service: Service) -> Any:
        """Everything of the owner that a thief could change."""
        paths = (
            f"{REMOVER_PREFIX}/batch/{{batch_id}}",
            "/api/payments/{payment_id}",
            "/api/webhooks",
            "/api/keys",
            "/api/team",
            f"{STUDIO_PREFIX}/projects/{{project_id}}",
            f"{STUDIO_PREFIX}/items/{{item_id}}",
        )
        shown = {path: data(self.owner("GET", self.path(path))) for path in paths}
        return service.balance(self.owner.person), self.owner.entries(), shown


def _is_over(owner: Buyer, path: str) -> bool:
    return bool(data(owner("GET", path))["completedAt"])


@contextmanager
def owning(service: Service) -> Iterator[Owned]:
    """Somebody with one of everything that has an id."""
    with buyer(service, credits=200) as owner:
        path, token = proof_of(owner.top_up("credits-100"))
        assert owner("POST", path, json={"status": "paid", "token": token}).status_code == 200
        files = [{"name": f"{n}.png", "size": 9} for n in range(2)]
        asked = {"tier": "basic", "files": files}
        payment = owner.top_up("credits-100")
        photo = samples.write(service.layout) / "astronaut.png"
        project_id = desk.project(owner)
        item_id = desk.item(owner, project_id, photo)["itemId"]
        made = desk.processed(owner, item_id, {"background": {"action": "remove"}})
        path = f"{STUDIO_PREFIX}/projects/{project_id}"
        slides = {"slides": [{"itemId": item_id}] * 2}
        carousel = data(owner("POST", f"{path}/create-carousel", json=slides))["carousel"]
        wished = {"items": "all", "formats": ["png"]}
        exported = data(owner("POST", f"{path}/export-zip", json=wished))["export"]
        ids = {
            "job_id": [data(owner.remove())["jobId"] for _ in range(3)][-1],
            "batch_id": data(owner("POST", f"{REMOVER_PREFIX}/batch", json=asked))["batchId"],
            "payment_id": payment["paymentId"],
            "webhook_id": owner.webhook(),
            "user_id": owner.person.user_id,
            "project_id": project_id,
            "item_id": item_id,
            "upload_id": desk.order_upload(owner, project_id, photo)["uploadId"],
            "generation_id": made["generationId"],
            "variation_id": made["variationId"],
            "template_id": "pure-white",
            "carousel_id": carousel["carouselId"],
            "export_id": exported["exportId"],
            "app_name": "nobodys-app",
            "key_id": owner.key(),
            "invitation_id": owner.invitation("nobody@example.com")["invitationId"],
        }
        owned = Owned(owner, ids, payment)
        for thing in ("carousels/{carousel_id}", "exports/{export_id}"):  # nothing moves by itself
            until(partial(_is_over, owner, owned.path(f"{STUDIO_PREFIX}/{thing}")))
        yield owned
        owner.delete_webhooks()
        data(owner("DELETE", f"{REMOVER_PREFIX}/batch/{ids['batch_id']}"))


@contextmanager
def asking_by_key(
    service: Service, ask: Callable[..., httpx.Response]
) -> Iterator[Callable[..., httpx.Response]]:
    """A new key of whoever asks so; how it asks."""
    made = data(ask("POST", "/api/keys", json={"name": "importer"}))
    with httpx.Client(
        base_url=service.outputs.key_api_url,
        headers={"X-API-Key": made["key"]},
        timeout=ANSWER_S,
        trust_env=False,
    ) as http:
        yield http.request


def all_is_like_nothing(
    owned: Owned,
    ask: Callable[..., httpx.Response],
    routes: list[tuple[str, str]],
    *,
    also: Callable[[httpx.Response], bool] = lambda _: False,
) -> None:
    """Of what is the owner's, `ask` is told what is told of what is not there; or `also`."""
    bodies = {(method, path): owned.about(body) for method, path, _, body in CALLS}
    for method, template in routes:
        body = bodies.get((method, template))
        theirs = ask(method, owned.path(template), json=body)
        none = ask(method, re.sub(r"{(\w+)}", r"\1_0", template), json=body)
        # A key may end between the two; the gateway's own answer to it has no code.
        has_ended = theirs.status_code == 404 and "code" not in none.json()
        if also(none) and (also(theirs) or has_ended):
            continue
        for answer in (theirs, none):
            assert answer.status_code == 404, (method, template, answer.text)
            assert answer.json()["code"] == "not_found"
        details = [answer.json()["detail"] for answer in (theirs, none)]
        for name, real in owned.ids.items():
            details = [detail.replace(real, f"{name}_0") for detail in details]
        assert details[0] == details[1]
