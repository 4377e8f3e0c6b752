"""Rules of platforms are data: complete, dated, with their sources, in both languages."""

import re
from datetime import date

import pytest
from pydantic import ValidationError

from photo_steps.exports import SQUARES, Target, targets
from photo_steps.platforms import PLATFORMS, Destination, destinations
from photo_steps.rules import Check, Evidence
from photo_steps.words import Words

PLACES = list(destinations().values())


def test_every_platform_has_destinations_and_each_has_its_own_id() -> None:
    assert {place.platform for place in PLACES} == set(PLATFORMS)
    assert all(place.id.startswith(place.platform) for place in PLACES)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_its_canvas_and_its_own_formats_keep_its_rules(place: Destination) -> None:
    width, height = place.size_px
    rules = place.rules
    assert (rules.min_side_px or 1) <= min(width, height)
    assert max(width, height) <= (rules.max_side_px or width + height)
    assert rules.exact_px in (None, place.size_px)
    if rules.aspect_ratio:
        assert width * rules.aspect_ratio[1] == height * rules.aspect_ratio[0]
    assert set(place.formats) <= set(rules.formats)
    if rules.fill_percent:
        assert place.fill_percent is not None
        assert rules.fill_percent[0] + 2 <= place.fill_percent <= rules.fill_percent[1]
    assert not rules.pure_white or place.background == "white"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_each_rule_says_who_says_so_and_since_when(place: Destination) -> None:
    for rule in place.rules.names:
        why = place.why(rule)
        assert date.fromisoformat((why.date + "-01-01")[:10]) <= date(2026, 11, 30)
        assert (why.source == "Lumiku") == (why.strength in ("memory", "own"))
        assert why.is_confirmed != (why.strength == "memory")
        if why.note is not None and re.search("[a-z]{4}", why.note.en):
            assert why.note.id != why.note.en
    assert not {rule for rule in place.evidence if place.why(rule).strength == "memory"} or (
        place.platform in ("shopee", "tokopedia", "lazada")
    )


def test_a_destination_without_evidence_of_a_rule_cannot_be_read() -> None:
    told = destinations()["amazon"].model_dump()
    del told["evidence"]["fill"]
    with pytest.raises(ValidationError, match="evidence"):
        Destination.model_validate(told)


def test_a_recommendation_that_is_not_met_is_no_failure() -> None:
    told = Words(en="x", id="x")
    why = Evidence(source="x", date="2026", strength="secondary", is_advice=True)
    check = Check(rule="fill", measured=told, required=told, holds=False, evidence=why)
    assert check.outcome == "advice"
    assert check.model_copy(update={"evidence": None}).outcome == "fail"
    assert check.model_copy(update={"holds": True}).outcome == "pass"


def test_targets_are_every_format_for_every_place_once() -> None:
    wanted = targets(("jpeg", "png"), [None, (1080, 1080), (1080, 1080)], ["shopee", "shopee"])
    assert [(one.label, one.format) for one in wanted] == [
        ("original", "jpeg"),
        ("original", "png"),
        ("1080x1080", "jpeg"),
        ("1080x1080", "png"),
        ("shopee", "jpeg"),
        ("shopee", "png"),
    ]
    squares = targets((), SQUARES, [])
    assert [one.label for one in squares] == ["1080x1080", "1200x1200", "2400x2400"]
    chosen = targets((), [(1200, 1200)], ["website", "tiktok-post"])
    assert [one.format for one in chosen] == ["png", "webp", "jpeg"]


@pytest.mark.parametrize(
    "told",
    [
        {"destination": "ebay"},
        {"destination": "shopee", "size_px": (100, 100)},
        {"size_px": (63, 100)},
        {"size_px": (100, 8001)},
        {"size_px": (64, 1281)},
        {"format": "gif"},
    ],
)
def test_what_cannot_be_made_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({"format": "png"} | told)
