"""Templates: found by what is said of them, with the plan that has each."""

from urllib.parse import urlsplit

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX
from photo_steps.templates import PreviewSize, preview_key, templates
from tests.component.http.conftest import Api
from tests.component.http.test_billing import pay

TEMPLATES = f"{STUDIO_PREFIX}/templates"


def found(api: Api, **query: str) -> list[str]:
    listed = api.get(TEMPLATES, query=query).data["templates"]
    return [template["templateId"] for template in listed]


def test_all_templates_are_listed_in_the_order_in_which_plans_have_them(api: Api) -> None:
    listed = api.get(TEMPLATES).data["templates"]

    assert [one["templateId"] for one in listed] == [template.id for template in templates()]
    assert len(listed) == 55
    assert [one["inPlan"] for one in listed] == [True] * 10 + [False] * 45
    plans = ["free"] * 10 + ["payg"] * 20 + ["professional"] * 20 + ["premium"] * 5
    assert [one["availableIn"] for one in listed] == plans


def test_whoever_topped_up_has_thirty_and_whoever_took_premium_has_all(api: Api) -> None:
    def had() -> int:
        return sum(one["inPlan"] for one in api.get(TEMPLATES).data["templates"])

    pay(api, api.post("/api/credits/topups", {"package": "credits-100"}).data["checkoutUrl"])
    assert had() == 30
    plan = api.post(f"{STUDIO_PREFIX}/subscription", {"plan": "premium"}).data
    pay(api, plan["payment"]["checkoutUrl"])
    assert had() == 55


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"platform": "tokopedia"}, {"tokopedia-square"}),
        ({"category": "seasonal", "premium": "true"}, {"new-year-sparkle"}),
        ({"category": "studio", "featured": "true"}, {"pure-white", "black-gloss", "window-sweep"}),
        ({"category": "studio", "premium": "true"}, {"charcoal", "black-gloss"}),
        ({"q": "MARBLE-LUX"}, {"marble-luxury"}),
        ({"q": "biru memudar"}, {"lazada-square"}),
        ({"q": "marmer rumah sakit"}, set()),
    ],
)
def test_templates_are_found_by_what_is_said_of_them(
    api: Api, query: dict[str, str], expected: set[str]
) -> None:
    assert set(found(api, **query)) == expected


def test_a_category_that_there_is_not_is_refused(api: Api) -> None:
    refused = api.get(TEMPLATES, query={"category": "garden"})

    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "query.category")


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Shopee main image"), ("id", "Foto utama Shopee")]
)
def test_a_template_is_named_in_the_language_of_whoever_asks(
    api: Api, language: str, name: str
) -> None:
    shown = api.get(f"{TEMPLATES}/shopee-square", headers={"Accept-Language": language}).data

    assert (shown["name"], shown["platform"], shown["credits"]) == (name, "shopee", 15)
    assert [step["name"] for step in shown["workflow"]] == ["frame", "on-colour"]
    assert shown["workflow"][0]["params"] == {"width": 1200, "height": 1200, "fill_percent": 85}
    assert (shown["width"], shown["height"], shown["aspectRatio"]) == (1200, 1200, "1:1")


def test_a_template_that_there_is_not(api: Api) -> None:
    refused = api.get(f"{TEMPLATES}/moon")

    assert refused.status == 404
    assert refused.json["detail"] == "There is no template moon."


def test_a_template_is_shown_with_a_sample_product(api: Api) -> None:
    [template] = [one for one in templates() if one.id == "oak-kitchen"]

    shown = api.get(f"{TEMPLATES}/oak-kitchen").data

    listed = api.get(TEMPLATES, query={"q": "oak-kitchen"}).data["templates"]
    assert [one["thumbnailUrl"] for one in listed] == [shown["thumbnailUrl"]]
    sizes: tuple[PreviewSize, ...] = ("preview", "thumbnail")
    for size in sizes:
        assert urlsplit(shown[f"{size}Url"]).path.endswith(f"/{preview_key(template, size)}")
    assert shown["version"] == template.version
