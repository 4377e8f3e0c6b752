import json
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client
from tests.unit.client.conftest import Clock
from tests.unit.client.wire import API, P, Wire, gateway, ok, refused, submission

BALANCE = ok(balance=92, currency="credits")
LOST = httpx.ReadError("reset by peer")


@pytest.mark.parametrize(
    "passing",
    [
        gateway(503, "Service Unavailable"),
        httpx.Response(502, text="<html>Bad Gateway</html>"),
        httpx.Response(504),
        refused(429, "too_many_requests", retryAfter=1),
        LOST,
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("silent"),
        httpx.RemoteProtocolError("half an answer"),
    ],
)
def test_a_get_is_repeated_after_passing_problems(
    client: Client, wire: Wire, passing: httpx.Response | Exception
) -> None:
    wire.on("GET /api/credits", passing, passing, BALANCE)

    assert client.credits().balance == 92
    assert len(wire.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 500])
def test_other_refusals_are_final(client: Client, wire: Wire, status: int) -> None:
    wire.on("GET /api/credits", refused(status, "no"), BALANCE)

    with pytest.raises(ApiProblem) as caught:
        client.credits()

    assert caught.value.status == status
    assert len(wire.requests) == 1


def test_a_paid_post_is_repeated_with_the_same_key_and_body(
    client: Client, wire: Wire, photo: Path
) -> None:
    wire.on(f"POST {P}/remove", LOST, gateway(503, "Service Unavailable"), submission())

    client.submit(photo, "standard")

    keys = {request.headers["Idempotency-Key"] for request in wire.requests}
    assert len(wire.requests) == 3
    assert uuid.UUID(keys.pop()).version == 4
    assert not keys
    assert len({request.content for request in wire.requests}) == 1


def test_two_submits_have_two_keys(client: Client, wire: Wire, photo: Path) -> None:
    wire.on(f"POST {P}/remove", submission())

    client.submit(photo, "standard")
    client.submit(photo, "standard")

    assert len({request.headers["Idempotency-Key"] for request in wire.requests}) == 2


def test_a_key_of_the_caller_is_used(client: Client, wire: Wire, photo: Path) -> None:
    wire.on(f"POST {P}/remove", submission())

    client.submit(photo, "basic", idempotency_key="mine", expected_credits=3)

    assert wire.requests[0].headers["Idempotency-Key"] == "mine"
    assert json.loads(wire.requests[0].content) == {
        "fileName": "mug.jpg",
        "fileSize": photo.stat().st_size,
        "contentType": "",
        "tier": "basic",
        "expectedCredits": 3,
    }


@pytest.mark.parametrize("problem", [LOST, gateway(503, "Service Unavailable")])
def test_a_post_without_key_is_not_repeated(
    wire: Wire, clock: Clock, problem: httpx.Response | Exception
) -> None:
    wire.on("POST /api/auth/login", problem)
    client = Client(API, email="e", password="p", sleep=clock.sleep, transport=wire.transport)

    with pytest.raises(ApiProblem):
        client.login()

    assert len(wire.requests) == 1
    assert clock.sleeps == []


def test_a_post_without_key_is_repeated_if_it_was_never_sent(wire: Wire, clock: Clock) -> None:
    wire.on("POST /api/auth/login", httpx.ConnectError("refused"), ok(token="t", expiresIn=60))
    client = Client(API, email="e", password="p", sleep=clock.sleep, transport=wire.transport)

    assert client.login().token == "t"


def test_retry_after_is_waited_for(client: Client, wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", refused(429, "too_many_requests", retryAfter=7), BALANCE)

    client.credits()

    assert len(clock.sleeps) == 1
    assert 7 <= clock.sleeps[0] <= 8


def test_retry_after_may_be_a_date(client: Client, wire: Wire, clock: Clock) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=20)
    busy = httpx.Response(503, headers={"Retry-After": format_datetime(moment, usegmt=True)})
    wire.on("GET /api/credits", busy, BALANCE)

    client.credits()

    assert 15 < clock.sleeps[0] < 22


def test_a_wait_that_would_last_too_long_is_not_begun(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.on("GET /api/credits", refused(429, "too_many_requests", retryAfter=3600))

    with pytest.raises(ApiProblem) as caught:
        client.credits()

    assert caught.value.retry_after_s == 3600
    assert clock.sleeps == []


def test_patience_ends(client: Client, wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", httpx.ConnectError("refused"))

    with pytest.raises(ApiProblem) as caught:
        client.credits()

    assert (caught.value.status, caught.value.code) == (0, "unreachable")
    assert len(clock.sleeps) > 3
    assert sum(clock.sleeps) < 60


def test_waits_are_random_below_a_bound_that_doubles(clock: Clock) -> None:
    waits: list[list[float]] = []
    for _ in range(60):
        clock.sleeps = []
        wire = Wire()
        wire.on("GET /api/credits", httpx.ConnectError("refused"))
        client = Client(API, token="t", sleep=clock.sleep, transport=wire.transport)
        with pytest.raises(ApiProblem):
            client.credits()
        waits.append(clock.sleeps[:4])

    for number, bound in enumerate([0.5, 1, 2, 4]):
        seen = [run[number] for run in waits if len(run) > number]
        assert max(seen) <= bound
        assert min(seen) < bound / 2 < max(seen)


def test_no_patience_means_one_try(client: Client, wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", LOST)
    client.be_patient(0)

    with pytest.raises(ApiProblem):
        client.credits()

    assert len(wire.requests) == 1
