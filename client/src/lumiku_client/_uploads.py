"""Many photos into one form, several at a time."""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ._batch_models import BatchPhoto, PhotoAt, PhotoUpload
from ._errors import CONNECTION_LOST, UNREACHABLE, ApiProblem
from ._models import UploadTicket
from ._photos import unreadable
from ._transfer import Storage
from ._workers import Workers

type OnSent = Callable[[PhotoUpload, int, int], None]
type OnOver = Callable[[PhotoUpload, ApiProblem | None], None]

# What the API takes for a name.
_NAME_CHARACTERS = 150
# After one of these no other photo would fare better.
_HOPELESS_CODES = {UNREACHABLE, CONNECTION_LOST, "batch_closed"}
_HOPELESS_STATUSES = {401, 404, 410}


def announced(photos: Sequence[BatchPhoto | PhotoAt]) -> list[Mapping[str, str | int]]:
    """The photos as an order names them."""
    return [
        {"name": announced_name(photo.name), "size": photo.size_bytes}
        if isinstance(photo, BatchPhoto)
        else {"url": photo.url, **({"name": announced_name(photo.name)} if photo.name else {})}
        for photo in photos
    ]


class Form:
    """The form that is in use; asked for anew by the first who finds it expired."""

    def __init__(self, renew: Callable[[], UploadTicket], first: UploadTicket | None) -> None:
        self._renew = renew
        self._ticket = first
        self._lock = threading.Lock()

    def current(self, refused: UploadTicket | None = None) -> UploadTicket:
        """The form, and a newer one than that which was refused."""
        with self._lock:
            if self._ticket is None or self._ticket is refused:
                self._ticket = self._renew()
            return self._ticket


def upload_all(
    storage: Storage,
    form: Form,
    photos: Sequence[PhotoUpload],
    *,
    parallel: int,
    on_bytes: OnSent,
    on_over: OnOver,
) -> None:
    """Returns when all were tried, whatever happened to each; raises what would meet them all."""
    workers = Workers()
    hopeless: list[ApiProblem] = []

    def put(photo: PhotoUpload, ticket: UploadTicket) -> None:
        def count(done: int, total: int) -> None:
            workers.check()
            on_bytes(photo, done, total)

        keyed = ticket.model_copy(update={"fields": {**ticket.fields, "key": photo.key}})
        storage.put(photo.path, keyed, count)

    def send(photo: PhotoUpload) -> None:
        ticket = form.current()
        try:
            put(photo, ticket)
        except ApiProblem as problem:
            if problem.status != 403:
                raise
            put(photo, form.current(refused=ticket))

    def work(photo: PhotoUpload) -> None:
        if hopeless:
            return
        problem: ApiProblem | None = None
        try:
            send(photo)
        except ApiProblem as refusal:
            problem = refusal
        except OSError as error:
            problem = unreadable(error)
        if problem and (problem.code in _HOPELESS_CODES or problem.status in _HOPELESS_STATUSES):
            hopeless.append(problem)
        else:
            on_over(photo, problem)

    workers.run(photos, work, parallel=parallel)
    if hopeless:
        raise hopeless[0]


def announced_name(name: str) -> str:
    """The name with its ending, no longer than the API takes."""
    if len(name) <= _NAME_CHARACTERS:
        return name
    suffix = Path(name).suffix[:20]
    return name[: _NAME_CHARACTERS - len(suffix)] + suffix
