"""One request to each documented operation, on the wire: it is answered as openapi.json says.

Requests of all kinds are tests/component/http/test_any_request.py's.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.specs.openapi import checks

from local import samples
from local.layout import ROOT
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.e2e import desk
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data, proof_of
from tests.e2e.service import Service

SCHEMA = schemathesis.openapi.from_path(str(ROOT / "openapi.json"))
HONESTY = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
PHOTO = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}
FILES = [{"name": f"{n}.png", "size": 9} for n in range(2)]
ORDER = {"tier": "basic", "files": FILES}
LOOK = {"background": {"action": "remove"}, "shadow": {"type": "drop"}}
ONE = {"items": ["{item_id}"], "workflow": LOOK}
FRAMED = {"background": {"action": "solid", "color": "#ffffff"}, "frame": {"width": 600}}
LIT = {"lighting": {"mode": "auto"}}  # which needs no cut-out
SLIDES = {"slides": [{"itemId": "{item_id}"}, {"itemId": "{item_id}", "price": "Rp 9.000"}]}
EXPORT = {"items": "all", "formats": ["png"]}
BRAND = {"slug": "kios", "name": "Kios", "accentColor": "#7a1f3d", "headerColor": "#ffffff"}
CSV = "file_name,sku\nastronaut.png,TAS-2\n"
PAID = {"status": "paid", "token": "{token}"}
MIDTRANS = {
    "order_id": "{payment_id}",
    "status_code": "200",
    "gross_amount": "10000.00",
    "signature_key": "forged",
}
CALLS: list[tuple[str, str, int, Any]] = [
    ("GET", "/api/health", 200, None),
    ("POST", "/api/auth/register", 202, {"email": "{newcomer}", "password": "kopi-susu-2026"}),
    ("POST", "/api/auth/resend", 202, {"email": "{newcomer}"}),
    ("POST", "/api/auth/login", 200, {"email": "{email}", "password": "{password}"}),
    ("POST", "/api/auth/refresh", 200, {"refreshToken": "{refresh}"}),
    ("POST", "/api/auth/forgot", 202, {"email": "{email}"}),
    ("POST", "/api/auth/confirm", 400, {"email": "{newcomer}", "code": "0"}),
    ("POST", "/api/auth/reset", 400, {"email": "{email}", "code": "0", "password": "{password}"}),
    ("GET", "/api/account", 200, None),
    ("PATCH", "/api/account", 200, {"language": "id"}),
    ("POST", "/api/account/export", 202, None),
    ("GET", "/api/account/export", 200, None),
    ("GET", "/api/account/export/download", 409, None),
    ("POST", "/api/account/delete", 403, {"email": "{email}", "password": "{password}"}),
    ("GET", "/api/credits", 200, None),
    ("GET", "/api/credits/ledger", 200, None),
    ("GET", "/api/credits/packages", 200, None),
    ("POST", "/api/credits/topups", 201, {"package": "credits-100"}),
    ("GET", "/api/payments/{payment_id}", 200, None),
    ("GET", "/api/payments/{payment_id}/checkout?token={token}", 200, None),
    (
        "POST",
        "/api/payments/{payment_id}/notifications",
        200,
        {"status": "paid", "token": "{token}"},
    ),
    ("POST", "/api/payments/notifications", 403, MIDTRANS),
    ("POST", "/api/admin/payments/{payment_id}/refund", 200, {"reason": "a test"}),
    ("GET", f"{P}/subscription", 200, None),
    ("POST", f"{P}/subscription", 201, {"plan": "starter"}),
    ("DELETE", f"{P}/subscription", 404, None),
    ("POST", f"{P}/pricing/calculate", 200, {"tier": "basic", "imageCount": 2}),
    ("GET", f"{P}/stats", 200, None),
    ("POST", f"{P}/remove", 202, PHOTO),
    ("GET", f"{P}/jobs", 200, None),
    ("GET", f"{P}/jobs/{{job_id}}", 200, None),
    ("GET", f"{P}/jobs/{{job_id}}/download", 200, None),
    ("POST", f"{P}/batch", 201, ORDER),
    ("GET", f"{P}/batches?status=pending", 200, None),
    ("GET", f"{P}/batch/{{batch_id}}", 200, None),
    ("GET", f"{P}/batch/{{batch_id}}/items", 200, None),
    ("GET", f"{P}/batch/{{batch_id}}/download", 409, None),
    ("POST", f"{P}/batch/{{batch_id}}/upload-policy", 200, None),
    ("POST", f"{P}/batch/{{batch_id}}/retry", 409, None),
    ("DELETE", f"{P}/batch/{{batch_id}}", 200, None),
    ("POST", f"{P}/batch/{{batch_id}}/finish", 200, None),
    ("POST", f"{S}/pricing/calculate", 200, {"features": ["background-removal", "reflection"]}),
    ("GET", f"{S}/stats", 200, None),
    ("GET", f"{S}/usage?feature=upload", 200, None),
    ("GET", f"{S}/subscription", 200, None),
    ("POST", f"{S}/subscription", 201, {"plan": "professional"}),
    ("DELETE", f"{S}/subscription", 404, None),
    ("POST", f"{S}/projects", 201, {"name": "Tas"}),
    ("GET", f"{S}/projects", 200, None),
    ("GET", f"{S}/projects/{{project_id}}", 200, None),
    ("PUT", f"{S}/projects/{{project_id}}", 200, {"name": "Tas kulit"}),
    ("PATCH", f"{S}/projects/{{project_id}}", 200, {"category": "tas"}),
    ("POST", f"{S}/projects/{{project_id}}/items/upload", 201, {"files": FILES[:1]}),
    ("POST", f"{S}/projects/{{project_id}}/items/import", 201, {"jobIds": ["{job_id}"]}),
    ("GET", f"{S}/projects/{{project_id}}/uploads/{{upload_id}}", 200, None),
    ("POST", f"{S}/projects/{{project_id}}/uploads/{{upload_id}}/upload-policy", 200, None),
    ("POST", f"{S}/projects/{{project_id}}/uploads/{{upload_id}}/finish", 200, None),
    ("GET", f"{S}/templates?category=studio", 200, None),
    ("POST", f"{S}/templates", 201, {"name": "Pasir", "workflow": FRAMED, "public": True}),
    ("GET", f"{S}/templates/{{template_id}}", 200, None),
    ("PATCH", f"{S}/templates/{{template_id}}", 200, {"name": "Pasir putih"}),
    ("PUT", f"{S}/templates/{{template_id}}/rating", 409, {"stars": 5}),
    ("DELETE", f"{S}/templates/{{template_id}}", 200, None),
    ("GET", f"{S}/platforms", 200, None),
    ("GET", f"{S}/projects/{{project_id}}/items", 200, None),
    ("GET", f"{S}/items/{{item_id}}", 200, None),
    ("PATCH", f"{S}/items/{{item_id}}", 200, {"sku": "TAS-1"}),
    ("POST", f"{S}/projects/{{project_id}}/items/bulk", 200, {"itemIds": ["{item_id}"]}),
    ("POST", f"{S}/projects/{{project_id}}/items/import-csv", 200, {"csv": CSV}),
    ("POST", f"{S}/items/{{item_id}}/process", 202, {"workflow": LOOK}),
    ("POST", f"{S}/items/{{item_id}}/preview", 200, {"workflow": LIT}),
    ("POST", f"{S}/items/{{item_id}}/apply-template", 202, {"templateId": "pure-white"}),
    ("POST", f"{S}/items/{{item_id}}/quote", 200, {"templateId": "pure-white"}),
    ("GET", f"{S}/generations", 200, None),
    ("GET", f"{S}/generations/{{generation_id}}", 200, None),
    ("POST", f"{S}/projects/{{project_id}}/batch-process", 202, ONE),
    ("POST", f"{S}/generations/{{generation_id}}/pause", 404, None),
    ("POST", f"{S}/generations/{{generation_id}}/resume", 404, None),
    ("POST", f"{S}/generations/{{generation_id}}/cancel", 404, None),
    ("POST", f"{S}/generations/{{generation_id}}/retry", 404, None),
    ("GET", f"{S}/items/{{item_id}}/variations", 200, None),
    ("POST", f"{S}/variations/{{variation_id}}/select", 200, None),
    ("GET", f"{S}/items/{{item_id}}/download", 200, None),
    ("POST", f"{S}/projects/{{project_id}}/export-zip", 202, EXPORT),
    ("GET", f"{S}/carousel-layouts", 200, None),
    ("POST", f"{S}/projects/{{project_id}}/create-carousel", 202, SLIDES),
    ("GET", f"{S}/carousels/{{carousel_id}}", 404, None),
    ("GET", f"{S}/carousels/{{carousel_id}}/download", 404, None),
    ("GET", f"{S}/exports/{{export_id}}", 404, None),
    ("GET", f"{S}/exports/{{export_id}}/download", 404, None),
    ("GET", f"{S}/exports/{{export_id}}/report", 404, None),
    ("POST", f"{S}/exports/{{export_id}}/cancel", 404, None),
    ("POST", f"{S}/exports/{{export_id}}/retry", 404, None),
    ("DELETE", f"{S}/variations/{{variation_id}}", 200, None),
    ("DELETE", f"{S}/items/{{item_id}}", 200, None),
    ("DELETE", f"{S}/projects/{{project_id}}?cancel=true", 200, None),
    ("GET", "/api/brand", 200, None),
    ("PUT", "/api/brand", 403, BRAND),
    ("PUT", "/api/brand/logo", 400, {"image": "a text"}),
    ("DELETE", "/api/brand", 404, None),
    ("GET", "/api/brands/{slug}", 404, None),
    ("GET", "/api/keys", 200, None),
    ("POST", "/api/keys", 201, {"name": "importer", "mode": "test"}),
    ("POST", "/api/keys/{key_id}/rotate", 200, None),
    ("DELETE", "/api/keys/{key_id}", 200, None),
    ("GET", "/api/workspaces", 200, None),
    ("GET", "/api/team", 200, None),
    ("POST", "/api/team/invitations", 201, {"email": "{newcomer}", "role": "editor"}),
    ("DELETE", "/api/team/invitations/{invitation_id}", 200, None),
    ("POST", "/api/invitations/accept", 404, {"token": "{invitation_token}"}),
    ("PATCH", "/api/team/members/{user_id}", 409, {"role": "viewer"}),
    ("DELETE", "/api/team/members/{user_id}", 409, None),
    ("POST", "/api/team/leave", 409, None),
    ("GET", "/api/team/activity", 200, None),
    ("GET", "/api/webhooks", 200, None),
    ("POST", "/api/webhooks", 201, {"url": "https://shop.example.com/hooks"}),
    ("POST", "/api/webhooks/{webhook_id}/rotate", 200, None),
    ("DELETE", "/api/webhooks/{webhook_id}", 200, None),
    ("GET", "/api/admin/accounts?email={email}", 200, None),
    ("POST", "/api/admin/accounts/{user_id}/credits", 200, {"amount": 1, "reason": "a test"}),
    ("PUT", "/api/admin/accounts/{user_id}/limits", 200, {"reason": "a test"}),
    ("GET", "/api/admin/overview", 200, None),
]


@pytest.fixture(scope="module")
def admin(service: Service) -> Iterator[Buyer]:
    """An administrator with credits."""
    with buyer(service, credits=100) as opened:
        service.cognito.admin_add_user_to_group(
            UserPoolId=service.outputs.user_pool_id,
            Username=opened.person.email,
            GroupName="admin",
        )
        opened.http.headers["Authorization"] = f"Bearer {opened.person.client.login().token}"
        yield opened


@pytest.fixture(scope="module")
def known(service: Service, admin: Buyer, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The administrator, and one of everything that has an id."""
    person = admin.person
    photos = samples.write(service.layout)
    photo, portrait = photos / "coffee.png", photos / "astronaut.png"
    project_id = desk.project(admin)
    item_id = desk.item(admin, project_id, portrait)["itemId"]
    generation = desk.processed(admin, item_id, {"background": {"action": "remove"}})
    result = person.client.remove(photo, "basic", tmp_path_factory.mktemp("out") / "out.png")
    payment = admin.top_up("credits-100")
    template = {"name": "Pantai", "workflow": FRAMED, "public": True}
    login = {"email": person.email, "password": person.password}
    return {
        **login,
        "user_id": person.user_id,
        "newcomer": f"{uuid.uuid4().hex}@example.com",
        "refresh": data(admin("POST", "/api/auth/login", json=login))["refreshToken"],
        "job_id": result.job.job_id,
        "batch_id": data(admin("POST", f"{P}/batch", json=ORDER))["batchId"],
        "payment_id": payment["paymentId"],
        "token": proof_of(payment)[1],
        "webhook_id": admin.webhook(),
        "key_id": admin.key(),
        "invitation_id": admin.invitation(f"{uuid.uuid4().hex}@example.com")["invitationId"],
        "invitation_token": f"{person.user_id}.{0:032x}",
        "slug": "nobody-has-this",
        "project_id": project_id,
        "template_id": data(admin("POST", f"{S}/templates", json=template))["templateId"],
        "item_id": item_id,
        "generation_id": generation["generationId"],
        "variation_id": generation["variationId"],
        "carousel_id": f"carousel_{0:032x}",
        "export_id": f"export_{0:032x}",
        "upload_id": desk.order_upload(admin, project_id, portrait)["uploadId"],
    }


@pytest.mark.parametrize(("method", "path", "status", "body"), CALLS)
def test_an_operation_is_answered_as_documented(
    admin: Buyer, known: dict[str, str], method: str, path: str, status: int, body: Any
) -> None:
    text = json.dumps(body)
    for name, value in known.items():
        text = text.replace(f'"{{{name}}}"', json.dumps(value))

    answer = admin.http.request(
        method, path.format_map(known), json=json.loads(text), timeout=ANSWER_S
    )

    assert answer.status_code == status, answer.text
    operation = SCHEMA[path.partition("?")[0]][method]
    case = operation.Case(path_parameters=dict(known))
    case.validate_response(answer, checks=HONESTY)


def test_every_operation_is_called() -> None:
    documented = json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"]

    called = {(method.lower(), path.partition("?")[0]) for method, path, _, _ in CALLS}

    assert called == {(method, path) for path, found in documented.items() for method in found}
