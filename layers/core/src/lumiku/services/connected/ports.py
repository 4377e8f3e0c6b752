"""What connected apps need from the outside."""

from collections.abc import Mapping
from typing import Any, Protocol

from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.connected.grants import Grant
from lumiku.domain.texts import Text


class AppStore(Protocol):
    """The administrator's apps by name."""

    def app(self, name: str) -> ConnectedApp | None:
        """The app of that name, consistently read."""

    def apps(self) -> list[ConnectedApp]:
        """All of them by name, consistently read."""

    def add(self, app: ConnectedApp) -> None:
        """A new one; `AppExists` if there is one of that name."""

    def save(self, app: ConnectedApp) -> None:
        """Replace it; `Busy` if it changed since it was read."""

    def remove(self, name: str) -> None:
        """There is none of that name any more."""


class GrantStore(Protocol):
    """What accounts allow apps."""

    def grant(self, account: str, app: str) -> Grant | None:
        """The account's last grant for an app of that name, consistently read; maybe revoked."""

    def grants(self, account: str) -> list[Grant]:
        """All of them, by the names of their apps."""

    def save(self, grant: Grant, before: Grant | None) -> None:
        """Put it in place of the one before; what was spent stays counted.

        `Busy` if that one is not there any more, or changed.
        """

    def revoke(self, grant: Grant) -> None:
        """It holds no more, from its `revoked_at` on; `Busy` if it was replaced meanwhile."""


class NoAnswer(Exception):
    """The other app gave no answer that can be read; says why."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Line(Protocol):
    """Who calls other apps."""

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Any:
        """The JSON that was answered with 200 or 201; `NoAnswer` if there was nothing of it."""
