"""What administrators write down of other apps."""

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from lumiku.domain.connected.apps import (
    MAX_APPS,
    ConnectedApp,
    Scope,
    TooManyApps,
    in_order,
    missing_app,
)
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.domain.reach import Reach
from lumiku.domain.telling.signatures import SECRET_BYTES, Secret, rotated
from lumiku.services.clock import Clock
from lumiku.services.connected.ports import AppStore


@dataclass(frozen=True, slots=True)
class Apps:
    """The use cases of /api/admin/apps. A secret is shown when it is made and never again.

    Every one raises `NotAllowed` for a caller who is no administrator.
    """

    store: AppStore
    reach: Reach
    clock: Clock

    def apps(self, caller: Caller) -> list[ConnectedApp]:
        """All of them, by name."""
        require_admin(caller)
        return self.store.apps()

    def add(
        self, caller: Caller, name: str, base_url: str, scopes: Collection[Scope]
    ) -> ConnectedApp:
        """A new app. `AppExists`, `TooManyApps`, or `InvalidRequest` about the URL."""
        require_admin(caller)
        if len(self.store.apps()) >= MAX_APPS:
            raise TooManyApps
        app = ConnectedApp(
            id=f"app_{uuid.uuid4().hex}",
            name=name,
            base_url=self._checked(base_url),
            scopes=in_order(scopes),
            secrets=(_new_secret(),),
            created_at=self.clock(),
        )
        self.store.add(app)
        return app

    def change(
        self, caller: Caller, name: str, base_url: str, scopes: Collection[Scope]
    ) -> ConnectedApp:
        """Call it elsewhere, or allow it other things; grants that said more say less then."""
        app = self._app(caller, name)
        changed = app.model_copy(
            update={"base_url": self._checked(base_url), "scopes": in_order(scopes)}
        )
        self.store.save(changed)
        return changed

    def rotate(self, caller: Caller, name: str) -> ConnectedApp:
        """A new secret; for a day both sides may sign with the old one too."""
        app = self._app(caller, name)
        changed = app.model_copy(
            update={"secrets": rotated(app.secrets, _new_secret(), self.clock())}
        )
        self.store.save(changed)
        return changed

    def remove(self, caller: Caller, name: str) -> ConnectedApp:
        """It is not called and not listened to any more; no grant revives with its name."""
        app = self._app(caller, name)
        self.store.remove(name)
        return app

    def _app(self, caller: Caller, name: str) -> ConnectedApp:
        require_admin(caller)
        app = self.store.app(name)
        if app is None:
            raise missing_app(name)
        return app

    def _checked(self, base_url: str) -> str:
        return self.reach.check_url(base_url, "body.baseUrl").rstrip("/")


def _new_secret() -> Secret:
    return Secret.of(secrets.token_bytes(SECRET_BYTES))
