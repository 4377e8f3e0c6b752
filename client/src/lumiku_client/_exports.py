"""Exports: pictures of items as files for platforms, in one ZIP with a report."""

import os
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ._api import STUDIO, Api
from ._export_models import Export, ExportFiles, ExportOrdered, Platform, Platforms
from ._models import DownloadLink
from ._retry import Patience
from ._transfer import OnBytes, Storage
from ._waiting import until_over

_LONG_POLLS_S = (2, 5, 10, 20)
_PAUSE_S = 1.0


class Exports:
    """The part of a client that deals with exports. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage, patience: Patience) -> None:
        self._api = api
        self._storage = storage
        self._patience = patience

    def platforms(self) -> Sequence[Platform]:
        """All platforms with what their places ask of a picture, who says so and since when."""
        return self._api.get(f"{STUDIO}/platforms", Platforms).platforms

    def order(
        self,
        project_id: str,
        files: ExportFiles,
        *,
        items: Sequence[str] | None = None,
        name_pattern: str | None = None,
        folders: str | None = None,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> ExportOrdered:
        """Pays for an export of `items`, or of all that have a picture, and starts it.

        `folders` is none, format, platform or date. 403 `not_in_plan` says what the plan lacks;
        `expected_credits` is refused with 409 `price_changed` unless it is today's price.
        """
        said = {
            "namePattern": name_pattern,
            "folders": folders,
            "expectedCredits": expected_credits,
        }
        body: dict[str, Any] = {"items": "all" if items is None else list(items), **files.body}
        body |= {name: value for name, value in said.items() if value is not None}
        key = idempotency_key or str(uuid.uuid4())
        path = f"{STUDIO}/projects/{project_id}/export-zip"
        return self._api.post(path, ExportOrdered, body, key=key)

    def show(self, export_id: str, *, wait_s: int = 0) -> Export:
        """One as it stands, or as soon as it is over within `wait_s` (0 to 20) seconds."""
        params = {"wait": wait_s} if wait_s else None
        return self._api.get(f"{STUDIO}/exports/{export_id}", Export, params)

    def wait(
        self,
        export_id: str,
        *,
        timeout_s: float = 3 * 3600,
        on_look: Callable[[Export], None] = lambda _: None,
    ) -> Export:
        """One once it is over, whether well or not.

        Raises ApiProblem `still_running` after `timeout_s`; it goes on by itself.
        """
        polls = iter(_LONG_POLLS_S)

        def look() -> tuple[Export, float]:
            return self.show(export_id, wait_s=next(polls, _LONG_POLLS_S[-1])), _PAUSE_S

        return until_over(
            look,
            on_look,
            named={"exportId": export_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )

    def cancel(self, export_id: str) -> Export:
        """Leaves out what nobody has begun; 409 `batch_closed` once all pictures are over."""
        return self._api.post(f"{STUDIO}/exports/{export_id}/cancel", Export)

    def retry(self, export_id: str, *, idempotency_key: str | None = None) -> ExportOrdered:
        """A new export of the pictures that failed, at what came back for them."""
        path = f"{STUDIO}/exports/{export_id}/retry"
        return self._api.post(path, ExportOrdered, key=idempotency_key)

    def download(
        self,
        export_id: str,
        target: str | os.PathLike[str],
        on_bytes: OnBytes = lambda *_: None,
    ) -> Path:
        """Writes the ZIP to `target`, which appears whole or not at all."""
        return self._fetch(export_id, "download", target, on_bytes)

    def report(self, export_id: str, target: str | os.PathLike[str]) -> Path:
        """Writes the report, a page, to `target`: what was measured of each file, and by whom."""
        return self._fetch(export_id, "report", target, lambda *_: None)

    def _fetch(
        self, export_id: str, what: str, target: str | os.PathLike[str], on_bytes: OnBytes
    ) -> Path:
        def ask() -> DownloadLink:
            return self._api.get(f"{STUDIO}/exports/{export_id}/{what}", DownloadLink)

        return self._storage.download(ask, target, on_bytes)
