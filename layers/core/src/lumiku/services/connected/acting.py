"""Both directions of what other apps and we say to each other: signed, and by a grant."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from lumiku.domain.connected.apps import (
    ConnectedApp,
    NotSigned,
    Scope,
    missing_app,
    request_content,
)
from lumiku.domain.connected.grants import Grant, NotConnected, account_of
from lumiku.domain.people.callers import Caller
from lumiku.domain.telling import signatures
from lumiku.services.clock import Clock
from lumiku.services.connected.ports import AppStore, GrantStore


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it came: `target` is path and query, `grant_id` by whose grant."""

    method: str
    target: str
    body: str
    grant_id: str
    message_id: str
    timestamp: str
    signatures: str


@dataclass(frozen=True, slots=True)
class Acting:
    """Who an app acts for, and asking an app for something in turn."""

    apps: AppStore
    grants: GrantStore
    is_leaving: Callable[[str], bool]
    clock: Clock

    def caller(self, name: str, scope: Scope, request: Signed) -> tuple[Caller, ConnectedApp]:
        """Who acts for whom. `NotSigned`, or `NotConnected` if the account does not allow it.

        It allows nothing once it leaves. Of an app that is not there, and of a wrong signature,
        the same is said.
        """
        app = self.apps.app(name)
        content = request_content(request.method, request.target, request.grant_id, request.body)
        if app is None or not signatures.is_signed(
            app.secrets,
            message_id=request.message_id,
            timestamp=request.timestamp,
            signatures=request.signatures,
            content=content,
            now=self.clock(),
        ):
            raise NotSigned(name)
        grant = self._granted(app, account_of(request.grant_id), scope)
        if grant.id != request.grant_id or self.is_leaving(grant.account):
            raise NotConnected(name)
        return Caller(f"app:{name}", grant.account, grant=grant), app

    def connection(
        self, account: str, name: str, scope: Scope | None = None
    ) -> tuple[ConnectedApp, Grant]:
        """The app and the account's grant, for that if it is said. `NotFound`, `NotConnected`."""
        app = self.apps.app(name)
        if app is None:
            raise missing_app(name)
        return app, self._granted(app, account, scope)

    def headers(
        self,
        app: ConnectedApp,
        grant: Grant,
        method: str,
        target: str,
        body: str = "",
        message_id: str | None = None,
    ) -> dict[str, str]:
        """What signs a request to the app; with the id of another message it is that again."""
        content = request_content(method, target, grant.id, body)
        message_id = message_id or f"msg_{uuid.uuid4().hex}"
        return {
            "authorization": f"Bearer {grant.id}",
            "user-agent": "Lumiku-Apps/1",
            **signatures.headers(app.secrets, message_id, self.clock(), content),
        }

    def _granted(self, app: ConnectedApp, account: str | None, scope: Scope | None) -> Grant:
        grant = self.grants.grant(account, app.name) if account else None
        if grant is None or grant.revoked_at is not None or grant.app_id != app.id:
            raise NotConnected(app.name)
        if scope is not None and not {*grant.scopes} & {*app.scopes} & {scope}:
            raise NotConnected(app.name, scope=scope)
        return grant
