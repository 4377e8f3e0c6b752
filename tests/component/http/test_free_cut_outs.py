"""Cut-outs that are made for nothing: once, with no entry in the ledger, and paying for nothing."""

import pytest

from lumiku.apps.studio.cut_outs import CutOuts
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.apps.studio.plans import RENDERINGS, StudioPlanName
from lumiku.domain.errors import PhotoRefused
from lumiku.domain.people.callers import person
from lumiku.services.clock import utc_now
from tests.component.desk import kept
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.processing import bought, fails, process, processed, variations
from tests.dynamodb import all_rows

REMOVED = {"background": {"action": "remove"}}


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def free_cut_outs(api: Api) -> CutOuts:
    app = api.stack.app("generations_api")
    orders, store = app.orders, app.variations
    return CutOuts(
        orders.variations,
        store.finishing,
        orders.jobs,
        api.stack.transactions,
        orders.lanes,
        orders.precision,
        utc_now,
    )


def test_a_free_cut_out_is_made_once_charges_nothing_and_pays_for_nothing(
    api: Api, item: str
) -> None:
    cut_outs = free_cut_outs(api)
    rendering = RENDERINGS[StudioPlanName.PAYG]
    found = api.stack.app("generations_api").variations.items.get(person(SELLER), item)
    before = len([row for row in all_rows() if row["sk"].startswith("LEDGER")])

    assert cut_outs.find(found, rendering) is None
    assert cut_outs.find(found, rendering) is None
    [job_id] = [row["id"] for row in all_rows() if row["pk"].startswith("JOB#generation")]
    api.stack.begin(job_id, processed)
    cut_out = cut_outs.find(found, rendering)

    assert cut_out is not None
    assert cut_out.kept.key in kept(api.stack)
    assert variations(api, item) == []
    assert api.get(f"{P}/generations").data["generations"] == []
    assert api.get(f"{P}/generations/{job_id}").status == 404
    assert len([row for row in all_rows() if row["sk"].startswith("LEDGER")]) == before
    ordered = process(api, item, REMOVED).data
    assert ordered["creditsUsed"] == 5, "a preview's cut-out is no removal that was paid for"
    job = api.stack.jobs.get(ordered["generation"]["generationId"])
    assert job is not None
    assert job.kept == cut_out.kept


def test_a_free_cut_out_that_fails_gives_nothing_back_and_says_why(api: Api, item: str) -> None:
    cut_outs = free_cut_outs(api)
    rendering = RENDERINGS[StudioPlanName.PAYG]
    found = api.stack.app("generations_api").variations.items.get(person(SELLER), item)
    cut_outs.find(found, rendering)
    [job_id] = [row["id"] for row in all_rows() if row["pk"].startswith("JOB#generation")]
    entries = len([row for row in all_rows() if row["sk"].startswith("LEDGER")])
    api.stack.begin(job_id, fails)
    api.stack.settle(job_id)

    with pytest.raises(PhotoRefused, match="damaged"):
        cut_outs.find(found, rendering)
    assert len([row for row in all_rows() if row["sk"].startswith("LEDGER")]) == entries
