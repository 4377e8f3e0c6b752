"""What accounts allow other apps."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from lumiku.domain.connected.apps import ConnectedApp, Scope, in_order, missing_app
from lumiku.domain.connected.grants import Grant, grant_id
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.connected.ports import AppStore, GrantStore


@dataclass(frozen=True, slots=True)
class Connection:
    """An app that could be connected, and the account's grant for it, if one holds."""

    app: ConnectedApp
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class Connections:
    """The use cases of /api/connections."""

    apps: AppStore
    store: GrantStore
    clock: Clock

    def connections(self, caller: Caller) -> list[Connection]:
        """Every app, and what the account allows it."""
        grants = {grant.app: grant for grant in self.store.grants(caller.account)}
        return [Connection(app, _holding(app, grants.get(app.name))) for app in self.apps.apps()]

    def connect(
        self, caller: Caller, name: str, scopes: Collection[Scope], monthly_cap: int
    ) -> Connection:
        """Allow the app that much, in place of what it was allowed before.

        A grant that holds keeps its id. `NotFound`, or `InvalidRequest` where the app may not do as
        much as that.
        """
        app = self._app(name)
        if beyond := [scope for scope in in_order(scopes) if scope not in app.scopes]:
            told = ", ".join(app.scopes)
            raise InvalidRequest.at(
                "body.scopes",
                Text(
                    f"{name} may do {told}, not {', '.join(beyond)}",
                    f"{name} boleh {told}, bukan {', '.join(beyond)}",
                ),
            )
        before = self.store.grant(caller.account, name)
        holding = _holding(app, before)
        now = self.clock()
        grant = Grant(
            id=holding.id if holding else grant_id(caller.account, uuid.uuid4().hex),
            account=caller.account,
            app=name,
            app_id=app.id,
            scopes=in_order(scopes),
            monthly_cap=monthly_cap,
            created_at=holding.created_at if holding else now,
            spent=before.spent if before else {},
        )
        self.store.save(grant, before)
        return Connection(app, grant)

    def disconnect(self, caller: Caller, name: str) -> Grant:
        """Allow it nothing any more, at once; `NotFound` if it was not allowed anything."""
        grant = self.store.grant(caller.account, name)
        if grant is None or grant.revoked_at is not None:
            raise missing_app(name)
        revoked = grant.model_copy(update={"revoked_at": self.clock()})
        self.store.revoke(revoked)
        return revoked

    def _app(self, name: str) -> ConnectedApp:
        app = self.apps.app(name)
        if app is None:
            raise missing_app(name)
        return app


def _holding(app: ConnectedApp, grant: Grant | None) -> Grant | None:
    is_holding = grant is not None and grant.revoked_at is None and grant.app_id == app.id
    return grant if is_holding else None
