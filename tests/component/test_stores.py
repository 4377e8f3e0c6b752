"""The fakes and the adapters are the same: each change, its refusals, and what is read after it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP, Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.errors import InsufficientCredits
from lumiku.domain.money.invoices import FIRST_LOOK, Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.ledger import Entry, EntryKind, monthly_grant
from lumiku.domain.money.quotas import Reservation, Usage, quota_day
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.work.jobs import GAVE_UP, Job, Source, Status
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseInvoice,
    EndJob,
    Insert,
    InsertInvoice,
    Post,
    QuotaTaken,
    ReleaseQuota,
    ReserveQuota,
    SaveSubscription,
)
from tests.component.stores import Store, open_store
from tests.fakes import START

DAY = quota_day(START)
STARTER, PRO = PLANS[PlanName.STARTER], PLANS[PlanName.PRO]


@pytest.fixture(params=["fakes", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    with open_store(request.param) as opened:
        yield opened


def entry(reference: str, amount: int, *, user: str = "u1", at_s: float = 0) -> Entry:
    return Entry(
        user_id=user,
        kind=EntryKind.GRANT if amount > 0 else EntryKind.CHARGE,
        amount=amount,
        reference=reference,
        at=START + timedelta(seconds=at_s),
        tier=None if amount > 0 else Tier.BASIC,
        photos=0 if amount > 0 else 1,
    )


def job(job_id: str = "j1", *, user: str = "u1") -> Job:
    return Job(
        id=job_id,
        user_id=user,
        app=APP,
        product=Tier.BASIC.product,
        workflow=background_removal(Tier.BASIC),
        price=3,
        pricing_type="credits",
        source=Source(kind="upload", key=f"in/single/{user}/{job_id}"),
        file_name="shoe.jpg",
        content_type="image/jpeg",
        declared_bytes=10,
        request_hash="-",
        created_at=START,
        closes_at=START + timedelta(minutes=30),
    )


def taken(photos: int, tier: Tier = Tier.BASIC, *, day: str = DAY) -> Reservation:
    return Reservation("u1", APP, day, tier.product, photos)


def invoice(invoice_id: str = "i1") -> Invoice:
    return Invoice(
        id=invoice_id,
        user_id="u1",
        purpose=Purpose.TOPUP,
        amount_idr=10_000,
        credits=100,
        created_at=START,
        secret="hush",
    )


def subscription(**changes: object) -> Subscription:
    first = Subscription(
        user_id="u1", app=APP, plan_name=STARTER.name, plan=STARTER, subscribed_at=START
    )
    return first.model_copy(update=changes)


def refused(store: Store, refusal: type[Exception], *changes: Change) -> Exception:
    """The refusal; nothing may have happened."""
    before = (
        store.account("u1"),
        store.read_entries("u1"),
        store.usage("u1", APP, DAY),
        store.get("j1"),
        store.get("j2"),
        store.subscription("u1", APP),
        store.invoice("i1"),
    )
    with pytest.raises(refusal) as found:
        store.commit(*changes)
    assert before == (
        store.account("u1"),
        store.read_entries("u1"),
        store.usage("u1", APP, DAY),
        store.get("j1"),
        store.get("j2"),
        store.subscription("u1", APP),
        store.invoice("i1"),
    )
    return found.value


class TestPosting:
    def test_an_entry_moves_the_balance_and_is_the_last(self, store: Store) -> None:
        store.commit(Post(entry("g1", 50)))
        charge = entry("j1", -3, at_s=1)
        store.commit(Post(charge))

        account = store.account("u1")
        assert (account.balance, account.last_entry) == (47, charge.place)
        assert store.read_entries("u1") == [charge, entry("g1", 50)]

    def test_an_entry_of_nothing_is_kept_and_moves_nothing(self, store: Store) -> None:
        free = entry("j1", 0)
        store.commit(Post(free))

        assert store.account("u1").last_entry is None
        assert store.account("u1").balance == 0
        assert store.read_entries("u1") == [free]

    def test_a_twin_is_refused_whatever_its_amount(self, store: Store) -> None:
        store.commit(Post(entry("g1", 50)))

        refused(store, AlreadyDone, Post(entry("g1", 5)))
        store.commit(Post(entry("g1", 5, user="u2")))

    def test_a_balance_never_falls_below_zero(self, store: Store) -> None:
        refusal = refused(store, InsufficientCredits, Post(entry("j1", -3)))
        assert isinstance(refusal, InsufficientCredits)
        assert refusal.facts == {"needed": 3, "available": 0}

        store.commit(Post(entry("g1", 2)))
        refusal = refused(store, InsufficientCredits, Post(entry("j1", -3)))
        assert isinstance(refusal, InsufficientCredits)
        assert refusal.facts == {"needed": 3, "available": 2}
        store.commit(Post(entry("j1", -2)))
        assert store.account("u1").balance == 0

    def test_the_monthly_grant_is_remembered_on_the_account(self, store: Store) -> None:
        store.commit(Post(monthly_grant("u1", START)))

        account = store.account("u1")
        assert (account.balance, account.free_month) == (50, "2026-11")
        refused(store, AlreadyDone, Post(monthly_grant("u1", START)))

    def test_the_credits_of_a_month_that_is_over_do_not_come_after_those_of_a_later_one(
        self, store: Store
    ) -> None:
        store.commit(Post(monthly_grant("u1", START + timedelta(days=30))))

        refused(store, AlreadyDone, Post(monthly_grant("u1", START)))
        store.commit(Post(monthly_grant("u1", START + timedelta(days=60))))
        account = store.account("u1")
        assert (account.balance, account.free_month) == (100, "2027-01")

    def test_what_was_done_before_beats_what_is_short(self, store: Store) -> None:
        store.commit(Post(entry("g1", 3)), Post(entry("j1", 0)))
        store.commit(Insert(job()))
        refused(store, AlreadyDone, Insert(job()), Post(entry("j2", -9)))


class TestJobs:
    def test_a_job_is_put_once(self, store: Store) -> None:
        store.commit(Insert(job()))

        assert store.get("j1") == job()
        assert store.get("j2") is None
        refused(store, AlreadyDone, Insert(job(user="u2")))

    def test_a_job_is_closed_as_it_was_read_and_once(self, store: Store) -> None:
        store.commit(Insert(job()), Post(entry("g1", 3)))
        end = EndJob(job(), Status.EXPIRED, GAVE_UP, START)

        store.commit(end, Post(entry("r1", 3)))

        closed = store.get("j1")
        assert closed is not None
        assert (closed.status, closed.failure, closed.completed_at) == (
            Status.EXPIRED,
            GAVE_UP,
            START,
        )
        assert store.account("u1").balance == 6
        refused(store, AlreadyDone, end, Post(entry("r2", 3)))

    def test_a_job_that_was_claimed_since_is_not_closed(self, store: Store) -> None:
        store.commit(Insert(job()))
        store.claim("j1", etag="e", size_bytes=1, attempt_id="a", now=START, lease_until=START)

        refused(store, AlreadyDone, EndJob(job(), Status.EXPIRED, GAVE_UP, START))
        refused(store, AlreadyDone, EndJob(job("j2"), Status.EXPIRED, GAVE_UP, START))


class TestQuota:
    def test_photos_are_taken_and_given_back_by_tier_and_day(self, store: Store) -> None:
        store.commit(ReserveQuota(taken(20), PRO))
        store.commit(ReserveQuota(taken(5, Tier.PROFESSIONAL), PRO))
        store.commit(ReserveQuota(taken(7, day="2026-11-22"), PRO))
        store.commit(ReleaseQuota(taken(8)))

        assert store.usage("u1", APP, DAY) == Usage(17, {Tier.BASIC: 12, Tier.PROFESSIONAL: 5})
        assert store.usage("u1", APP, "2026-11-22") == Usage(7, {Tier.BASIC: 7})
        assert store.usage("u2", APP, DAY) == Usage()

    @pytest.mark.parametrize(
        ("before", "asked"),
        [
            ([], taken(201)),
            ([], taken(51, Tier.PROFESSIONAL)),
            ([], taken(1, Tier.INDUSTRY)),
            ([taken(199)], taken(2)),
            ([taken(200)], taken(1, Tier.STANDARD)),
            ([taken(49, Tier.PROFESSIONAL)], taken(2, Tier.PROFESSIONAL)),
        ],
    )
    def test_a_quota_is_never_exceeded(
        self, store: Store, before: list[Reservation], asked: Reservation
    ) -> None:
        for reservation in before:
            store.commit(ReserveQuota(reservation, PRO))

        refused(store, QuotaTaken, ReserveQuota(asked, PRO), Post(entry("j1", 0)))

    def test_the_last_photo_fits(self, store: Store) -> None:
        store.commit(ReserveQuota(taken(50), STARTER))
        refused(store, QuotaTaken, ReserveQuota(taken(1), STARTER))
        store.commit(ReserveQuota(taken(150), PRO))

        assert store.usage("u1", APP, DAY).total == 200

    def test_no_more_is_given_back_than_was_taken(self, store: Store) -> None:
        store.commit(ReserveQuota(taken(2), PRO))

        refused(store, AlreadyDone, ReleaseQuota(taken(3)))
        refused(store, AlreadyDone, ReleaseQuota(taken(1, Tier.STANDARD)))
        refused(store, AlreadyDone, ReleaseQuota(taken(1, day="2026-11-20")))
        store.commit(ReleaseQuota(taken(2)))
        assert store.usage("u1", APP, DAY).total == 0


class TestPaying:
    def test_a_subscription_is_saved_over_the_version_before(self, store: Store) -> None:
        refused(store, AlreadyDone, SaveSubscription(subscription(version=1)))
        store.commit(SaveSubscription(subscription()))
        refused(store, AlreadyDone, SaveSubscription(subscription()))
        paid = subscription().paid(PRO, START)
        store.commit(SaveSubscription(paid))

        assert store.subscription("u1", APP) == paid
        assert store.subscription("u2", APP) is None
        refused(store, AlreadyDone, SaveSubscription(paid))

    def test_an_invoice_is_put_once_and_paid_once(self, store: Store) -> None:
        refused(store, AlreadyDone, CloseInvoice(invoice(), InvoiceStatus.PAID, START))
        store.commit(InsertInvoice(invoice()))
        refused(store, AlreadyDone, InsertInvoice(invoice()))
        store.commit(CloseInvoice(invoice(), InvoiceStatus.FAILED, START))
        failed = store.invoice("i1")
        assert failed is not None
        store.commit(CloseInvoice(failed, InvoiceStatus.PAID, START), Post(entry("i1", 100)))

        paid = store.invoice("i1")
        assert paid is not None
        assert (paid.status, paid.paid_at) == (InvoiceStatus.PAID, START)
        assert store.invoice("i2") is None
        for status in InvoiceStatus:
            refused(
                store,
                AlreadyDone,
                CloseInvoice(failed, status, START),
                Post(entry("again", 100)),
            )
        store.commit(CloseInvoice(paid, InvoiceStatus.REFUNDED, START + FIRST_LOOK))
        refunded = store.invoice("i1")
        assert refunded is not None
        assert (refunded.status, refunded.paid_at) == (InvoiceStatus.REFUNDED, START)
