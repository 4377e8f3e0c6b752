"""How long the stages of a photo take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Milliseconds by stage, in `ms`, in the order in which they ended.

    A stage that comes again adds up; time of a stage within another belongs to the inner one.
    """

    def __init__(self) -> None:
        self.ms: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done within, however it ends."""
        began, elsewhere = time.perf_counter(), sum(self.ms.values())
        try:
            yield
        finally:
            spent = round((time.perf_counter() - began) * 1000)
            within = sum(self.ms.values()) - elsewhere
            self.ms[name] = self.ms.get(name, 0) + max(0, spent - within)
