"""Whoever waits for what a function wrote to its log sleeps meanwhile.

After each invocation upstream looks for lines once a millisecond, on the cores that the functions
work on.
"""

import time
from contextlib import suppress
from queue import Empty
from typing import Any

from ministack.core.lambda_runtime import Worker

from local.patches.expect import expect, expect_upstream


def apply() -> None:
    """Wait for lines in the queue that they come by, for as long as upstream does."""
    upstream = Worker._drain_stderr_bounded
    expect_upstream(upstream, "how a log is waited for")
    names, constants = upstream.__code__.co_names, upstream.__code__.co_consts
    expect({"_stderr_queue", "sleep"} <= {*names} and 0.001 in constants, "the log's queue")
    first_line_wait, idle_confirm, hard_cap = upstream.__defaults__

    def drained(self: Any) -> str:
        lines: list[str] = []
        wait_s, end = first_line_wait, time.monotonic() + hard_cap
        with suppress(Empty):
            while (left_s := end - time.monotonic()) > 0:
                lines.append(self._stderr_queue.get(timeout=min(wait_s, left_s)))
                wait_s = idle_confirm
        return "\n".join(lines)

    Worker._drain_stderr_bounded = drained
