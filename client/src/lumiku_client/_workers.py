"""Several threads over many pieces of work, until all is done or Ctrl-C."""

import queue
import threading
import time
from collections.abc import Callable, Iterable

# Time for workers to put their tools down after Ctrl-C, before they are left behind.
_FAREWELL_S = 2.0


class Stopped(Exception):
    """Raised inside a worker to make it stop where it is."""


class Workers:
    """Threads that share out work, and that can be told to stop in the middle of it."""

    def __init__(self) -> None:
        self._stopping = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether there was Ctrl-C, or a worker failed."""
        return self._stopping.is_set()

    def check(self) -> None:
        """Raises Stopped in a worker that shall not go on."""
        self.pause(0)

    def pause(self, seconds: float) -> None:
        """Sleeps, but not through an end."""
        if self._stopping.wait(seconds):
            raise Stopped

    def run[T](
        self,
        todo: Iterable[T],
        work: Callable[[T], None],
        *,
        parallel: int,
        worth_waiting: Callable[[], bool] = lambda: True,
    ) -> None:
        """Does `work` with each of `todo`, `parallel` of them at a time.

        What `work` raises stops all and is raised here. Ctrl-C too, as soon as the workers have
        stopped, a short time is over, or none does anything `worth_waiting` for.
        """
        left: queue.SimpleQueue[T] = queue.SimpleQueue()
        raised: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
        for piece in todo:
            left.put(piece)

        def worker() -> None:
            try:
                while not self.stopping:
                    work(left.get_nowait())
            except (queue.Empty, Stopped):
                return
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                raised.put(error)
                self._stopping.set()

        # Daemons: a silent server must not hold the process back after Ctrl-C.
        threads = [
            threading.Thread(target=worker, daemon=True) for _ in range(min(parallel, left.qsize()))
        ]

        def join_while(condition: Callable[[], bool]) -> None:
            for thread in threads:
                while thread.is_alive() and condition():
                    thread.join(0.1)

        try:
            for thread in threads:
                thread.start()
            join_while(lambda: True)
        except KeyboardInterrupt:
            self._stopping.set()
            deadline = time.monotonic() + _FAREWELL_S
            join_while(lambda: worth_waiting() and time.monotonic() < deadline)
            raise
        if not raised.empty():
            raise raised.get()
