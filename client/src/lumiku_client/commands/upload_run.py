"""One upload into a project from the order to the items, wherever an earlier run left it.

What that takes is in a small file beside the login. It is written before anything is charged: the
idempotency key in it makes sending the same order again harmless.
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lumiku_client._batch_models import BatchPhoto, PhotoUpload
from lumiku_client._client import Client
from lumiku_client._errors import ApiProblem
from lumiku_client._photos import printable
from lumiku_client._studio_models import Upload, UploadedFile, UploadSubmission
from lumiku_client._transfer import appearing

from .order_display import OrderDisplay
from .sentences import sentence
from .settings import config_folder

_OLD_S = 6 * 3600


@dataclass(frozen=True)
class Chosen:
    """A photo to upload, and its size when it was chosen."""

    path: Path
    size_bytes: int

    @property
    def name(self) -> str:
        """What it is called in the project, unless that is too long."""
        return printable(self.path.name)


@dataclass(frozen=True)
class Begun:
    """An upload that may have been ordered; `credits` is what was agreed to."""

    photos: Sequence[Chosen]
    credits: int
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Taken:
    """What became of a photo: its item, or why there is none."""

    photo: Path
    item_id: str | None = None
    code: str | None = None
    error: str | None = None


class Unfinished:
    """Where the upload of one project is noted until it is over."""

    def __init__(self, project_id: str) -> None:
        self.path = config_folder() / "uploads" / f"{project_id}.json"

    def load(self) -> Begun | None:
        """The upload that was not over when the last run ended; None too if that is unreadable.

        One that is old was closed since: what came is kept, and the rest was given back.
        """
        try:
            if time.time() - self.path.stat().st_mtime > _OLD_S:
                return None
            content: dict[str, Any] = json.loads(self.path.read_text(encoding="ascii"))
            photos = [Chosen(Path(p["path"]), int(p["size_bytes"])) for p in content["photos"]]
            return Begun(photos, int(content["credits"]), str(content["key"]))
        except (OSError, KeyError, TypeError, ValueError):
            return None

    def save(self, begun: Begun) -> None:
        """Writes the file whole, or leaves the earlier one."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with appearing(self.path) as partial:
            # Names that are not UTF-8 survive as escapes.
            partial.write_text(json.dumps(asdict(begun), default=str), encoding="ascii")

    def forget(self) -> None:
        """The upload is over, or was never accepted."""
        self.path.unlink(missing_ok=True)


def run(
    client: Client, project_id: str, begun: Begun, *, parallel: int, watch: OrderDisplay
) -> tuple[Upload, Sequence[Taken]]:
    """The upload once it is over, and what became of its photos, in their order.

    Raises ApiProblem, OSError, or KeyboardInterrupt; another run can go on from there.
    """
    note, uploads = Unfinished(project_id), client.studio.uploads
    note.save(begun)
    try:
        submission = uploads.submit(
            project_id,
            [BatchPhoto(photo.name, photo.size_bytes) for photo in begun.photos],
            expected_credits=begun.credits,
            idempotency_key=begun.key,
        )
    except ApiProblem as problem:
        if 400 <= problem.status < 500:
            note.forget()
        raise
    problems = _send(client, submission, begun.photos, parallel=parallel, watch=watch)
    uploads.finish(project_id, submission.upload_id)
    ended = uploads.wait(project_id, submission.upload_id, on_look=watch.kept)
    note.forget()
    return ended, [
        _taken(begun.photos[file.index].path, file, problems.get(file.index))
        for file in sorted(ended.files, key=lambda file: file.index)
    ]


def _send(
    client: Client,
    submission: UploadSubmission,
    photos: Sequence[Chosen],
    *,
    parallel: int,
    watch: OrderDisplay,
) -> Mapping[int, ApiProblem]:
    """Uploads what is not there yet; answers what went wrong with which photo."""
    where = submission.project_id, submission.upload_id
    keys = {file.index: file.key for file in submission.files}
    files = client.studio.uploads.show(*where).files
    todo = [
        PhotoUpload(file.index, photos[file.index].path, keys[file.index])
        for file in files
        if not file.is_over
    ]
    problems: dict[int, ApiProblem] = {}

    def over(photo: PhotoUpload, problem: ApiProblem | None) -> None:
        if problem is not None:
            problems[photo.index] = problem
        watch.sent(photo, problem)

    sizes = [photos[photo.index].size_bytes for photo in todo]
    watch.sending(sizes, sent=len(photos) - len(todo))
    try:
        client.studio.uploads.upload(
            *where,
            todo,
            submission.upload,
            parallel=parallel,
            on_bytes=watch.sent_bytes,
            on_over=over,
        )
    except ApiProblem as problem:
        if problem.code != "batch_closed":
            raise
    return problems


def _taken(photo: Path, file: UploadedFile, problem: ApiProblem | None) -> Taken:
    """What was seen here says more than what the server missed."""
    if file.item_id is not None:
        return Taken(photo, file.item_id)
    if problem is not None:
        return Taken(photo, None, problem.code, sentence(problem))
    if file.error is not None:
        return Taken(photo, None, file.error.code, printable(file.error.message))
    return Taken(photo, None, file.status, "It is not kept.")
