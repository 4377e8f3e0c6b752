"""Telling the world that a batch is closed."""

from dataclasses import dataclass
from typing import Any

from lumiku.domain.errors import NotFound
from lumiku.domain.instant import iso
from lumiku.domain.money.products import own_name
from lumiku.domain.texts import Text
from lumiku.services.telling.ports import Events
from lumiku.services.work.ports import GroupStore


@dataclass(frozen=True, slots=True)
class Announcements:
    """The use case of announce_batch. Ids and counts only: no names, no photos, no links."""

    groups: GroupStore
    events: Events

    def announce(self, group_id: str) -> dict[str, Any]:
        """Publish that it is closed, unless nobody waits for it; answers what was told.

        A group of items is a generation: `generation.closed`. Any other is told as `batch.closed`.
        """
        group = self.groups.group(group_id)
        if group is None or group.outcome is None or group.closed_at is None:
            raise NotFound(
                Text(
                    f"There is no closed batch {group_id}.",
                    f"Tidak ada batch {group_id} yang sudah ditutup.",
                )
            )
        detail = {
            "batchId": group.id,
            "userId": group.user_id,
            "app": group.app,
            "tier": own_name(group.product),
            "totalImages": group.total,
            "processedImages": group.outcome.completed,
            "failedImages": group.total - group.outcome.completed,
            "creditsCharged": group.price - group.outcome.refund,
            "creditsRefunded": group.outcome.refund,
            "closedAt": iso(group.closed_at),
            "requestId": group.correlation_id,
        }
        kind = "batch.closed"
        if group.project_id is not None:
            kind = "generation.closed"
            detail |= {"generationId": group.id, "projectId": group.project_id}
        if group.is_delivered:
            self.events.publish(kind, detail)
        return detail
