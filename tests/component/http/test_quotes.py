"""What an order for an item would cost, before it is given."""

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER
from tests.component.processing import WHITE, balance, bought, done, fails, on_plan, process


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def test_a_quote_is_what_the_order_is_charged_and_changes_nothing(api: Api, item: str) -> None:
    quote = api.post(f"{P}/items/{item}/quote", {"workflow": WHITE}).data

    assert (quote["credits"], quote["price"]["base"], quote["variationId"]) == (21, 23, None)
    assert (quote["plan"], quote["balance"], quote["affordable"]) == ("payg", 1000, True)
    assert balance(api) == 1000
    assert done(api, item)["creditsUsed"] == 21


def test_what_was_made_before_is_quoted_as_nothing_with_its_picture(api: Api, item: str) -> None:
    done(api, item)

    quote = api.post(f"{P}/items/{item}/quote", {"workflow": WHITE}).data

    assert quote["credits"] == 0
    assert quote["variationId"] == api.get(f"{P}/items/{item}").data["selectedVariationId"]


def test_a_removal_that_is_paid_for_is_not_in_the_quote(api: Api, item: str) -> None:
    done(api, item, {"background": {"action": "remove"}})

    quote = api.post(f"{P}/items/{item}/quote", {"workflow": WHITE}).data

    names = [part["name"] for part in quote["price"]["parts"]]
    assert names == ["solid-background", "natural-shadow"]
    assert quote["credits"] == done(api, item)["creditsUsed"]


def test_a_failed_order_leaves_the_removal_in_the_quote(api: Api, item: str) -> None:
    failed = process(api, item, {"background": {"action": "remove"}}).data
    api.stack.begin(failed["generation"]["generationId"], fails)

    quote = api.post(f"{P}/items/{item}/quote", {"workflow": WHITE}).data

    assert quote["credits"] == 21


def test_upscalings_of_the_plan_and_what_it_lacks_are_told(api: Api, item: str) -> None:
    ask = {"workflow": {"upscale": {"factor": 2}}}
    lacking = {"templateId": "valentine-hearts"}
    told = api.post(f"{P}/items/{item}/quote", lacking).data["notInPlan"]
    on_plan(api, "premium")

    assert told["availableIn"] == "premium"
    assert api.post(f"{P}/items/{item}/quote", ask).data["credits"] == 0
    assert api.post(f"{P}/items/{item}/quote", lacking).data["notInPlan"] is None


def test_the_same_picture_in_other_words_is_not_charged_again(api: Api, item: str) -> None:
    done(api, item)
    said = {**WHITE, "lighting": {"mode": "none"}}

    assert process(api, item, said).data["creditsUsed"] == 0


@pytest.mark.parametrize("body", [{}, {"workflow": WHITE, "templateId": "pure-white"}])
def test_a_quote_is_of_one_thing(api: Api, item: str, body: dict[str, object]) -> None:
    got = api.post(f"{P}/items/{item}/quote", body)

    assert (got.status, got.json["code"]) == (400, "invalid_request")


def test_another_accounts_item_has_no_price(api: Api, item: str) -> None:
    assert api.post(f"{P}/items/{item}/quote", {"workflow": WHITE}, user=STRANGER).status == 404
