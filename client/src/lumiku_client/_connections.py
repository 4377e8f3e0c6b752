"""Other apps of the platform: which may act for the account, and for how many credits a month."""

from collections.abc import Sequence

from pydantic import AwareDatetime

from ._api import Api
from ._models import Answer

_PATH = "/api/connections"


class Grant(Answer):
    """What an app may do, in `scopes`, and how much of `monthly_cap` it spent in this month."""

    grant_id: str
    scopes: Sequence[str]
    monthly_cap: int
    spent_this_month: int
    created_at: AwareDatetime


class Connection(Answer):
    """An app, what it may be allowed, and its `grant`, if the account connected it."""

    app: str
    base_url: str
    scopes: Sequence[str]
    grant: Grant | None = None


class Disconnected(Answer):
    """An app that may act no more."""

    app: str
    grant_id: str
    revoked_at: AwareDatetime


class _Connections(Answer):
    connections: Sequence[Connection]


class Connections:
    """What other apps may do for the account. Every method raises ApiProblem."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self) -> Sequence[Connection]:
        """All apps that can be connected, and those that are."""
        return self._api.get(_PATH, _Connections).connections

    def connect(self, app: str, scopes: Sequence[str], *, monthly_cap: int) -> Connection:
        """Allows an app that much, in place of what it was allowed before."""
        body = {"scopes": [*scopes], "monthlyCap": monthly_cap}
        return self._api.put(f"{_PATH}/{app}", Connection, body)

    def disconnect(self, app: str) -> Disconnected:
        """Allows it nothing any more, at once."""
        return self._api.delete(f"{_PATH}/{app}", Disconnected)
