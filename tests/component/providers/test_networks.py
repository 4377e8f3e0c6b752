"""What may happen on the way from any provider, with each of them."""

import pytest

from lumiku.domain.hosting.tickets import Fault
from tests.component.providers.asking import ENTRIES, ask
from tests.imitation_providers.imitation import KEY
from tests.imitation_providers.script import shared_scenarios

# Long enough for a busy machine to have sent the photo.
PATIENCE_S = 0.4
ON_SENDING = set(shared_scenarios()) - {"silence-while-asked"}
ASKED = ["fal-queue", "segmind-async", "huggingface-fal"]
# As the status alone says nothing of whether the photo was worked on, where errors may be billed.
BILLS_ERRORS = {"replicate", "huggingface-endpoint", "huggingface-fal"}
ALWAYS_BILLED = {
    "silence",
    "head-in-drips",
    "body-in-drips",
    "cut-off",
    "half-a-gigabyte",
    "half-a-gigabyte-undeclared",
    "html-page-with-200",
    "json-error-with-200",
    "not-json-with-200",
}
KINDS = {"an-hour-of-rate-limit": Fault.RATE, "redirected-submission": Fault.GONE}


@pytest.mark.parametrize("wire", ENTRIES)
@pytest.mark.parametrize("scenario", sorted(ON_SENDING))
def test_no_network_keeps_a_photo_beyond_its_time(wire: str, scenario: str) -> None:
    outcome = ask(wire, scenario, PATIENCE_S)
    assert outcome.fault is not None
    assert outcome.took_s < PATIENCE_S + 1
    is_cold = (wire, scenario) == ("huggingface-endpoint", "out-of-order")
    kind = Fault.COLD if is_cold else KINDS.get(scenario, Fault.TRANSIENT)
    assert outcome.kind is kind
    bills_errors = wire in BILLS_ERRORS and scenario in {"html-page-of-a-proxy", "key-in-the-error"}
    assert outcome.fault.may_be_billed is (scenario in ALWAYS_BILLED or bills_errors)
    assert outcome.fault.retry_after_s == (3600 if scenario == "an-hour-of-rate-limit" else None)
    assert KEY not in str(outcome.fault)
    assert list(outcome.imitation.books.submitted.values()) == [1]
    assert outcome.imitation.strange == []


@pytest.mark.parametrize("scenario", ["half-a-gigabyte", "half-a-gigabyte-undeclared"])
def test_too_large_an_answer_is_not_read_to_its_end(scenario: str) -> None:
    outcome = ask("segmind-bytes", scenario, 30.0)
    assert "too large" in str(outcome.fault)


@pytest.mark.parametrize("wire", ASKED)
def test_silence_about_a_ticket_costs_nothing_more(wire: str) -> None:
    outcome = ask(wire, "silence-while-asked", PATIENCE_S)
    assert outcome.ticket is not None
    assert outcome.fault is not None
    assert (outcome.kind, outcome.fault.may_be_billed) == (Fault.TRANSIENT, False)
    assert outcome.took_s < PATIENCE_S + 1
