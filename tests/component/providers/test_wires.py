"""Each wire format against its imitation: every scenario, and what the adapter makes of it."""

import base64
import io

import pytest
from PIL import Image

from lumiku.domain.hosting.tickets import Fault
from tests.component.providers.asking import ENTRIES, OTHER_KEY, PHOTO, ask
from tests.imitation_providers.imitation import KEY
from tests.imitation_providers.script import script, shared_scenarios

NO = None
ENCODED_PHOTO = base64.b64encode(PHOTO.data).decode()[:40]
ANSWERED = {
    "fal-direct": ["works", "result-to-be-fetched"],
    "fal-queue": [
        "works",
        "result-to-be-fetched",
        "result-of-another-size",
        "result-of-another-photo",
        "result-of-nothing",
        "result-redirected-within",
    ],
    "segmind-bytes": [
        "works",
        "base64",
        "another-size",
        "another-photo",
        "nothing-in-it",
        "as-it-was-sent",
    ],
    "segmind-async": ["works"],
    "replicate": [
        "works",
        "list-of-outputs",
        "unfinished-wait",
        "unfinished-wait-with-202",
    ],
    "huggingface-endpoint": [
        "works",
        "without-score",
        "score-of-null",
        "subject-and-background",
        "mask-that-is-a-cutout",
        "picture",
        "picture-of-a-mask",
    ],
    "huggingface-fal": ["works"],
}
NEVER_READY = {
    "fal-queue": ["never-ready", "over-when-cancelled"],
    "segmind-async": ["unknown-state"],
    "replicate": ["never-ready"],
    "huggingface-fal": ["with-a-way-to-cancel"],
}
# Scenario: the fault, the hint in seconds, whether it may be billed as far as this call can tell.
type Refusals = dict[str, tuple[Fault, float | None, bool]]
REFUSED: dict[str, Refusals] = {
    "fal-direct": {
        "result-redirected-inside": (Fault.TRANSIENT, NO, True),
        "too-large": (Fault.INPUT, NO, True),
        "moderated": (Fault.CONTENT, NO, True),
        "timed-out-as-asked": (Fault.TRANSIENT, NO, False),
        "no-runner": (Fault.TRANSIENT, NO, False),
        "no-runner-once": (Fault.TRANSIENT, NO, False),
        "crashed": (Fault.TRANSIENT, NO, False),
        "bad-request": (Fault.INPUT, NO, False),
        "too-many-at-once": (Fault.RATE, NO, False),
        "wrong-key": (Fault.AUTH, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
    },
    "fal-queue": {
        "result-at-a-strangers": (Fault.TRANSIENT, NO, False),
        "result-redirected-inside": (Fault.TRANSIENT, NO, False),
        "result-redirected-in-a-circle": (Fault.TRANSIENT, NO, False),
        "result-gone": (Fault.GONE, NO, False),
        "result-is-a-page": (Fault.TRANSIENT, NO, False),
        "status-at-a-strangers": (Fault.TRANSIENT, NO, False),
        "completed-but-too-large": (Fault.INPUT, NO, False),
        "completed-but-crashed": (Fault.TRANSIENT, NO, False),
        "completed-but-moderated": (Fault.CONTENT, NO, False),
        "completed-but-in-another-shape": (Fault.TRANSIENT, NO, False),
        "asked-in-vain-once": (Fault.TRANSIENT, NO, False),
        "wrong-key": (Fault.AUTH, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
        "forbidden": (Fault.AUTH, NO, False),
        "no-such-model": (Fault.GONE, NO, False),
    },
    "segmind-bytes": {
        "wrong-key": (Fault.AUTH, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
        "wrong-method": (Fault.GONE, NO, False),
        "no-such-model": (Fault.GONE, NO, False),
        "bad-input": (Fault.INPUT, NO, False),
        "too-many": (Fault.RATE, NO, False),
        "crashed": (Fault.TRANSIENT, NO, False),
        "timed-out": (Fault.TRANSIENT, NO, False),
    },
    "segmind-async": {
        "failed": (Fault.TRANSIENT, NO, True),
        "expired": (Fault.GONE, NO, False),
        "output-of-another-kind": (Fault.TRANSIENT, NO, False),
        "result-redirected-inside": (Fault.TRANSIENT, NO, False),
        "wrong-key": (Fault.AUTH, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
    },
    "replicate": {
        "failed-at-once": (Fault.TRANSIENT, NO, True),
        "failed-later": (Fault.TRANSIENT, NO, True),
        "moderated": (Fault.CONTENT, NO, True),
        "cancelled-by-others": (Fault.TRANSIENT, NO, True),
        "aborted": (Fault.TRANSIENT, NO, True),
        "without-output": (Fault.TRANSIENT, NO, True),
        "result-expired": (Fault.GONE, NO, True),
        "result-redirected-inside": (Fault.TRANSIENT, NO, True),
        "wrong-key": (Fault.AUTH, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
        "throttled": (Fault.RATE, 7, False),
        "no-such-model": (Fault.GONE, NO, False),
        "bad-input": (Fault.INPUT, NO, False),
        "crashed": (Fault.TRANSIENT, NO, True),
    },
    "huggingface-endpoint": {
        "only-background": (Fault.TRANSIENT, NO, True),
        "several-subjects": (Fault.TRANSIENT, NO, True),
        "no-masks": (Fault.TRANSIENT, NO, True),
        "mask-that-is-none": (Fault.TRANSIENT, NO, True),
        "mask-of-text": (Fault.TRANSIENT, NO, True),
        "loading": (Fault.COLD, 20, False),
        "loading-once": (Fault.COLD, 0.1, False),
        "loading-for-long": (Fault.COLD, 577.4, False),
        "waking-up": (Fault.COLD, NO, False),
        "too-busy": (Fault.TRANSIENT, NO, False),
        "old-host": (Fault.GONE, NO, False),
        "invalid-token": (Fault.AUTH, NO, False),
        "invalid-input": (Fault.INPUT, NO, False),
        "limited": (Fault.RATE, 55, False),
        "timed-out": (Fault.TRANSIENT, NO, True),
        "wrong-key": (Fault.AUTH, NO, False),
    },
    "huggingface-fal": {
        "completed-but-too-large": (Fault.INPUT, NO, False),
        "no-credit": (Fault.CREDIT, NO, False),
        "no-such-model": (Fault.GONE, NO, False),
        "limited": (Fault.RATE, 55, False),
        "timed-out": (Fault.TRANSIENT, NO, True),
        "wrong-key": (Fault.AUTH, NO, False),
    },
}


@pytest.mark.parametrize(
    ("wire", "scenario"), [(wire, one) for wire, found in ANSWERED.items() for one in found]
)
def test_an_answer_is_a_picture_that_was_sent_for_once(wire: str, scenario: str) -> None:
    outcome = ask(wire, scenario)
    assert outcome.fault is None
    assert outcome.answer is not None
    with Image.open(io.BytesIO(outcome.answer.data)) as picture:
        picture.load()
    assert outcome.answer.shows == ("mask" if wire == "huggingface-endpoint" else "cutout")
    assert list(outcome.imitation.books.submitted.values()) == [1]
    assert outcome.imitation.strange == []
    assert outcome.imitation.leaks == []


@pytest.mark.parametrize(
    ("wire", "scenario"), [(wire, one) for wire, found in NEVER_READY.items() for one in found]
)
def test_what_never_is_ready_is_cancelled_without_a_fault(wire: str, scenario: str) -> None:
    outcome = ask(wire, scenario)
    assert (outcome.fault, outcome.answer) == (None, None)
    assert outcome.ticket is not None
    cancelled = [path for method, path, _ in outcome.imitation.calls if path.endswith("/cancel")]
    assert len(cancelled) == (outcome.ticket.cancel_url is not None)
    assert outcome.imitation.strange == []


@pytest.mark.parametrize(
    ("wire", "scenario"), [(wire, one) for wire, found in REFUSED.items() for one in found]
)
def test_a_refusal_says_what_to_do_and_whether_it_may_cost(wire: str, scenario: str) -> None:
    outcome = ask(wire, scenario)
    kind, hint_s, may_be_billed = REFUSED[wire][scenario]
    assert outcome.fault is not None
    assert outcome.kind is kind
    assert outcome.fault.retry_after_s == hint_s
    assert outcome.fault.may_be_billed is may_be_billed
    assert outcome.imitation.strange == []
    assert outcome.imitation.leaks == []
    assert KEY not in str(outcome.fault)
    assert OTHER_KEY not in str(outcome.fault)
    assert ENCODED_PHOTO not in str(outcome.fault)
    assert len(str(outcome.fault)) < 350
    if outcome.ticket is None and any(outcome.imitation.books.billed.values()):
        assert outcome.fault.may_be_billed


@pytest.mark.parametrize("wire", ENTRIES)
def test_every_scenario_of_a_wire_format_is_tried(wire: str) -> None:
    tried = [*ANSWERED[wire], *NEVER_READY.get(wire, []), *REFUSED[wire]]
    assert sorted(tried) == sorted(script(wire).scenarios.keys() - shared_scenarios())
