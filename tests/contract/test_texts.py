"""Whatever is told to a person is told in Indonesian too."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from darkroom.errors import PhotoRefused
from lumiku.domain.errors import Refusal
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import CANCELLED, Failure
from lumiku.domain.work.reasons import REASONS, reason
from lumiku.http.bodies import RequestBody
from lumiku.http.field_errors import words
from lumiku.http.problems import MEANINGS, RECORDED, problem
from lumiku.services.work.closing import OUT_OF_TIME
from scripts.openapi_facts import PHOTO_CODES, SAMPLES
from scripts.template import functions
from tests.contract.test_functions import given, start_cold

FAILURES = sorted({*PHOTO_CODES, CANCELLED.code, OUT_OF_TIME.code} - {PhotoRefused.code})
ENGLISH = re.compile(r"\b(the|is|are|not|must|should|and|of|at most|there)\b", re.IGNORECASE)
BAD: list[Any] = [
    *(None, True, "maybe", -1, 0, 1.5, 10**30, "", "x", "1", "x y", "1" * 5000, "x" * 10_000),
    *("2026-11-21", "2026-11-21T09:30:00", "\ud800", [], [1], [{}] * 501, {}, {"name": 1}),
]


def is_indonesian(text: Text) -> bool:
    return bool(text.id.strip()) and text.id != text.en and not ENGLISH.search(text.id)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.code)
def test_a_refusal_is_told_in_both_languages_with_the_same_numbers(sample: Refusal) -> None:
    meaning = MEANINGS[type(sample)]
    english, indonesian = (
        problem(meaning, sample.code, sample.detail, sample.facts, request_id="r", language=one)
        for one in ("en", "id")
    )

    assert is_indonesian(sample.detail)
    assert english.detail == str(sample)
    assert indonesian.detail == sample.detail.id
    assert re.findall(r"\d+", sample.detail.en) == re.findall(r"\d+", sample.detail.id)
    assert (english.code, english.status) == (indonesian.code, indonesian.status)


def test_every_code_of_a_problem_has_a_sample() -> None:
    assert {type(sample) for sample in SAMPLES} == MEANINGS.keys()
    assert is_indonesian(RECORDED)


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_is_told_in_both_languages(code: str) -> None:
    told = reason(Failure(code=code, message="The photo is cut short."))

    assert is_indonesian(REASONS[code])
    assert (told.en, told.id) == ("The photo is cut short.", REASONS[code].id)


def test_a_failure_of_before_that_has_no_text_any_more_keeps_its_own() -> None:
    assert reason(Failure(code="gone", message="It is gone.")).id == "It is gone."


def models(parent: type[BaseModel] = RequestBody) -> list[type[BaseModel]]:
    """All bodies of requests, however deep."""
    return [kind for child in parent.__subclasses__() for kind in (child, *models(child))]


def of_bodies() -> Iterator[Any]:
    for model in models():
        for name in ("", *model.model_fields):
            for bad in BAD:
                try:
                    model.model_validate({name: bad} if name else bad)
                except ValidationError as error:
                    yield from error.errors()


def of_parameters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for function in functions():
        if not function.routes:
            continue
        app = start_cold(function.folder, given(function), monkeypatch)
        for route in app.api._static_routes + app.api._dynamic_routes:
            known = route.dependant
            for field in (*known.query_params, *known.path_params, *known.header_params):
                for bad in BAD:
                    yield from field.validate(bad, loc=("query", field.alias))[1] or []


def test_whatever_is_wrong_with_a_field_is_told_in_both_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [*of_parameters(monkeypatch), *of_bodies()]
    seen = {error["type"] for error in found}
    untold = {error["type"] for error in found if not is_indonesian(words(error))}
    vague = {error["type"] for error in found if "Nilai ini" in words(error).id}

    assert {"missing", "enum", "int_type", "unknown_field", "string_pattern_mismatch"} <= seen
    assert not untold
    assert not vague


def test_no_pattern_is_shown_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [*of_parameters(monkeypatch), *of_bodies()]
    patterns = [error for error in found if error["type"] == "string_pattern_mismatch"]

    assert patterns
    for error in patterns:
        told = words(error)
        assert error["ctx"]["pattern"] not in told.en
        assert "documented" not in told.en, error["ctx"]["pattern"]


def test_an_error_that_is_not_known_yet_is_told_by_its_own_words() -> None:
    told = words({"type": "new", "msg": "Input should be {new}", "ctx": {}})

    assert told == Text("Input should be {new}", "Nilai ini tidak dapat dipakai")
