"""Limits of an account's own hold for whatever counts as an order of the studio."""

from dataclasses import replace

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.people.limits import STUDIO, Limit
from lumiku.services.clock import utc_now
from lumiku.services.projects.items import Items
from lumiku.services.transactions import SetLimits
from tests.component.desk import filled
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER


def test_changes_of_many_items_are_held_up_at_the_account_s_own_limit(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.stack.open_account(SELLER, 500)
    project_id, _ = filled(api, "a.jpg")
    path, app, now = f"{P}/projects/{project_id}/items", api.stack.app("items_api"), utc_now()
    fixed: Items = replace(app.items, clock=lambda: now)
    monkeypatch.setattr(app, "items", fixed)
    monkeypatch.setattr(app, "importing", replace(app.importing, items=fixed))
    own = Limit(name=STUDIO.name, count=3, window_s=60)
    api.stack.transactions.commit(SetLimits(SELLER, {STUDIO.name: own}))

    bulk = api.post(f"{path}/bulk", {"itemIds": ["item"]})
    csv = api.post(f"{path}/import-csv", {"csv": "file_name,sku\na.jpg,A\n"})
    late = api.post(f"{path}/bulk", {"itemIds": ["item"]})

    # The upload that filled the project was the first of three.
    assert (bulk.status, csv.status, late.status) == (200, 200, 429)
    assert late.headers["ratelimit-policy"] == '"studio";q=3;w=60'
