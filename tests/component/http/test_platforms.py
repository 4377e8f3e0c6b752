"""Platforms: every rule is listed with its source, and what nobody confirmed is shown as such."""

from lumiku.apps.studio.http import STUDIO_PREFIX
from photo_steps.platforms import PLATFORMS, destinations
from tests.component.http.conftest import Api

PATH = f"{STUDIO_PREFIX}/platforms"


def test_every_platform_is_listed_with_all_of_its_destinations_and_rules(api: Api) -> None:
    listed = api.get(PATH).data["platforms"]

    assert [one["id"] for one in listed] == list(PLATFORMS)
    places = [place for one in listed for place in one["destinations"]]
    assert [place["id"] for place in places] == list(destinations())
    for place in places:
        found = destinations()[place["id"]]
        assert {rule["rule"] for rule in place["rules"]} == found.rules.names
        assert (place["width"], place["height"]) == found.size_px
        assert place["limits"]["maxBytes"] == found.rules.max_bytes


def test_a_rule_that_nobody_confirmed_is_shown_as_such(api: Api) -> None:
    places = [p for one in api.get(PATH).data["platforms"] for p in one["destinations"]]
    rules = [rule for place in places for rule in place["rules"]]

    unconfirmed = [rule for rule in rules if not rule["isConfirmed"]]

    assert unconfirmed
    assert {rule["strengthName"] for rule in unconfirmed} == {"unconfirmed"}
    assert {rule["strength"] for rule in rules if rule["isConfirmed"]} >= {"primary", "secondary"}
    assert all(rule["source"] and rule["date"] for rule in rules)


def test_they_are_told_in_the_callers_language(api: Api) -> None:
    [shopee] = [
        one
        for one in api.get(PATH, headers={"accept-language": "id"}).data["platforms"]
        if one["id"] == "shopee"
    ]

    [place] = shopee["destinations"]
    assert "Tanpa teks, logo, bingkai, atau kolase di atas produk" in place["unchecked"]
    assert "Ukuran berkas" in {rule["name"] for rule in place["rules"]}
