"""process_photo with hosted providers: real HTTP to imitations of them, rows on moto.

Whatever a provider does, the photo ends well, is billed at most once, and nobody but the log hears
the provider's words.
"""

import json
import sys
from collections.abc import Iterator
from subprocess import run

import pytest

from lumiku.apps.remover.http.jobs import job_body
from lumiku.domain.hosting.tickets import Fault
from lumiku.domain.people.callers import ADMIN, person
from lumiku.services.hosting.asking import OPEN_LONG_S
from tests.component.hosted_lane import (
    DIRECT,
    QUEUED,
    SECOND,
    HostedLane,
    alpha,
    hosted_lane,
    receipt,
)
from tests.component.stack import SANDBOX, Stack
from tests.imitation_providers.imitation import KEY, always
from tests.imitation_providers.script import script

WIRES = {DIRECT: "fal-direct", QUEUED: "fal-queue", SECOND: "segmind-bytes"}


@pytest.fixture
def direct(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostedLane]:
    with hosted_lane(stack, monkeypatch, DIRECT) as lane:
        yield lane


@pytest.fixture
def queued(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostedLane]:
    with hosted_lane(stack, monkeypatch, QUEUED) as lane:
        yield lane


def test_a_providers_alpha_is_the_results(
    direct: HostedLane, stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    job = direct.cut_out().now()

    found = receipt(job)
    assert (found.entry, found.tries, found.faults) == (DIRECT, 1, ())
    assert found.request_id
    assert found.provider_microusd == 3_000
    assert list(found.stage_ms) == [
        "read",
        "decode",
        "hosted",
        "edges",
        "keep",
        "encode",
        "write",
    ]
    # The imitation shows the middle of a plain photo; the models of the lane leave a hole there.
    shown = alpha(stack, job)
    assert (shown.getpixel((15, 15)), shown.getpixel((0, 0))) == (255, 0)
    assert direct.submissions == (1, 0)
    said = capsys.readouterr().out
    assert '"entry":"fal:birefnet-light"' in said
    assert '"Provider_answered":[1.0]' in said


def test_a_tier_without_a_route_asks_nobody(direct: HostedLane) -> None:
    told = direct.lane.job()

    assert direct.lane.deliver(told.body) == []

    found = receipt(told.now())
    assert (found.entry, found.tries, found.provider_microusd) == ("local", 0, 0)
    assert direct.submissions == (0, 0)
    assert told.now().submissions == ()


EVERY = [
    pytest.param(entry, scenario, id=f"{wire}-{scenario}")
    for entry, wire in WIRES.items()
    if entry != SECOND
    for scenario in script(wire).scenarios
]


@pytest.mark.parametrize(("entry", "scenario"), EVERY)
def test_whatever_the_first_provider_does_the_photo_ends_well(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    entry: str,
    scenario: str,
) -> None:
    with hosted_lane(stack, monkeypatch, entry) as lane:
        lane.first.choose = always(scenario)

        job = lane.cut_out().now()

        found = receipt(job)
        assert lane.books.billed_twice == []
        assert found.entry in {entry, SECOND, "local"}
        billed = sum(lane.books.billed.values())
        assert found.provider_microusd >= billed * 1_000
        assert (lane.first.leaks, lane.first.strange) == ([], [])
        if found.entry != entry:
            assert found.faults
        written = json.dumps(job.model_dump(mode="json"))
        shown = job_body(job, person(job.user_id, ADMIN), "en").model_dump_json()
        log = capsys.readouterr().out
        assert KEY not in written + shown + log
        for words in VENDOR_WORDS:
            assert words not in shown + written


VENDOR_WORDS = [
    "Exhausted balance",
    "Top up",
    "Internal server error",
    "Bad Gateway",
    "Something went wrong",
    "No runner",
    "Too many",
    "Cannot access",
    "not allowed",
]
"""Of the scenarios; what is written and shown has none of them."""


@pytest.mark.parametrize("scenario", script(WIRES[SECOND]).scenarios)
def test_whatever_the_second_provider_does_the_photo_ends_well(
    direct: HostedLane, scenario: str
) -> None:
    direct.first.choose = always("no-credit")
    direct.second.choose = always(scenario)

    found = receipt(direct.cut_out().now())

    assert direct.books.billed_twice == []
    assert found.entry in {SECOND, "local"}
    assert found.faults[0].kind is Fault.CREDIT


@pytest.mark.parametrize(
    ("scenario", "entry", "kinds"),
    [
        ("json-error-with-200", "local", [Fault.TRANSIENT]),
        ("half-a-gigabyte", "local", [Fault.TRANSIENT]),
        ("silence", "local", [Fault.TRANSIENT]),
        ("result-redirected-inside", "local", [Fault.TRANSIENT]),
        ("an-hour-of-rate-limit", SECOND, [Fault.RATE]),
        ("no-credit", SECOND, [Fault.CREDIT]),
        ("wrong-key", SECOND, [Fault.AUTH]),
        ("crashed", SECOND, [Fault.TRANSIENT] * 3),
        ("bad-request", SECOND, [Fault.INPUT]),
    ],
)
def test_where_a_photo_goes_on(
    direct: HostedLane, scenario: str, entry: str, kinds: list[Fault]
) -> None:
    direct.first.choose = always(scenario)

    found = receipt(direct.cut_out().now())

    assert (found.entry, [fault.kind for fault in found.faults]) == (entry, kinds)


@pytest.mark.parametrize("scenario", ["result-of-another-photo", "result-of-nothing"])
def test_a_picture_that_shows_nothing_of_the_photo_is_not_used(
    queued: HostedLane, stack: Stack, scenario: str
) -> None:
    queued.first.choose = always(scenario)

    job = queued.cut_out().now()

    found = receipt(job)
    assert (found.entry, found.provider_microusd) == ("local", 3_000)
    assert alpha(stack, job).getpixel((15, 15)) == 0
    assert queued.submissions == (1, 0)


def test_photos_without_a_subject_do_not_keep_others_from_their_provider(
    queued: HostedLane,
) -> None:
    queued.first.choose = always("result-of-nothing")

    made = [receipt(queued.cut_out().now()) for _ in range(5)]

    found = [([fault.kind for fault in one.faults], one.provider_microusd) for one in made]
    assert found == [([Fault.INPUT], 3_000)] * 5
    queued.first.choose = always("works")
    assert receipt(queued.cut_out().now()).entry == QUEUED


def test_credit_that_ends_in_the_middle_of_a_batch(direct: HostedLane) -> None:
    assert receipt(direct.cut_out().now()).entry == DIRECT
    direct.first.choose = always("no-credit")

    made = [receipt(direct.cut_out().now()) for _ in range(3)]

    assert [one.entry for one in made] == [SECOND] * 3
    assert [len(one.faults) for one in made] == [1, 0, 0]
    assert direct.submissions == (2, 3)

    # Topped up; a quarter of an hour later one photo tries, and all go there again.
    direct.first.choose = always("works")
    direct.moved_s += OPEN_LONG_S
    assert [receipt(direct.cut_out().now()).entry for _ in range(2)] == [DIRECT] * 2


def test_a_provider_that_is_down_is_left_alone_and_comes_back(
    direct: HostedLane, capsys: pytest.CaptureFixture[str]
) -> None:
    direct.first.choose = always("crashed")

    made = [receipt(direct.cut_out().now()) for _ in range(4)]

    assert [one.entry for one in made] == [SECOND] * 4
    assert [len(one.faults) for one in made] == [3, 1, 0, 0]
    assert capsys.readouterr().out.count('"Provider_opened":[1.0]') == 1

    direct.moved_s += 31
    direct.cut_out()
    assert direct.first.sent.total() == 5  # it tried once, and found it down
    direct.moved_s += 31
    direct.first.choose = always("works")
    assert receipt(direct.cut_out().now()).entry == DIRECT


def test_a_provider_that_is_full_is_passed_by(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hosted_lane(stack, monkeypatch, DIRECT, concurrency={"fal": 1}) as lane:
        slots = stack.app("process_photo").hosting.slots
        with slots.hold("fal", until=lane.clock().replace(year=2100)) as held:
            assert held
            assert receipt(lane.cut_out().now()).entry == SECOND
        assert receipt(lane.cut_out().now()).entry == DIRECT


def test_keys_that_cannot_be_read_cost_nobody_a_photo(
    direct: HostedLane, monkeypatch: pytest.MonkeyPatch, stack: Stack
) -> None:
    secrets = stack.app("process_photo").hosting.providers.__self__._keys._secrets
    secrets.client.put_secret_value(SecretId="providers", SecretString="not json")
    secrets.store.clear()

    found = receipt(direct.cut_out().now())

    assert (found.entry, found.provider_microusd) == ("local", 0)
    assert direct.submissions == (0, 0)


def test_hosted_entries_without_keys_end_the_cold_start(stack: Stack) -> None:
    with pytest.raises(ValueError, match="ProviderSecretArn"):
        stack.app("process_photo", ProviderRoutes='{"basic": ["fal:bria", "local"]}')


def test_where_every_tier_is_local_nothing_of_providers_is_loaded() -> None:
    environment = {
        **SANDBOX,
        "STAGE": "prod",
        "TABLE_NAME": "table",
        "PHOTOS_BUCKET": "bucket",
        "PHOTOS_HOST": "",
        "SETTLE_QUEUE_URL": "queue",
        "WEIGHTS_PRECISION": "int8",
        "PROVIDER_ROUTES": "",
        "PROVIDER_SECRET_ARN": "",
        "POWERTOOLS_METRICS_NAMESPACE": "Lumiku",
    }
    code = (
        "import sys, functions.process_photo.app as app; print(app.hosting,"
        " [name for name in sys.modules if 'lumiku.adapters.hosting.providers' in name])"
    )

    done = run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "None []"
