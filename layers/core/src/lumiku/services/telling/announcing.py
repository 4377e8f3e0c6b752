"""Telling the world that a batch is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lumiku.domain.errors import NotFound
from lumiku.domain.instant import iso
from lumiku.domain.money.products import own_name
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.telling.ports import Events
from lumiku.services.work.ports import GroupStore


@dataclass(frozen=True, slots=True)
class Announcements:
    """The use case of announce_batch. Ids and counts only: no names, no photos, no links."""

    groups: GroupStore
    events: Events

    def announce(self, group_id: str) -> dict[str, Any]:
        """Publish that it is closed, unless nobody waits for it; answers what was told.

        A group of items is a generation: `generation.closed`, and `job.completed` or `job.failed`
        of each item. What makes files of pictures is told as `export.closed`, `carousel.closed`,
        any other as `batch.closed`.
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
        kind = "batch.closed" if group.asked is None else f"{detail['tier']}.closed"
        if group.project_id is not None:
            kind = "generation.closed"
            detail |= {"generationId": group.id, "projectId": group.project_id}
        if group.is_delivered:
            self.events.publish(kind, detail)
        if group.is_delivered and group.project_id is not None:
            for job in self.groups.group_jobs(group_id):
                self._tell_of(job, detail)
        return detail

    def _tell_of(self, job: Job, of_group: Mapping[str, Any]) -> None:
        """What became of an item, for who asked for that."""
        told = {name: of_group[name] for name in ("batchId", "userId", "app", "requestId")}
        detail = {
            **told,
            "jobId": job.id,
            "projectId": of_group["projectId"],
            "itemId": job.for_item.item_id if job.for_item else None,
            "error": job.failure.code if job.failure else None,
            "closedAt": iso(job.completed_at) if job.completed_at else of_group["closedAt"],
        }
        is_done = job.status is Status.COMPLETED
        self.events.publish("job.completed" if is_done else "job.failed", detail)
