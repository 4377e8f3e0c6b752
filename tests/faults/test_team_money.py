"""The state machine of money with a team: whoever orders, the workspace pays and is paid back."""

from contextlib import suppress
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.quotas import Payment
from lumiku.domain.people.callers import Caller, Right, person, require_right
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.teams import RIGHTS, Member, Role
from lumiku.domain.work.jobs import Job
from lumiku.services.people.entering import Door
from lumiku.services.transactions import Change, Post
from tests.fake_people import FakeDoorbook
from tests.fakes import FakeStore
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.test_money import Money
from tests.faults.world import USER

MEMBER = "u2"


class TeamMoney(Money):
    """All that `Money` does, and a member who comes, goes, and orders and pays in between."""

    def __init__(self) -> None:
        super().__init__()
        self.book = FakeDoorbook()
        self.door = Door(self.book, set[str]().__contains__, self.world.clock)

    @rule(role=st.sampled_from([None, *RIGHTS]))
    def let_in_or_out(self, role: Role | None) -> None:
        self.book.members.pop((USER, MEMBER), None)
        if role is not None:
            self.book.members[USER, MEMBER] = Member(
                id="m1",
                workspace=USER,
                user_id=MEMBER,
                email="member@example.com",
                role=role,
                invited_by=USER,
                since=self.world.clock(),
            )

    @rule(
        tier=st.sampled_from(Tier),
        payment=st.sampled_from(Payment),
        key=st.sampled_from([None, "k1", "m1"]),
        loses_role=st.booleans(),
    )
    def member_submits(
        self, tier: Tier, payment: Payment, key: str | None, loses_role: bool
    ) -> None:
        """Also one whose role is taken away between the door and the charge."""
        caller = self._at_the_door("remover")
        if caller is None:
            return
        if loses_role:
            self.world.interrupt(1, lambda: self.book.members.clear())
        self._order(tier, payment, key, caller)
        self.world.plan = {}

    @rule(package=st.sampled_from(["credits-100", "credits-500"]))
    def member_tops_up(self, package: str) -> None:
        if caller := self._at_the_door("billing"):
            with suppress(Refusal):
                self._ask(self.world.payments.top_up(caller, package, idempotency_key=None))

    @precondition(lambda self: self._ordered_by_the_member())
    @rule(data=st.data())
    def fail_what_the_member_ordered(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self._ordered_by_the_member()))
        self.world.work(self.world.upload(job, b"bad"))
        self.world.settle_all()

    def _at_the_door(self, right: Right) -> Caller | None:
        member = self.book.member(USER, MEMBER)
        try:
            caller = self.door.let_in(person(MEMBER), USER)
            require_right(caller, right)
        except NotFound:
            assert member is None
        except NotAllowed:
            assert member is not None
            assert right not in RIGHTS[member.role]
        else:
            assert member is not None
            assert right in RIGHTS[member.role]
            return caller
        return None

    def _ordered_by_the_member(self) -> list[Job]:
        return [job for job in self._open_jobs() if job.actor == MEMBER]

    @invariant()
    def the_member_pays_and_gets_nothing(self) -> None:
        assert self.world.rows.account(MEMBER) == Account()
        assert {entry.user_id for entry in self.world.entries()} <= {USER}
        assert {job.user_id for job in self.world.all_jobs()} <= {USER}


def test_on_the_fakes() -> None:
    run(TeamMoney, fake_world, examples=200, steps=30)


def test_on_dynamodb() -> None:
    run(TeamMoney, dynamodb_world, examples=10, steps=20)


class RefundsTheMember(FakeStore):
    """Planted bug: what comes back goes to who ordered, not to who paid."""

    def commit(self, *changes: Change) -> None:
        super().commit(*map(self._astray, changes))

    def _astray(self, change: Change) -> Change:
        if not isinstance(change, Post) or change.entry.kind is not EntryKind.REFUND:
            return change
        job = self.jobs.get(change.entry.reference)
        if job is None or job.actor is None:
            return change
        return Post(change.entry.model_copy(update={"user_id": job.actor}))


def test_a_refund_to_the_member_is_caught() -> None:
    assert_caught(partial(run_briefly, TeamMoney, lambda: fake_world(rows=RefundsTheMember())), 2)
