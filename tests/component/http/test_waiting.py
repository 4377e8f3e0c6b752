"""Waiting for a job: as long as it takes, or as long as was asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER


class Naps:
    """Sleep that does not, but lets something happen at the third nap."""

    def __init__(self, api: Api, monkeypatch: pytest.MonkeyPatch, job_id: str | None) -> None:
        self.count = 0
        self._api, self._job_id, self._now = api, job_id, utc_now()
        app = api.stack.app("jobs_api")
        clock = replace(app.jobs, sleep=self._nap, clock=lambda: self._now)
        monkeypatch.setattr(app, "jobs", clock)

    def _nap(self, seconds: float) -> None:
        self.count += 1
        self._now += timedelta(seconds=seconds)
        if self._job_id and self.count == 3:
            self._api.stack.work(self._job_id)


def test_a_long_poll_answers_as_soon_as_the_job_is_over(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.stack.put_job("job_1", SELLER)
    naps = Naps(api, monkeypatch, "job_1")

    got = api.get(f"{P}/jobs/job_1", query={"wait": "20"})

    assert (got.data["status"], naps.count) == ("completed", 3)


def test_a_long_poll_gives_up_after_the_seconds_asked_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.stack.put_job("job_1", SELLER)
    naps = Naps(api, monkeypatch, None)

    got = api.get(f"{P}/jobs/job_1", query={"wait": "20"})

    assert (got.data["status"], naps.count) == ("pending", 40)


@pytest.mark.parametrize("query", [None, {"wait": "0"}])
def test_without_wait_nobody_waits(
    api: Api, monkeypatch: pytest.MonkeyPatch, query: dict[str, str] | None
) -> None:
    api.stack.put_job("job_1", SELLER)
    naps = Naps(api, monkeypatch, None)

    assert api.get(f"{P}/jobs/job_1", query=query).data["status"] == "pending"
    assert naps.count == 0


@pytest.mark.parametrize("wait", ["-1", "21", "1.5", "long", ""])
def test_a_bad_wait_is_a_400(api: Api, wait: str) -> None:
    assert api.get(f"{P}/jobs/job_1", query={"wait": wait}).status == 400
