import json
import threading
from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client, Session
from tests.unit.client.conftest import Clock
from tests.unit.client.wire import (
    API,
    P,
    Wire,
    gateway,
    ok,
    refused,
    submission,
)


@pytest.fixture
def client(wire: Wire, clock: Clock) -> Client:
    return Client(
        API, token="old", email="e", password="p", sleep=clock.sleep, transport=wire.transport
    )


def test_an_expired_token_is_replaced_once(client: Client, wire: Wire) -> None:
    wire.on("GET /api/credits", gateway(401, "Unauthorized"), ok(balance=5))
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))

    assert client.credits().balance == 5

    tokens = [r.headers["Authorization"] for r in wire.sent("GET /api/credits")]
    assert tokens == ["Bearer old", "Bearer new"]
    assert "Authorization" not in wire.sent("POST /api/auth/login")[0].headers


def test_a_second_401_is_final(client: Client, wire: Wire) -> None:
    wire.on("GET /api/credits", gateway(401, "Unauthorized"))
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))

    with pytest.raises(ApiProblem) as caught:
        client.credits()

    assert caught.value.status == 401
    assert len(wire.sent("POST /api/auth/login")) == 1


def test_the_key_survives_the_new_login(client: Client, wire: Wire, photo: Path) -> None:
    wire.on(f"POST {P}/remove", gateway(401, "Unauthorized"), submission())
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))

    client.submit(photo, "basic")

    submits = wire.sent(f"POST {P}/remove")
    assert len({r.headers["Idempotency-Key"] for r in submits}) == 1


def test_threads_log_in_once_together(client: Client, wire: Wire) -> None:
    together = threading.Barrier(4)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] == "Bearer new":
            return ok(balance=5)
        together.wait(5)
        return gateway(401, "Unauthorized")

    wire.on("GET /api/credits", answer)
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))
    threads = [threading.Thread(target=client.credits) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(wire.sent("POST /api/auth/login")) == 1


def test_without_a_token_it_logs_in_first(wire: Wire) -> None:
    wire.on("GET /api/credits", ok(balance=5))
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))

    with Client(API, email="e", password="p", transport=wire.transport) as client:
        client.credits()

    assert [r.url.path for r in wire.requests] == ["/api/auth/login", "/api/credits"]


def test_with_nothing_to_log_in_with_nothing_is_sent(wire: Wire) -> None:
    with Client(API, transport=wire.transport) as client, pytest.raises(ApiProblem) as caught:
        client.credits()

    assert (caught.value.status, caught.value.code) == (401, "not_logged_in")
    assert wire.requests == []


def test_wrong_password(client: Client, wire: Wire) -> None:
    wire.on("POST /api/auth/login", refused(401, "wrong_credentials"))

    with pytest.raises(ApiProblem) as caught:
        client.login()

    assert caught.value.code == "wrong_credentials"
    assert len(wire.requests) == 1


def test_a_refresh_token_spares_the_password(wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", gateway(401, "Unauthorized"), ok(balance=5))
    wire.on("POST /api/auth/refresh", ok(token="new", refreshToken="r2", expiresIn=3600))
    told: list[Session] = []

    with Client(
        API,
        token="old",
        refresh_token="r1",
        on_session=told.append,
        sleep=clock.sleep,
        transport=wire.transport,
    ) as client:
        assert client.credits().balance == 5

    [refresh] = wire.sent("POST /api/auth/refresh")
    assert json.loads(refresh.content) == {"refreshToken": "r1"}
    assert "Authorization" not in refresh.headers
    assert wire.sent("GET /api/credits")[1].headers["Authorization"] == "Bearer new"
    assert [session.refresh_token for session in told] == ["r2"]


def test_a_refresh_token_that_is_over_needs_the_password(wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", gateway(401, "Unauthorized"), ok(balance=5))
    wire.on("POST /api/auth/refresh", refused(401, "session_over"))
    wire.on("POST /api/auth/login", ok(token="new", expiresIn=3600))

    with Client(
        API, token="old", refresh_token="r", email="e", password="p", transport=wire.transport
    ) as client:
        assert client.credits().balance == 5

    assert len(wire.sent("POST /api/auth/refresh")) == 1


def test_without_a_password_the_end_of_a_session_is_told(wire: Wire, clock: Clock) -> None:
    wire.on("GET /api/credits", gateway(401, "Unauthorized"))
    wire.on("POST /api/auth/refresh", refused(401, "session_over"))

    with (
        Client(API, token="old", refresh_token="r", transport=wire.transport) as client,
        pytest.raises(ApiProblem) as caught,
    ):
        client.credits()

    assert (caught.value.status, caught.value.code) == (401, "not_logged_in")


def test_trouble_while_refreshing_is_not_the_end_of_a_session(wire: Wire, clock: Clock) -> None:
    expired = gateway(401, "Unauthorized")
    wire.on("GET /api/credits", expired, expired, ok(balance=5))
    wire.on("POST /api/auth/refresh", refused(503, "busy"), ok(token="new", expiresIn=60))

    with Client(
        API, token="old", refresh_token="r", retry_for_s=0, transport=wire.transport
    ) as client:
        with pytest.raises(ApiProblem) as caught:
            client.credits()
        assert caught.value.status == 503
        assert client.credits().balance == 5
