"""The account itself: a copy of all that is kept of it, and its deletion."""

import os
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from ._api import Api
from ._models import Answer, DownloadLink
from ._transfer import OnBytes, Storage

_EXPORT = "/api/account/export"


class AccountExport(Answer):
    """A copy of all that is kept of the account: a ZIP of rows, files and a manifest.

    `left_out` files are only named in its manifest, with the reason.
    """

    takeout_id: str | None = None
    status: Literal["none", "pending", "ready", "expired"]
    asked_at: AwareDatetime | None = None
    ready_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    size_bytes: int = 0
    files: int = 0
    left_out: int = 0


class AccountDeletion(Answer):
    """An account that is closed, and erased some time after `settles_at`."""

    asked_at: AwareDatetime
    settles_at: AwareDatetime


class Account:
    """The part of a client that is about leaving. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage) -> None:
        self._api = api
        self._storage = storage

    def ask_for_export(self) -> AccountExport:
        """Has a copy of all data made, at most once a day; a mail tells when it is ready."""
        return self._api.post(_EXPORT, AccountExport)

    def export(self) -> AccountExport:
        """The newest copy."""
        return self._api.get(_EXPORT, AccountExport)

    def download_export(
        self, target: str | os.PathLike[str], on_bytes: OnBytes = lambda *_: None
    ) -> Path:
        """Writes the ZIP to `target`, which appears whole or not at all."""

        def ask() -> DownloadLink:
            return self._api.get(f"{_EXPORT}/download", DownloadLink)

        return self._storage.download(ask, target, on_bytes)

    def delete(self, email: str, password: str) -> AccountDeletion:
        """Deletes the account and all that belongs to it, for ever; credits are lost."""
        body = {"email": email, "password": password}
        return self._api.post("/api/account/delete", AccountDeletion, body)
