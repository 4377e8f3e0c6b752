"""Many photos into one form, several at a time."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ._batch_models import PhotoUpload
from ._errors import ApiProblem
from ._models import UploadTicket
from ._retry import CONNECTION_LOST, UNREACHABLE
from ._transfer import OnBytes

type OnOver = Callable[[PhotoUpload, ApiProblem | None], None]
type Put = Callable[[Path, UploadTicket, OnBytes], None]

# Time for workers to put their photos down after Ctrl-C, before they are left behind.
_FAREWELL_S = 2.0

# After one of these no other photo would fare better.
_HOPELESS_CODES = {UNREACHABLE, CONNECTION_LOST, "batch_closed"}
_HOPELESS_STATUSES = {401, 404, 410}


class _Stopped(Exception):
    """Raised inside a worker to make it stop where it is."""


class _Form:
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


class Uploads:
    """Sends photos with one form; each is tried, whatever happens to the others."""

    def __init__(
        self, put: Put, renew: Callable[[], UploadTicket], form: UploadTicket | None
    ) -> None:
        self._put = put
        self._form = _Form(renew, form)
        self._stopping = threading.Event()
        self._hopeless: ApiProblem | None = None
        self._bugs: queue.SimpleQueue[BaseException] = queue.SimpleQueue()

    def run(
        self,
        photos: Sequence[PhotoUpload],
        *,
        parallel: int,
        on_bytes: Callable[[PhotoUpload, int, int], None],
        on_over: OnOver,
    ) -> None:
        """Returns when all were tried; soon after Ctrl-C, which goes on to the caller."""
        todo: queue.SimpleQueue[PhotoUpload] = queue.SimpleQueue()
        for photo in photos:
            todo.put(photo)

        def work() -> None:
            try:
                while not self._stopping.is_set() and self._hopeless is None:
                    self._send(todo.get_nowait(), on_bytes, on_over)
            except (queue.Empty, _Stopped):
                return
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                self._bugs.put(error)
                self._stopping.set()

        # Daemons: a silent server must not hold the process back after Ctrl-C.
        workers = [
            threading.Thread(target=work, daemon=True) for _ in range(min(parallel, len(photos)))
        ]
        try:
            for worker in workers:
                worker.start()
            _join(workers)
        except KeyboardInterrupt:
            self._stopping.set()
            _join(workers, _FAREWELL_S)
            raise
        if not self._bugs.empty():
            raise self._bugs.get()
        if self._hopeless is not None:
            raise self._hopeless

    def _send(
        self,
        photo: PhotoUpload,
        on_bytes: Callable[[PhotoUpload, int, int], None],
        on_over: OnOver,
    ) -> None:
        def count(done: int, total: int) -> None:
            if self._stopping.is_set():
                raise _Stopped
            on_bytes(photo, done, total)

        def put(form: UploadTicket) -> None:
            keyed = form.model_copy(update={"fields": {**form.fields, "key": photo.key}})
            self._put(photo.path, keyed, count)

        try:
            form = self._form.current()
            try:
                put(form)
            except ApiProblem as problem:
                if problem.status != 403:
                    raise
                put(self._form.current(refused=form))
        except ApiProblem as problem:
            if problem.code in _HOPELESS_CODES or problem.status in _HOPELESS_STATUSES:
                self._hopeless = problem
            else:
                on_over(photo, problem)
        except OSError as error:
            on_over(photo, _unreadable(error))
        else:
            on_over(photo, None)


def _unreadable(error: OSError) -> ApiProblem:
    reason = error.strerror or str(error)
    return ApiProblem(status=0, code="photo_not_read", title=f"The photo cannot be read: {reason}")


def _join(workers: Sequence[threading.Thread], timeout_s: float = float("inf")) -> None:
    deadline = time.monotonic() + timeout_s
    for worker in workers:
        while worker.is_alive() and time.monotonic() < deadline:
            worker.join(0.1)
