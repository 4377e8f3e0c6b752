"""Every refusal has its place in the error table and in openapi.json."""

import pytest

from darkroom.errors import PhotoRefused
from lumiku.domain.errors import Refusal
from lumiku.domain.work.photos import REFUSED_FILES
from lumiku.http.problems import MEANINGS, UNEXPECTED
from scripts.openapi_facts import MEMBERS, SAMPLES, examples


def kinds(parent: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """All refusals, however deep."""
    return [kind for child in parent.__subclasses__() for kind in (child, *kinds(child))]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_refusal_means_a_status_and_a_title_in_two_languages(kind: type[Refusal]) -> None:
    meaning = MEANINGS[kind]

    assert 400 <= meaning.status < 500 or meaning.status in {502, 503}
    assert meaning.title.strip()
    assert meaning.title_id.strip()
    assert meaning.title_id != meaning.title
    assert kind.__doc__


def test_the_error_table_holds_nothing_else() -> None:
    assert MEANINGS.keys() == set(kinds())
    assert UNEXPECTED.title_id != UNEXPECTED.title


def test_what_the_darkroom_refuses_earns_no_discount() -> None:
    assert {kind.code for kind in PhotoRefused.__subclasses__()} <= REFUSED_FILES


def test_codes_are_unique_and_stable_words() -> None:
    codes = [kind.code for kind in kinds()]

    assert len(set(codes)) == len(codes)
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_the_documentation_has_an_example_of_each() -> None:
    shown = examples()

    assert shown.keys() == {kind.code for kind in kinds()} | {"internal_error"}
    assert all(example["value"]["detail"] for example in shown.values())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.code)
def test_the_numbers_that_a_refusal_gives_are_documented(sample: Refusal) -> None:
    assert sample.facts.keys() <= MEMBERS.keys()
    assert str(sample).endswith(".")
