"""Photos on their way into a project."""

import uuid
from collections.abc import Callable, Sequence

from ._api import STUDIO, Api
from ._batch_models import BatchPhoto, PhotoAt, PhotoUpload
from ._models import UploadTicket
from ._retry import Patience
from ._studio_models import Upload, UploadSubmission
from ._transfer import Storage
from ._uploads import Form, OnOver, OnSent, announced, upload_all
from ._waiting import until_over

_PAUSE_S = 1.0


class ItemUploads:
    """Uploads of 1 to 100 photos, 2 credits each. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage, patience: Patience) -> None:
        self._api = api
        self._storage = storage
        self._patience = patience

    def submit(
        self,
        project_id: str,
        photos: Sequence[BatchPhoto | PhotoAt],
        *,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> UploadSubmission:
        """Announces and pays for photos, whose bytes go into `upload` within 15 minutes.

        Those that are `PhotoAt` are fetched.

        `expected_credits` is refused with 409 `price_changed` unless it is today's price.
        The same `idempotency_key` with the same photos gives the same upload, paid once.
        """
        body: dict[str, object] = {"files": announced(photos)}
        if expected_credits is not None:
            body["expectedCredits"] = expected_credits
        key = idempotency_key or str(uuid.uuid4())
        path = f"{STUDIO}/projects/{project_id}/items/upload"
        return self._api.post(path, UploadSubmission, body, key=key)

    def show(self, project_id: str, upload_id: str) -> Upload:
        """An upload as it stands."""
        return self._api.get(_path(project_id, upload_id), Upload)

    def renew_form(self, project_id: str, upload_id: str) -> UploadTicket:
        """A new form for its photos. 409 `batch_closed` once none are awaited any more."""
        return self._api.post(f"{_path(project_id, upload_id)}/upload-policy", UploadTicket)

    def upload(
        self,
        project_id: str,
        upload_id: str,
        photos: Sequence[PhotoUpload],
        form: UploadTicket | None = None,
        *,
        parallel: int = 4,
        on_bytes: OnSent = lambda *_: None,
        on_over: OnOver = lambda *_: None,
    ) -> None:
        """Sends the photos as `Batches.upload` does."""
        forms = Form(lambda: self.renew_form(project_id, upload_id), form)
        upload_all(
            self._storage, forms, photos, parallel=parallel, on_bytes=on_bytes, on_over=on_over
        )

    def finish(self, project_id: str, upload_id: str) -> Upload:
        """No more photos will come: what was not uploaded is given back. Once is enough."""
        return self._api.post(f"{_path(project_id, upload_id)}/finish", Upload)

    def wait(
        self,
        project_id: str,
        upload_id: str,
        *,
        timeout_s: float = 1800,
        on_look: Callable[[Upload], None] = lambda _: None,
    ) -> Upload:
        """The upload once each photo is an item or never will be; `on_look` is told of each look.

        Raises ApiProblem `still_running` after `timeout_s`; the upload itself goes on.
        """
        return until_over(
            lambda: (self.show(project_id, upload_id), _PAUSE_S),
            on_look,
            named={"uploadId": upload_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )


def _path(project_id: str, upload_id: str) -> str:
    return f"{STUDIO}/projects/{project_id}/uploads/{upload_id}"
