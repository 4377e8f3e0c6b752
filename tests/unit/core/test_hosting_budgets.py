"""A chain within the budgets of its providers, and what is told of it."""

import pytest

from lumiku.domain.hosting.tickets import Fault
from lumiku.domain.work.receipts import AskedFor
from tests.unit.core.chain import FIRST, ROUTE, SECOND, Chain, Says
from tests.unit.core.test_hosting import ANSWER, fault, sent


def test_a_provider_beyond_its_budget_is_passed_over() -> None:
    chain = Chain(budgets={"fal": 2_999, "segmind": 1_000})
    chain.says(SECOND, ANSWER)

    asked = chain.ask()

    assert asked.entry == SECOND
    assert sent(chain) == (0, 1)
    assert chain.budgets == {"fal": 2_999, "segmind": 0}


@pytest.mark.parametrize(("billed", "left"), [(False, 3_000), (True, 0)])
def test_only_what_may_be_billed_stays_out_of_the_budget(billed: bool, left: int) -> None:
    chain = Chain(budgets={"fal": 3_000})
    chain.says(FIRST, fault(Fault.INPUT, billed=billed))
    chain.says(SECOND, ANSWER)

    chain.ask()

    assert chain.budgets["fal"] == left


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (fault(Fault.CONTENT, billed=True), ANSWER, True),
        (fault(Fault.CONTENT), fault(Fault.GONE), True),
        (fault(Fault.CONTENT), ANSWER, False),
        (fault(Fault.INPUT), fault(Fault.GONE), False),
    ],
)
def test_it_is_refused_if_one_does_not_want_to_see_it_and_no_other_answers(
    first: Says, second: Says, refused: bool
) -> None:
    chain = Chain()
    chain.says(FIRST, first)
    chain.says(SECOND, second)

    assert chain.ask().is_refused is refused


def test_the_receipt_tells_by_route_who_made_it_and_for_how_much() -> None:
    chain = Chain()
    chain.says(FIRST, fault(Fault.TRANSIENT, billed=True))

    receipt = chain.ask().receipt

    assert receipt.asked == {ROUTE: AskedFor(entry="local", microusd=3_000)}
    assert receipt.are_ours([ROUTE])
