"""One photo along a chain of providers: what each fault leads to, and that it is paid for once."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumiku.domain.hosting.tickets import Fault, Submission, Ticket
from lumiku.domain.work.receipts import FaultMet
from lumiku.services.hosting.asking import (
    LOCAL_RESERVE,
    MAX_SUBMIT_S,
    MAX_TRIES,
    OPEN_LONG_S,
)
from tests.fakes import START
from tests.unit.core.chain import ETAG, FIRST, RUN_S, SECOND, Chain, Says

ANSWER, TICKET, WAIT = Says(), Says("ticket"), Says("ticket")
HOSTED_S = RUN_S - LOCAL_RESERVE.total_seconds()


def fault(kind: Fault, hint_s: float | None = None, *, billed: bool = False) -> Says:
    return Says("fault", fault=kind, hint_s=hint_s, billed=billed)


def sent(chain: Chain) -> tuple[int, int]:
    return chain.by_entry[FIRST].sent, chain.by_entry[SECOND].sent


def test_the_first_that_answers_is_asked_once() -> None:
    chain = Chain()
    chain.says(FIRST, ANSWER)

    asked = chain.ask()

    assert (asked.found, asked.entry, asked.request_id) == (b"answer", FIRST, "r1")
    assert sent(chain) == (1, 0)
    assert chain.kept == [Submission(entry=FIRST, etag=ETAG)]
    assert chain.good == [FIRST]
    receipt = asked.receipt
    assert (receipt.entry, receipt.tries, receipt.provider_microusd) == (FIRST, 1, 3_000)


@pytest.mark.parametrize("kind", [Fault.AUTH, Fault.CREDIT, Fault.GONE])
def test_what_waiting_does_not_help_goes_on_at_once_and_stays_away_long(kind: Fault) -> None:
    chain = Chain()
    chain.says(FIRST, fault(kind))
    chain.says(SECOND, ANSWER)

    asked = chain.ask()

    assert asked.entry == SECOND
    assert sent(chain) == (1, 1)
    assert chain.counted == [(FIRST, OPEN_LONG_S)]
    assert chain.naps == []
    assert asked.receipt.faults == (FaultMet(entry=FIRST, kind=kind),)


@pytest.mark.parametrize("kind", [Fault.INPUT, Fault.CONTENT])
def test_a_photo_that_is_refused_goes_on_and_is_not_the_providers_fault(kind: Fault) -> None:
    chain = Chain()
    chain.says(FIRST, fault(kind))
    chain.says(SECOND, ANSWER)

    assert chain.ask().entry == SECOND
    assert chain.counted == []
    assert chain.good == [SECOND]


def test_a_fault_that_passes_is_tried_again_with_growing_waits() -> None:
    chain = Chain()
    chain.says(FIRST, *[fault(Fault.TRANSIENT)] * MAX_TRIES, ANSWER)
    chain.says(SECOND, ANSWER)

    assert chain.ask().entry == SECOND
    assert sent(chain) == (MAX_TRIES, 1)
    assert chain.naps == [0.5, 1.0]
    assert chain.counted == [(FIRST, None)] * MAX_TRIES
    # Sending again to the same entry needs no other note of it.
    assert chain.kept == [Submission(entry=one, etag=ETAG) for one in (FIRST, SECOND)]


def test_a_model_that_wakes_is_waited_for_as_long_as_it_says() -> None:
    chain = Chain()
    chain.says(FIRST, fault(Fault.COLD, 20.0), ANSWER)

    assert chain.ask().entry == FIRST
    assert chain.naps == [20.5]


@pytest.mark.parametrize(
    ("says", "open_s"),
    [
        (fault(Fault.COLD, 300.0), None),
        (fault(Fault.RATE, 3600.0), OPEN_LONG_S),
        (fault(Fault.RATE, 60.0), 60.0),
        (fault(Fault.TRANSIENT, 120.0), None),
    ],
)
def test_what_takes_too_long_is_not_waited_for(says: Says, open_s: float | None) -> None:
    chain = Chain()
    chain.says(FIRST, says)
    chain.says(SECOND, ANSWER)

    assert chain.ask().entry == SECOND
    assert chain.naps == []
    assert chain.counted == [(FIRST, open_s)]


def test_a_short_limit_is_waited_for() -> None:
    chain = Chain()
    chain.says(FIRST, fault(Fault.RATE, 2.0), ANSWER)

    assert chain.ask().entry == FIRST
    assert chain.naps == [2.5]


def test_an_open_breaker_and_a_full_provider_are_passed_by() -> None:
    for chain in (Chain(shut={FIRST}), Chain(full={"fal"})):
        chain.says(SECOND, ANSWER)
        asked = chain.ask()
        assert (asked.entry, sent(chain), chain.held) == (SECOND, (0, 1), 0)


def test_after_silence_nobody_else_is_sent_the_photo() -> None:
    chain = Chain()
    chain.says(FIRST, Says(takes_s=600.0))
    chain.says(SECOND, ANSWER)

    asked = chain.ask()

    assert (asked.found, asked.billed, sent(chain)) == (None, FIRST, (1, 0))
    assert chain.clock() == START + timedelta(seconds=MAX_SUBMIT_S)
    receipt = asked.receipt
    assert (receipt.entry, receipt.provider_microusd) == ("local", 3_000)


def test_an_answer_that_is_none_was_paid_for() -> None:
    chain = Chain()
    chain.says(FIRST, Says("rubbish"))
    chain.says(SECOND, ANSWER)

    asked = chain.ask()

    assert (asked.found, asked.billed, sent(chain)) == (None, FIRST, (1, 0))
    assert chain.counted == [(FIRST, None)]


def test_a_ticket_is_kept_before_it_is_asked_for() -> None:
    chain = Chain()
    chain.says(FIRST, TICKET, WAIT, WAIT, WAIT, ANSWER)

    asked = chain.ask()

    assert asked.found == b"answer"
    assert [one.ticket is not None for one in chain.kept] == [False, True]
    assert chain.naps == [0.5, 0.75, 1.125]


def test_questions_that_fail_are_asked_again_and_the_photo_is_not_sent_again() -> None:
    chain = Chain()
    chain.says(FIRST, TICKET, fault(Fault.TRANSIENT), fault(Fault.RATE, 3.0), ANSWER)

    assert chain.ask().found == b"answer"
    assert (chain.by_entry[FIRST].sent, chain.naps) == (1, [0.5, 3.0])


def test_a_ticket_that_is_gone_is_not_a_model_that_is_gone() -> None:
    chain = Chain()
    chain.says(FIRST, TICKET, fault(Fault.GONE))
    chain.says(SECOND, ANSWER)

    asked = chain.ask()

    assert (asked.found, asked.billed, chain.counted) == (None, FIRST, [])


def test_a_ticket_that_is_not_ready_in_time_is_cancelled() -> None:
    chain = Chain()
    chain.says(FIRST, TICKET, *[WAIT] * 100)

    asked = chain.ask()

    assert (asked.found, asked.billed) == (None, FIRST)
    assert len(chain.by_entry[FIRST].cancelled) == 1
    assert chain.clock() <= START + timedelta(seconds=HOSTED_S)


def test_another_attempt_asks_for_the_ticket_and_sends_nothing() -> None:
    ticket = Ticket(entry=FIRST, request_id="r1", status_url="s", result_url="u")
    chain = Chain()
    chain.says(FIRST, WAIT, ANSWER)

    asked = chain.ask(Submission(entry=FIRST, etag=ETAG, ticket=ticket))

    assert (asked.found, asked.entry, asked.billed) == (b"answer", FIRST, FIRST)
    assert sent(chain) == (0, 0)


def test_the_ticket_of_a_photo_that_was_replaced_is_not_asked_for() -> None:
    ticket = Ticket(entry=FIRST, request_id="r1", status_url="s", result_url="u")
    chain = Chain()
    chain.says(FIRST, ANSWER)
    chain.says(SECOND, ANSWER)

    asked = chain.ask(Submission(entry=FIRST, etag="of the old one", ticket=ticket))

    assert (asked.found, asked.billed, asked.microusd) == (None, FIRST, 3_000)
    assert (sent(chain), chain.by_entry[FIRST].asked) == ((0, 0), 0)


def test_a_second_hosted_step_does_not_take_the_first_ones_answer() -> None:
    ticket = Ticket(entry=FIRST, request_id="r1", status_url="s", result_url="u")
    before = Submission(entry=FIRST, etag=ETAG, ticket=ticket, step=0)
    chain = Chain()
    chain.says(FIRST, ANSWER)

    asked = chain.ask(before, step=2)

    assert (asked.found, asked.entry) == (b"answer", FIRST)
    assert (sent(chain), chain.by_entry[FIRST].asked) == ((1, 0), 0)
    assert chain.kept == [Submission(entry=FIRST, etag=ETAG, step=2)]


def test_a_first_step_is_not_sent_again_because_a_second_one_was() -> None:
    before = [Submission(entry=FIRST, etag=ETAG), Submission(entry=SECOND, etag=ETAG, step=1)]
    chain = Chain()
    chain.says(FIRST, ANSWER)

    asked = chain.ask(*before)

    assert (asked.found, asked.billed, sent(chain)) == (None, FIRST, (0, 0))


def test_another_attempt_without_a_ticket_leaves_it_to_the_models() -> None:
    chain = Chain()
    chain.says(SECOND, ANSWER)

    asked = chain.ask(Submission(entry=FIRST, etag=ETAG))

    assert (asked.found, asked.billed, sent(chain)) == (None, FIRST, (0, 0))


def test_a_tier_without_a_chain_asks_nobody() -> None:
    chain = Chain(chain=())

    assert chain.ask().found is None
    assert chain.kept == []


SAYS = st.builds(
    Says,
    kind=st.sampled_from(["answer", "rubbish", "ticket", "fault", "fault", "fault"]),
    takes_s=st.sampled_from([0.01, 0.5, 3.0, 25.0, 600.0]),
    fault=st.sampled_from(list(Fault)),
    hint_s=st.sampled_from([None, 0.0, 1.0, 4.9, 20.0, 70.0, 3600.0]),
    billed=st.booleans(),
)


@given(
    first=st.lists(SAYS, max_size=12),
    second=st.lists(SAYS, max_size=12),
    again=st.lists(SAYS, max_size=12),
)
@settings(max_examples=400, deadline=None)
def test_whatever_providers_do_it_ends_in_time_and_is_paid_for_once(
    first: list[Says], second: list[Says], again: list[Says]
) -> None:
    chain = Chain()
    chain.says(FIRST, *first)
    chain.says(SECOND, *second)

    asked = chain.ask()

    assert chain.clock() <= START + timedelta(seconds=HOSTED_S)
    assert chain.held == 0
    assert chain.may_bill <= 1
    assert (asked.billed is not None) == (chain.may_bill == 1)
    assert (asked.found is None) == (asked.entry is None)
    if asked.found is not None:
        assert (asked.found, asked.billed) == (b"answer", asked.entry)

    # The worker dies after that; whoever gets the photo next sends it to nobody.
    before = sent(chain)
    chain.says(FIRST, *again)
    began = chain.clock()
    if chain.kept:
        chain.ask(chain.kept[-1])
        assert sent(chain) == before
        assert chain.may_bill <= 1
    assert chain.clock() <= began + timedelta(seconds=HOSTED_S)
