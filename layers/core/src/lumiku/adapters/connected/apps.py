"""Connected apps: `APPS#ALL / <name>`, with their secrets."""

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table
from lumiku.domain.connected.apps import AppExists, ConnectedApp
from lumiku.domain.errors import Busy
from lumiku.services.connected.ports import AppStore

APPS = "APPS#ALL"
_SET = "SET told = :told, app_id = :app_id, revision = :revision"


class AppTable(Table, AppStore):
    """All of them under one key: they are few."""

    def app(self, name: str) -> ConnectedApp | None:
        row = self.rows.get(_key(name))
        return _read(row) if row else None

    def apps(self) -> list[ConnectedApp]:
        return list(map(_read, self.rows.query("pk = :apps", {":apps": APPS})))

    def add(self, app: ConnectedApp) -> None:
        values, when = _values(app, app.revision), "attribute_not_exists(pk)"
        try:
            self.rows.update(_key(app.name), _SET, values, when=when)
        except ConditionFailed:
            raise AppExists(app.name) from None

    def save(self, app: ConnectedApp) -> None:
        values = _values(app, app.revision + 1) | {":was": app.revision}
        when = "revision = :was AND app_id = :app_id"
        try:
            self.rows.update(_key(app.name), _SET, values, when=when)
        except ConditionFailed:
            raise Busy from None

    def remove(self, name: str) -> None:
        self.rows.delete(_key(name))


def _key(name: str) -> Key:
    return APPS, name


def _values(app: ConnectedApp, revision: int) -> Row:
    told = app.model_dump(mode="json", exclude={"revision"}, exclude_none=True)
    return {":told": told, ":app_id": app.id, ":revision": revision}


def _read(row: Row) -> ConnectedApp:
    return ConnectedApp.model_validate({**row["told"], "revision": row["revision"]})
