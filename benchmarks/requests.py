"""AWS requests that each HTTP route makes: `python -m benchmarks.requests`.

Every event under events/ goes to its function, over moto, and botocore's own hooks count the calls.
The account has had its free credits of the month: the first request of a month makes one
transaction more. Waiting routes are shown with one look per 0.5 s.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from benchmarks import report
from benchmarks.recording import recorded
from lumiku.services.clock import utc_now
from tests.component.attempts import rejected
from tests.component.expected_events import DONE, FAILING, PENDING, SECOND, STATUSES
from tests.component.http_events import SELLER
from tests.component.stack import running_stack
from tests.component.test_events import handle, load, prepare

SUBMIT = "jobs_api/remove"
MAX_SUBMIT_ROUND_TRIPS = 3


def requests_of(event: str) -> tuple[int, list[str]]:
    """Status and AWS requests of one event, in a world of its own."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as stack:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        stack.open_account(SELLER, 100)
        for job_id in (PENDING, DONE, FAILING):
            stack.put_job(job_id, SELLER)
        stack.put_job(SECOND, SELLER, closes_at=utc_now() - timedelta(minutes=1))
        stack.work(DONE)
        stack.work(FAILING, rejected)
        call = stack.call
        with recorded(stack) as calls:
            prepare(stack, event, monkeypatch)

            def call_alone(folder: str, sent: Mapping[str, Any]) -> Any:
                calls.clear()  # what was asked until now only prepares the call
                return call(folder, sent)

            monkeypatch.setattr(stack, "call", call_alone)
            status: int = handle(stack, event, monkeypatch)["statusCode"]
    return status, [made.name for made in calls]


def main() -> None:
    """Call every route, print, judge the submit."""
    answers = {event: requests_of(event) for event in sorted(STATUSES)}
    report.table(
        {"route": "", "event": "", "status": "", "requests": "", "which": ""},
        [
            (load(event)["routeKey"], event, status, len(calls), counted(calls))
            for event, (status, calls) in answers.items()
        ],
    )
    submit = len(answers[SUBMIT][1])
    report.verdict(
        f"a submit makes at most {MAX_SUBMIT_ROUND_TRIPS}", 0 < submit <= MAX_SUBMIT_ROUND_TRIPS
    )
    report.figures(submit_round_trips=submit)


def counted(calls: list[str]) -> str:
    """Names of requests, each once."""
    return ", ".join(f"{n} x {name}" if n > 1 else name for name, n in Counter(calls).items())


if __name__ == "__main__":
    main()
