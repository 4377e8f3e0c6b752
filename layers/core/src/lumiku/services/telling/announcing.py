"""Telling the world that a batch is closed."""

from dataclasses import dataclass
from typing import Any, Protocol

from lumiku.domain.errors import NotFound
from lumiku.domain.instant import iso
from lumiku.domain.work.groups import Group


class Events(Protocol):
    """A bus that other parts and other apps listen to."""

    def publish(self, kind: str, detail: dict[str, Any]) -> None:
        """Put one event; listeners get it at least once."""


class Groups(Protocol):
    """Groups by id."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""


@dataclass(frozen=True, slots=True)
class Announcements:
    """The use case of announce_batch. Ids and counts only: no names, no photos, no links."""

    groups: Groups
    events: Events

    def announce(self, group_id: str) -> dict[str, Any]:
        """Publish `batch.closed`; answers what was told."""
        group = self.groups.group(group_id)
        if group is None or group.outcome is None or group.closed_at is None:
            raise NotFound(f"There is no closed batch {group_id}.")
        detail = {
            "batchId": group.id,
            "userId": group.user_id,
            "app": group.app,
            "tier": group.tier,
            "totalImages": group.total,
            "processedImages": group.outcome.completed,
            "failedImages": group.total - group.outcome.completed,
            "creditsCharged": group.price - group.outcome.refund,
            "creditsRefunded": group.outcome.refund,
            "closedAt": iso(group.closed_at),
            "requestId": group.correlation_id,
        }
        self.events.publish("batch.closed", detail)
        return detail
