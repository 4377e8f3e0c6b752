"""Batches: 2 to 5,000 photos that are priced, charged and delivered together."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ._api import PREFIX, Api, Fresh
from ._batch_models import (
    Batch,
    BatchItem,
    BatchItems,
    BatchPage,
    BatchPhoto,
    BatchStatus,
    BatchSubmission,
    Payment,
    PhotoAt,
    PhotoUpload,
    Price,
    ZipLink,
)
from ._models import Tier, UploadTicket
from ._options import PLAIN, Options
from ._retry import Patience
from ._transfer import OnBytes, Storage
from ._uploads import Form, OnOver, OnSent, announced, upload_all
from ._waiting import until_over

_LONG_POLL_S = 20
_PAUSE_S = 1.0
_ITEMS_AT_ONCE = 500


class Batches:
    """The part of a client that deals with batches. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage, patience: Patience) -> None:
        self._api = api
        self._storage = storage
        self._patience = patience

    def price(self, tier: Tier | str, photos: int, payment: Payment | str = Payment.AUTO) -> Price:
        """What 1 to 5,000 photos cost together, and what they would take from the account now."""
        body = {"tier": str(tier), "imageCount": photos, "payment": str(payment)}
        return self._api.post(f"{PREFIX}/pricing/calculate", Price, body)

    def submit(
        self,
        photos: Sequence[BatchPhoto | PhotoAt],
        tier: Tier | str,
        *,
        options: Options = PLAIN,
        payment: Payment | str = Payment.AUTO,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> BatchSubmission:
        """Announces and pays for photos, whose bytes go into `upload` next; some may be `PhotoAt`.

        `expected_credits` is refused with 409 `price_changed` unless it is today's price.
        The same `idempotency_key` with the same photos, tier and options gives the same batch,
        paid once.
        """
        body: dict[str, Any] = {
            "tier": str(tier),
            "payment": str(payment),
            **options.body(),
            "files": announced(photos),
        }
        if expected_credits is not None:
            body["expectedCredits"] = expected_credits
        key = idempotency_key or str(uuid.uuid4())
        return self._api.post(f"{PREFIX}/batch", BatchSubmission, body, key=key)

    def renew_form(self, batch_id: str) -> UploadTicket:
        """A new form for the batch's photos. 409 `batch_closed` once none are awaited any more."""
        return self._api.post(f"{PREFIX}/batch/{batch_id}/upload-policy", UploadTicket)

    def upload(
        self,
        batch_id: str,
        photos: Sequence[PhotoUpload],
        form: UploadTicket | None = None,
        *,
        parallel: int = 4,
        on_bytes: OnSent = lambda *_: None,
        on_over: OnOver = lambda *_: None,
    ) -> None:
        """Sends the photos, `parallel` of them at a time, with a new form when one expires.

        `on_over` is told of every photo, with the problem if it could not be sent; the others go
        on. What would meet them all (no connection, no login, a closed batch) is raised once those
        under way have ended. Both are called from several threads.
        """
        forms = Form(lambda: self.renew_form(batch_id), form)
        upload_all(
            self._storage, forms, photos, parallel=parallel, on_bytes=on_bytes, on_over=on_over
        )

    def finish(self, batch_id: str) -> Batch:
        """No more photos will come: what was not uploaded is given back. Once is enough."""
        return self._api.post(f"{PREFIX}/batch/{batch_id}/finish", Batch)

    def cancel(self, batch_id: str) -> Batch:
        """What has not begun is given back; what has begun goes on.

        409 `batch_closed` once all photos are over: what is done is not undone.
        """
        return self._api.delete(f"{PREFIX}/batch/{batch_id}", Batch)

    def show(self, batch_id: str) -> Batch:
        """A batch as it stands."""
        return self._api.get(f"{PREFIX}/batch/{batch_id}", Batch)

    def list(
        self, *, status: BatchStatus | str | None = None, page_size: int = 50
    ) -> Iterator[Batch]:
        """All batches of the account, newest first, fetched page by page as they are consumed."""
        pages = self._api.pages(f"{PREFIX}/batches", BatchPage, page_size=page_size, status=status)
        return (batch for page in pages for batch in page.batches)

    def items(self, batch_id: str) -> Sequence[BatchItem]:
        """All photos of a batch, in their order."""
        path = f"{PREFIX}/batch/{batch_id}/items"
        pages = self._api.pages(path, BatchItems, page_size=_ITEMS_AT_ONCE)
        return [item for page in pages for item in page.items]

    def wait(
        self,
        batch_id: str,
        *,
        timeout_s: float = 3 * 3600,
        on_look: Callable[[Batch], None] = lambda _: None,
    ) -> Batch:
        """The batch once it is over; `on_look` is told every 20 s and whenever it has moved.

        Raises ApiProblem `still_running` after `timeout_s`; the batch itself goes on.
        """
        seen: Fresh[Batch] | None = None

        def look() -> tuple[Batch, float]:
            nonlocal seen
            path = f"{PREFIX}/batch/{batch_id}"
            seen = self._api.get_news(path, Batch, seen, wait_s=_LONG_POLL_S)
            return seen.data, seen.retry_after_s or _PAUSE_S

        return until_over(
            look,
            on_look,
            named={"batchId": batch_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )

    def download(
        self,
        batch_id: str,
        target: Path,
        on_bytes: OnBytes = lambda *_: None,
        *,
        part: int = 1,
    ) -> Path:
        """Writes the ZIP of a batch that is over to `target`, which appears whole or not at all.

        One of more than 500 photos has several (`Batch.zip_parts`), each with a manifest of its
        own photos: `part` is which, from 1.
        """
        return self._storage.download(lambda: self._zip(batch_id, part), target, on_bytes)

    def download_all(
        self, batch_id: str, target: Path, on_bytes: OnBytes = lambda *_: None
    ) -> Sequence[Path]:
        """Writes every part, as `download` does: `target` if there is one, else `target-01` ..."""
        parts = len(self._zip(batch_id, 1).parts) or 1
        names = [
            target if parts == 1 else target.with_stem(f"{target.stem}-{part:02d}")
            for part in range(1, parts + 1)
        ]
        return [
            self.download(batch_id, name, on_bytes, part=part) for part, name in enumerate(names, 1)
        ]

    def _zip(self, batch_id: str, part: int) -> ZipLink:
        asked = {"part": part} if part > 1 else None
        return self._api.get(f"{PREFIX}/batch/{batch_id}/download", ZipLink, asked)
