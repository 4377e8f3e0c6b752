"""Batches of the studio: many items at once, ordered, waited for, paused, fetched."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from ._api import STUDIO, Api, Fresh
from ._generation_models import BatchOrdered, GenerationBatch
from ._looks import Look
from ._retry import Patience
from ._waiting import until_over

_LONG_POLL_S = 20
_PAUSE_S = 1.0


class GenerationBatches:
    """Looks on their way to many items together. Every method raises ApiProblem."""

    def __init__(self, api: Api, patience: Patience) -> None:
        self._api = api
        self._patience = patience

    def order(
        self,
        project_id: str,
        look: Look | None = None,
        *,
        items: Sequence[str] | None = None,
        settings_csv: str | None = None,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> BatchOrdered:
        """Pays for a look of 1 to 100 items and starts it.

        `settings_csv` says by SKU or item which template or colour each gets in place of the look,
        with the columns sku (or item), templateId and color; any wrong line refuses all. Without
        `items` these are all of the project, or with settings and no look those of the settings.
        403 `not_in_plan` says what the plan lacks; `expected_credits` is refused with 409
        `price_changed` unless it is today's price.
        """
        said: dict[str, Any] = {
            "items": items if items is None else list(items),
            "settingsCsv": settings_csv,
            "expectedCredits": expected_credits,
        }
        body = {name: value for name, value in said.items() if value is not None}
        body |= look.body if look is not None else {}
        key = idempotency_key or str(uuid.uuid4())
        path = f"{STUDIO}/projects/{project_id}/batch-process"
        return self._api.post(path, BatchOrdered, body, key=key)

    def show(self, batch_id: str) -> GenerationBatch:
        """A batch as it stands, with its items."""
        return self._api.get(f"{STUDIO}/generations/{batch_id}", GenerationBatch)

    def wait(
        self,
        batch_id: str,
        *,
        timeout_s: float = 3 * 3600,
        on_look: Callable[[GenerationBatch], None] = lambda _: None,
    ) -> GenerationBatch:
        """The batch once it is over; `on_look` is told whenever it has moved, with thumbnails.

        Raises ApiProblem `still_running` after `timeout_s`; the batch itself goes on.
        """
        seen: Fresh[GenerationBatch] | None = None

        def look() -> tuple[GenerationBatch, float]:
            nonlocal seen
            # That a result is kept changes no ETag.
            known = None if seen is None or seen.data.unkept else seen
            path = f"{STUDIO}/generations/{batch_id}"
            seen = self._api.get_news(path, GenerationBatch, known, wait_s=_LONG_POLL_S)
            return seen.data, seen.retry_after_s or _PAUSE_S

        return until_over(
            look,
            on_look,
            named={"generationId": batch_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )

    def pause(self, batch_id: str) -> GenerationBatch:
        """Nothing new of it begins, for 24 hours at most; 409 `batch_closed` once nothing could."""
        return self._act(batch_id, "pause")

    def resume(self, batch_id: str) -> GenerationBatch:
        """It goes on."""
        return self._act(batch_id, "resume")

    def cancel(self, batch_id: str) -> GenerationBatch:
        """What has not begun is given back; 409 `batch_closed` once all items are over."""
        return self._act(batch_id, "cancel")

    def retry(self, batch_id: str, *, idempotency_key: str | None = None) -> BatchOrdered:
        """A new batch of the items that failed, at exactly what came back for them."""
        path = f"{STUDIO}/generations/{batch_id}/retry"
        return self._api.post(path, BatchOrdered, key=idempotency_key or str(uuid.uuid4()))

    def _act(self, batch_id: str, what: str) -> GenerationBatch:
        return self._api.post(f"{STUDIO}/generations/{batch_id}/{what}", GenerationBatch)
