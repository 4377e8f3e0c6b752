"""Orders of what providers paint: what they cost, what comes back, what is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.apps.studio.prices import BATCH_SURCHARGES, Feature
from lumiku.domain.work.receipts import AskedFor, Receipt
from lumiku.services.work.attempts import Attempt, Develop, Developed, PhotoRejected
from tests.component import batches, desk
from tests.component.http.conftest import Api
from tests.component.processing import balance, bought, on_plan, process, processed, variations

ROUTES = json.dumps(
    {
        "ai-simple": ["fal:flux-schnell", "local"],
        "ai-complex": ["fal:flux-fill", "local"],
        "relight": ["fal:iclight", "local"],
    }
)
WORDS: dict[str, Any] = {"background": {"action": "ai", "prompt": "marble table"}}
LIT = {**WORDS, "lighting": {"mode": "ai", "preset": "studio"}}
REFUSED = [
    "a naked model on a marble table",
    "PO\u200bRN",
    "tubuh telanjang di meja",
    "ku-klux-klan",
    "\uff4e\uff41\uff5a\uff49",
]


def by(*theirs: str) -> Develop:
    """What a worker makes where these routes are answered by a provider."""

    def develop(attempt: Attempt) -> Developed:
        asked = {
            route: AskedFor(entry="fal:x" if route in theirs else "local", microusd=3_000)
            for route in ("ai-simple", "ai-complex", "relight")
        }
        return replace(processed(attempt), receipt=Receipt(asked=asked))

    return develop


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody on the premium plan, where providers may be asked."""
    for folder in ("generations_api", "studio_batches_api", "credits_api"):
        api.stack.app(folder, ProviderRoutes=ROUTES)
    found = bought(api)
    on_plan(api, "premium")
    return found


def made(api: Api, item: str, look: dict[str, Any], develop: Develop) -> dict[str, Any]:
    """A generation of that look that is over, as it is shown."""
    job_id = process(api, item, look).data["generation"]["generationId"]
    assert api.stack.begin(job_id, develop) == "completed"
    shown: dict[str, Any] = api.get(f"{P}/generations/{job_id}").data
    return shown


@pytest.mark.parametrize(
    ("look", "theirs", "charged", "back"),
    [
        (WORDS, ("ai-simple",), 18, 0),
        (WORDS, (), 18, 2),
        ({"background": {**WORDS["background"], "complexity": "complex"}}, (), 27, 11),
        (LIT, ("ai-simple", "relight"), 36, 0),
        (LIT, ("ai-simple",), 36, 9),
        (LIT, ("relight",), 36, 2),
        (LIT, (), 36, 11),
    ],
)
def test_what_our_own_models_made_in_a_providers_place_comes_back_once(
    api: Api, item: str, look: dict[str, Any], theirs: tuple[str, ...], charged: int, back: int
) -> None:
    before = balance(api)
    quote = api.post(f"{P}/items/{item}/quote", {"workflow": look}).data
    asked = api.post(f"{P}/pricing/calculate", {"workflow": look}).data

    shown = made(api, item, look, by(*theirs))
    again = api.get(f"{P}/generations/{shown['generationId']}").data
    desk.sweep(api.stack)

    assert (quote["credits"], asked["order"]["total"]) == (charged, charged)
    assert (shown["creditsUsed"], shown["creditsRefunded"]) == (charged - back, back)
    assert again["creditsRefunded"] == back
    assert balance(api) == before - charged + back
    [variation] = variations(api, item)
    assert variation["creditsUsed"] == charged - back


def test_who_made_what_is_told(api: Api, item: str) -> None:
    theirs = made(api, item, LIT, by("ai-simple"))
    ours = made(api, item, {"background": {**WORDS["background"], "seed": 2}}, by())

    assert theirs["asked"]["source"] == "ai"
    assert theirs["receipt"]["asked"] == {
        "ai-simple": "fal:x",
        "ai-complex": "local",
        "relight": "local",
    }
    assert ours["asked"]["source"] == "procedural"
    assert variations(api, item)[0]["asked"]["source"] == "procedural"


def test_a_quote_tells_what_was_understood_and_who_paints(api: Api, item: str) -> None:
    look = {"background": {"action": "ai", "prompt": "marble table with a dragon"}}

    hosted = api.post(f"{P}/items/{item}/quote", {"workflow": look}).data["prompt"]
    plain = api.post(f"{P}/items/{item}/quote", {"templateId": "marble-counter"}).data["prompt"]

    assert hosted == {"understood": ["marble", "table"], "ignored": ["dragon"], "source": "ai"}
    assert plain is None


def test_without_hosted_routes_words_cost_what_a_template_does(api: Api) -> None:
    item = bought(api)
    on_plan(api, "premium")

    ordered = process(api, item, LIT).data

    assert ordered["creditsUsed"] == 25  # 5, 12 and 10, less 10 %
    assert ordered["generation"]["asked"]["source"] == "procedural"


def test_batches_ask_providers_only_where_that_is_paid_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = batches.opened(api)
    on_plan(api, "premium")
    api.stack.app("studio_batches_api", ProviderRoutes=ROUTES)

    ordered = batches.order(api, project, {"workflow": WORDS}).data

    assert ordered["creditsUsed"] == 10 + 4 * 5
    rows = api.stack.groups.group_jobs(ordered["generation"]["generationId"])
    assert {step.name for row in rows for step in row.workflow} >= {"in-scene"}
    assert all(row.if_ours is None for row in rows)


def test_a_surcharge_of_a_batch_comes_back_for_each_item_that_we_painted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BATCH_SURCHARGES, Feature.AI_BACKGROUND, 3)
    project, _ = batches.opened(api)
    on_plan(api, "premium")
    api.stack.app("studio_batches_api", ProviderRoutes=ROUTES)
    before = balance(api)

    batch_id = batches.order(api, project, {"workflow": WORDS}).data["generation"]["generationId"]
    for index, develop in enumerate([by("ai-simple"), by("ai-simple"), by(), by()]):
        assert api.stack.begin(f"{batch_id}_{index:04d}", develop) == "completed"
    desk.close(api.stack, batch_id)

    told = batches.shown(api, batch_id)
    assert (told["creditsUsed"], told["creditsRefunded"]) == (42 - 6, 6)
    assert balance(api) == before - 42 + 6


@pytest.mark.parametrize("prompt", REFUSED)
def test_words_that_nobody_paints_are_refused_before_anything_is_charged(
    api: Api, item: str, prompt: str
) -> None:
    before, look = balance(api), {"background": {"action": "ai", "prompt": prompt}}
    sent = {"workflow": look}

    answers = [
        process(api, item, look),
        api.post(f"{P}/items/{item}/quote", sent),
        api.post(f"{P}/items/{item}/preview", sent),
        api.post(f"{P}/pricing/calculate", sent),
    ]

    for answer in answers:
        assert (answer.status, answer.json["code"]) == (422, "prompt_refused")
        assert answer.json["because"]
    assert balance(api) == before


@pytest.mark.parametrize("prompt", ["\U0001f31f\U0001f338", "x" * 501, " ", "!!"])
def test_a_prompt_without_words_or_too_long_is_told_as_that(
    api: Api, item: str, prompt: str
) -> None:
    before = balance(api)

    got = process(api, item, {"background": {"action": "ai", "prompt": prompt}})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"] for error in got.json["errors"]] == ["body.workflow.background.prompt"]
    assert balance(api) == before


def test_words_that_a_provider_refuses_cost_nothing_and_say_why(api: Api, item: str) -> None:
    def refuse(_: Attempt) -> Developed:
        raise PhotoRejected("prompt_refused", "The provider refuses to paint these words.")

    before = balance(api)
    job_id = process(api, item, WORDS).data["generation"]["generationId"]
    api.stack.begin(job_id, refuse)
    api.stack.settle(job_id)

    shown = api.get(f"{P}/generations/{job_id}").data
    assert (shown["status"], shown["error"]["code"]) == ("failed", "prompt_refused")
    assert shown["creditsUsed"] == 0
    assert balance(api) == before
