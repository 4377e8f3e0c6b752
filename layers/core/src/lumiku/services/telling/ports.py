"""What telling needs from the outside: one port for each kind of thing.

Workers read deliveries from here, and no mails, which are loaded by who writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from lumiku.domain.telling.mails import Letter, Mail
    from lumiku.domain.telling.webhooks import Endpoints
    from lumiku.domain.work.groups import Group


class Events(Protocol):
    """A bus that other parts and other apps listen to."""

    def publish(self, kind: str, detail: dict[str, Any]) -> None:
        """Put one event; listeners get it at least once."""


class MailRefused(Exception):
    """The e-mail was certainly not taken; it may be sent again."""


class Mailer(Protocol):
    """Who delivers e-mail."""

    def send(self, address: str, mail: "Mail") -> None:
        """Hand the mail over; `MailRefused` if it was not taken."""


class MailMarks(Protocol):
    """Which groups were written about."""

    def mark(self, group: "Group", closed_at: datetime) -> bool:
        """Keep that the mail about this closing is being sent; False if that was kept before."""

    def unmark(self, group: "Group") -> None:
        """It was not sent after all."""


class Letters(Protocol):
    """Mails that are to be written."""

    def letters_due(self, now: datetime, *, limit: int) -> "list[Letter]":
        """Up to `limit` letters that may be written, the longest due first."""

    def take(self, letter: "Letter", now: datetime) -> bool:
        """Keep that it is being written; False if that was kept before."""

    def put_back(self, letter: "Letter") -> None:
        """It was not written after all."""


class EndpointStore(Protocol):
    """Endpoints by user."""

    def endpoints(self, user_id: str) -> "Endpoints":
        """All of the user's, consistently read."""

    def save(self, endpoints: "Endpoints") -> None:
        """Replace them; `Busy` if somebody else did since they were read."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint; `message_id` stays the same in every try.

    `request_id` is that of the order that the event is about, for the log.
    """

    user_id: str
    endpoint_id: str
    message_id: str
    body: str
    request_id: str = ""


class Outbox(Protocol):
    """Deliveries that wait for their first or next try."""

    def put(self, delivery: Delivery) -> None:
        """One more."""


class NotDelivered(Exception):
    """No answer, or none that counts."""


class Poster(Protocol):
    """Who calls endpoints."""

    def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        """The status of the answer; `NotDelivered` if there was none."""
