"""What a form brings that JSON would not let through."""

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER

ENDLESS = "x" * 500_000


@pytest.fixture
def rich(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API, with a caller who has credits; nobody waits for results, as no worker is at it."""
    api.stack.open_account(SELLER, 50)
    monkeypatch.setattr(api.stack.app("jobs_api"), "MAX_WAIT_S", 0)
    return api


def test_a_name_that_no_row_could_hold_is_cut(rich: Api) -> None:
    got = form(f"{P}/remove", rich, "image", {}, ENDLESS)
    assert got.status == 202
    job = rich.get(f"{P}/jobs/{got.data['jobId']}").data
    assert job["fileName"] == "x" * 255


def test_names_of_a_batch_are_cut_so_that_all_fit_into_its_row(rich: Api) -> None:
    got = form(f"{P}/batch", rich, "images", {}, ENDLESS)
    assert got.status == 201
    assert [file["name"] for file in got.data["files"]] == ["x" * 150] * 2
