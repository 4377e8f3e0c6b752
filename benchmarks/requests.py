"""AWS requests that each HTTP route makes: `python -m benchmarks.requests`.

Every event under events/ goes to its function, over moto, and botocore's own hooks count the calls.
Presigning is offline and makes none. The account has had its free credits of the month: the first
request of a month makes one transaction more. Waiting routes are shown with one look per 0.5 s.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
import pytest

from benchmarks import plots
from lumiku.services.clock import utc_now
from tests.component.http_events import SELLER
from tests.component.stack import rejected, running_stack
from tests.component.test_events import DONE, FAILING, PENDING, SECOND, STATUSES, handle, load

SUBMIT = "jobs_api/remove"
MAX_SUBMIT_ROUND_TRIPS = 3


@dataclass
class Recorder:
    """AWS calls in the order in which they were made, while `is_on`."""

    calls: list[str] = field(default_factory=list)
    is_on: bool = False

    def record(self, model: Any, **_: Any) -> None:
        """Note one call; botocore calls this before it sends a request."""
        if self.is_on:
            self.calls.append(f"{model.service_model.service_name}:{model.name}")


@contextmanager
def recorded(event: str) -> Iterator[tuple[int, list[str]]]:
    """Status and AWS calls of one event, in a world of its own."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as stack:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        stack.open_account(SELLER, 100)
        for job_id in (PENDING, DONE, FAILING):
            stack.put_job(job_id, SELLER)
        stack.put_job(SECOND, SELLER, closes_at=utc_now() - timedelta(minutes=1))
        stack.work(DONE)
        stack.work(FAILING, rejected)
        recorder = Recorder()
        events = boto3.DEFAULT_SESSION.events if boto3.DEFAULT_SESSION else None
        if events is None:
            raise LookupError("the stack has no session")
        events.register("before-call", recorder.record, unique_id="recorder")
        call = stack.call

        def call_recorded(folder: str, sent: Mapping[str, Any]) -> Any:
            recorder.is_on = True
            return call(folder, sent)

        monkeypatch.setattr(stack, "call", call_recorded)
        try:
            answer = handle(stack, event, monkeypatch)
            yield answer["statusCode"], recorder.calls
        finally:
            events.unregister("before-call", unique_id="recorder")


def main() -> None:
    """Call every route, print, judge the submit."""
    rows = []
    submit: list[str] = []
    for event in sorted(STATUSES):
        with recorded(event) as (status, calls):
            if event == SUBMIT:
                submit = calls.copy()
            counted = Counter(call.split(":", 1)[1] for call in calls)
            text = ", ".join(f"{n} x {name}" if n > 1 else name for name, n in counted.items())
            rows.append((load(event)["routeKey"], event, str(status), str(len(calls)), text))
    plots.print_table(("route", "event", "status", "requests", "which"), rows)
    within = 0 < len(submit) <= MAX_SUBMIT_ROUND_TRIPS
    print(f"a submit makes at most {MAX_SUBMIT_ROUND_TRIPS}: {'yes' if within else 'NO'}")
    plots.print_figures({"submit_round_trips": len(submit)})


if __name__ == "__main__":
    main()
