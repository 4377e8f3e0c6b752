"""Uses and ratings of templates: whatever repeats, dies or meets, the totals come out."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lumiku.adapters.contention import transact
from lumiku.adapters.projects import templates as rows_of_templates
from lumiku.adapters.projects.templates import TemplateTable
from lumiku.adapters.projects.variations import VariationTable
from lumiku.adapters.rows import Rows
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.wanted import of_template
from lumiku.domain.errors import IdempotencyKeyReused
from lumiku.domain.projects.templates import TemplateUse, Totals
from lumiku.domain.projects.variations import Generation
from lumiku.services.work.processing import Start
from tests.dynamodb import TABLE, moto_table
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.studio import Studio, dynamodb_studio
from tests.faults.weather import Killed
from tests.faults.world import CALLER, USER, VISIBILITY_S

NOW = datetime(2026, 11, 27, tzinfo=UTC)
USERS, TEMPLATES = ("u1", "u2"), ("pure-white", "template_" + "0" * 32)


WHERE = range(1, 16)
"""Effects of an order, of the worker, and of what keeps the picture."""


@contextmanager
def table(kind: type[TemplateTable] = TemplateTable) -> Iterator[TemplateTable]:
    with moto_table() as client:
        yield kind(Rows(client, TABLE))


class Counting(RuleBasedStateMachine):
    """Accounts use and rate templates while tellers go on from what they read some time ago."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._open = type(self).open_world()
        self.store: TemplateTable = self._open.__enter__()
        self.uses: Counter[tuple[str, str]] = Counter()
        self.stars: dict[tuple[str, str], int] = {}
        self.read: list[TemplateUse] = []

    @rule(user=st.sampled_from(USERS), template=st.sampled_from(TEMPLATES))
    def use(self, user: str, template: str) -> None:
        table = self.store.rows
        transact(table.client, [rows_of_templates.using(table.table, user, template, NOW)])
        self.uses[user, template] += 1

    @rule(user=st.sampled_from(USERS), template=st.sampled_from(TEMPLATES), stars=st.integers(1, 5))
    def rate(self, user: str, template: str, stars: int) -> None:
        is_rated = self.store.rate(user, template, stars, NOW)
        assert is_rated == (self.uses[user, template] > 0)
        if is_rated:
            self.stars[user, template] = stars

    @rule()
    def read_what_is_due(self) -> None:
        """Some teller reads, and will tell later, perhaps after another one did."""
        self.read += self.store.untold(NOW.replace(year=2027), limit=100)

    @rule(of=st.integers(0, 9), again=st.booleans())
    def tell(self, of: int, again: bool) -> None:
        """A teller comes that far; one whose answer was lost tells twice."""
        for use in self.read[of : of + 1]:
            self.store.tell(use)
            if again:
                self.store.tell(use)

    @rule()
    def tell_all(self) -> None:
        """A teller that nobody meets."""
        for use in self.store.untold(NOW.replace(year=2027), limit=100):
            assert self.store.tell(use)

    @invariant()
    def nothing_is_told_that_did_not_happen(self) -> None:
        for template, totals in self._totals().items():
            assert totals.uses <= self._expected(template).uses

    def teardown(self) -> None:
        try:
            for use in self.store.untold(NOW.replace(year=2027), limit=100):
                assert self.store.tell(use)
            assert not self.store.untold(NOW.replace(year=2027), limit=100)
            for template, totals in self._totals().items():
                assert totals == self._expected(template)
        finally:
            self._open.__exit__(None, None, None)

    def _totals(self) -> dict[str, Totals]:
        found = self.store.shelf("nobody").totals
        return {template: found.get(template, Totals()) for template in TEMPLATES}

    def _expected(self, template: str) -> Totals:
        stars = [stars for (_, of), stars in self.stars.items() if of == template]
        uses = sum(count for (_, of), count in self.uses.items() if of == template)
        return Totals(uses=uses, ratings=len(stars), stars=sum(stars))


def test_the_totals_are_the_sum_of_what_accounts_did() -> None:
    run(Counting, table, examples=10, steps=30)


class TellsOfStaleReads(TemplateTable):
    """Adds to the total, and asks nobody whether somebody else did."""

    def tell(self, use: TemplateUse) -> bool:
        while not super().tell(use):
            now = self.use_of(use.user_id, use.template_id)
            use = now.model_copy(update={"uses": now.told_uses + use.untold.uses})
            key = rows_of_templates._key(use.user_id, use.template_id, "TOTAL")
            self.rows.update(key, "ADD #uses :uses", {":uses": use.untold.uses})
            return True
        return True


class ForgetsTheStarsBefore(TemplateTable):
    """Counts each rating as a new one."""

    def tell(self, use: TemplateUse) -> bool:
        is_told = super().tell(use)
        if is_told and use.told_rating and use.rating != use.told_rating:
            key = rows_of_templates._key(use.user_id, use.template_id, "TOTAL")
            self.rows.update(key, "ADD ratings :one", {":one": 1})
        return is_told


@pytest.mark.parametrize(("planted", "known"), [(TellsOfStaleReads, 0), (ForgetsTheStarsBefore, 0)])
def test_a_planted_bug_of_telling_is_caught(planted: type[TemplateTable], known: int) -> None:
    assert_caught(lambda begin_at: run_briefly(Counting, lambda: table(planted), begin_at), known)


def order(studio: Studio) -> None:
    """Order a template for an item, as somebody whose answers get lost."""
    wanted = of_template("pure-white", shipped)
    studio.orders.order(CALLER, studio.item_ids[0], wanted, Request("k"))


def uses(studio: Studio) -> int:
    return TemplateTable(studio.world.rows.rows).use_of(USER, "pure-white").uses


def live(studio: Studio, killed_at: int, lost: bool) -> None:
    """An order of a template; what the plan kills or loses is repeated by whoever did it."""
    world = studio.world
    world.grant(USER, 40)
    world.interrupt(killed_at, world.lose_answer if lost else world.kill)
    for _ in range(2):
        with suppress(Killed, IdempotencyKeyReused):
            order(studio)
    for _ in range(3):
        world.begin()
        world.clock.advance(VISIBILITY_S)
        for job in world.all_jobs():
            world.work(Start(job.id))
        for _ in range(2):
            with suppress(Killed):
                studio.look_at_all()
        world.clock.advance(1800)
        world.sweep()
    assert not world.plan, "nobody died"


@pytest.mark.parametrize("killed_at", WHERE)
@pytest.mark.parametrize("lost", [False, True])
def test_wherever_somebody_dies_a_completed_paid_use_counts_once(
    killed_at: int, lost: bool
) -> None:
    with dynamodb_studio() as studio:
        live(studio, killed_at, lost)

        assert [one.credits for one in studio.all_variations()] == [15]
        assert uses(studio) == 1


class CountsBeforehand(VariationTable):
    """Counts a use ahead of the transaction that keeps the picture, not in it."""

    def keep(self, generation: Generation, item, variation, cut_out) -> bool:  # type: ignore[no-untyped-def]
        if variation is not None and variation.template_id:
            use = rows_of_templates.using(self.rows.table, item.user_id, variation.template_id, NOW)
            transact(self.rows.client, [use])
            variation = variation.model_copy(update={"credits": 0})
        return super().keep(generation, item, variation, cut_out)


def test_a_use_that_is_counted_apart_from_its_picture_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.faults.studio.VariationTable", CountsBeforehand)
    counted = []
    for killed_at in reversed(WHERE):
        with dynamodb_studio() as studio:
            live(studio, killed_at, lost=True)
            counted.append(uses(studio))
        if counted[-1] > 1:
            return

    pytest.fail(f"it counts {counted}")


def test_what_failed_and_was_given_back_is_no_use() -> None:
    with dynamodb_studio() as studio:
        world = studio.world
        world.grant(USER, 40)
        before = world.balance(USER)
        order(studio)
        found = studio.item(studio.item_ids[0])
        assert found is not None
        studio.finishing.store.delete_item(found, world.clock())

        assert studio.look_at_all() == ["generation_cancelled"]
        studio.look_at_all()

        assert world.balance(USER) == before
        assert uses(studio) == 0
