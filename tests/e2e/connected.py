"""Apps of the platform in tests: added by an administrator, run here."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.buyer import Buyer, buyer, data
from tests.e2e.service import Service
from tests.imitation_apps.app import ImitationApp, imitated


@contextmanager
def administrator(service: Service) -> Iterator[Buyer]:
    """Somebody who may add apps."""
    with buyer(service) as opened:
        service.cognito.admin_add_user_to_group(
            UserPoolId=service.outputs.user_pool_id,
            Username=opened.person.email,
            GroupName="admin",
        )
        opened.http.headers["Authorization"] = f"Bearer {opened.person.client.login().token}"
        yield opened


@contextmanager
def added(admin: Buyer, name: str, *scopes: str) -> Iterator[ImitationApp]:
    """An app that runs here, and that accounts may connect."""
    with imitated(name) as app:
        admin("DELETE", f"/api/admin/apps/{name}")  # one that a run before left
        told = {"name": name, "baseUrl": app.url, "scopes": scopes or ["remove"]}
        app.secret = data(admin("POST", "/api/admin/apps", json=told))["secret"]
        yield app
        admin("DELETE", f"/api/admin/apps/{name}")
