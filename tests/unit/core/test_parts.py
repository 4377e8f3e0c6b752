"""What prices are made of: shared among the parts, counted by month, and by day of the business."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lumiku.adapters.work import made
from lumiku.apps.studio.prices import APP, OrderKind
from lumiku.domain.money.business import Business, Made, Produced, business
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.products import shared
from lumiku.domain.money.statistics import Use, add_up
from lumiku.domain.work.groups import Group, PlannedPhoto, planned_jobs
from lumiku.domain.work.photos import Lane
from lumiku.domain.work.receipts import AskedFor, IfOurs, Receipt
from tests.fakes import START
from tests.unit.core.chain import leased

LOOK = {"background-removal": 5, "template-background:desk-01": 12, "natural-shadow": 8}
PARTS = st.dictionaries(st.text(max_size=3), st.integers(1, 40), min_size=1, max_size=6)


def entry(kind: EntryKind, amount: int, *, photos: int = 1, days: int = 0) -> Entry:
    return Entry(
        user_id="u1",
        kind=kind,
        amount=amount,
        reference="g1",
        at=START + timedelta(days=days),
        app=APP,
        product=OrderKind.BATCH.product,
        parts=LOOK,
        photos=photos,
    )


@given(PARTS, st.integers(0, 500))
def test_a_price_is_shared_whole_and_no_part_is_off_by_a_credit(
    parts: dict[str, int], price: int
) -> None:
    shares = shared(price, parts)

    assert sum(shares.values()) == price
    exact = {name: price * part / sum(parts.values()) for name, part in parts.items()}
    assert all(abs(shares[name] - exact[name]) < 1 for name in parts)


def test_what_is_given_back_comes_off_the_parts_of_the_month_that_charged_them() -> None:
    charge, refund = (EntryKind.CHARGE, EntryKind.REFUND)
    entries = [
        entry(charge, -60, photos=10),
        entry(refund, 12, photos=2, days=30),
    ]

    found = add_up(entries, [f"{START:%Y-%m}"], app=APP)

    assert found.parts[f"{START:%Y-%m}"] == {
        "background-removal": Use(photos=8, credits=12 - 2),
        "template-background:desk-01": Use(photos=8, credits=28 - 6),
        "natural-shadow": Use(photos=8, credits=20 - 4),
    }
    whole = add_up([entries[0], entry(refund, 60, photos=10)], [f"{START:%Y-%m}"], app=APP)
    assert set(whole.parts[f"{START:%Y-%m}"].values()) == {Use()}


def test_photos_of_a_batch_are_made_with_its_parts_and_so_counted_by_day() -> None:
    group = Group(
        id=f"batch_{1:032x}",
        user_id="u1",
        app=APP,
        product=OrderKind.BATCH.product,
        workflow=(),
        lane=Lane.STANDARD,
        total=2,
        price=50,
        parts=LOOK,
        pricing_type="credits",
        request_hash="-",
        created_at=START,
        closes_at=START,
    )
    jobs = planned_jobs(group, (PlannedPhoto(name="a", size_bytes=1),) * 2)
    places = [made.place(job, Receipt(provider_microusd=100), START) for job in jobs]

    found = [made.read_place({"gsi2sk": place}) for place in places]

    assert found == [Made(OrderKind.BATCH.product, "local", 25, 100, LOOK)] * 2
    day = business([], [], found)
    assert day.parts == {
        "background-removal": Produced(photos=2, credits=10, microusd=40),
        "template-background:desk-01": Produced(photos=2, credits=24, microusd=96),
        "natural-shadow": Produced(photos=2, credits=16, microusd=64),
    }
    assert (day + day).parts["natural-shadow"] == Produced(photos=4, credits=32, microusd=128)
    assert Business.model_validate(day.model_dump(mode="json")) == day


def test_what_a_provider_bills_is_the_cost_of_its_part() -> None:
    parts = {"background-removal": 5, "ai-background": 15}
    terms = IfOurs(parts={"ai-simple": "ai-background"}, credits={"ai-simple": 2})
    job = leased(START).model_copy(update={"price": 18, "parts": parts, "if_ours": terms})

    def read(entry: str) -> Made:
        asked = {"ai-simple": AskedFor(entry=entry, microusd=3_000)}
        receipt = Receipt(provider_microusd=3_100, asked=asked)
        return made.read_place({"gsi2sk": made.place(job, receipt, START)})

    theirs, ours = read("fal:flux-schnell"), read("local")

    assert (theirs.credits, ours.credits) == (18, 16)
    assert theirs.billed == ours.billed == {"ai-background": 3_000}
    assert business([], [], [theirs]).parts == {
        "background-removal": Produced(photos=1, credits=4, microusd=25),
        "ai-background": Produced(photos=1, credits=14, microusd=3_075),
    }


def test_what_was_made_before_there_were_parts_is_read_without_any() -> None:
    place = "2026-11-21T23:59:59.999Z#remover/basic#fal:birefnet#3#96#batch_1_0007"

    found = made.read_place({"gsi2sk": place})

    assert found == Made("remover/basic", "fal:birefnet", 3, 96)
    assert business([], [], [found]).parts == {}
