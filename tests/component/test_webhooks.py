"""Webhooks from the bus's event to the customer's server, and what is never called."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from lumiku.adapters.rows import Rows
from lumiku.adapters.telling import posts as webhook_posts
from lumiku.adapters.telling.webhooks import EndpointTable
from lumiku.domain.telling.signatures import Secret
from lumiku.domain.telling.webhooks import RETRY_AFTER_S, Endpoint, Endpoints
from lumiku.services.clock import utc_now
from tests.component.http_events import SELLER, answer, request
from tests.component.receiver import Receiver, receiving
from tests.component.stack import Stack
from tests.component.test_events import load

LAPTOP = {"Stage": "local", "WebhookLoopback": "allowed"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def laptop(stack: Stack) -> Stack:
    """A stack that may call this machine."""
    for folder in ("webhooks_api", "deliver_webhook"):
        stack.app(folder, **LAPTOP)
    return stack


def register(stack: Stack, url: str) -> Any:
    event = request("POST", "/api/webhooks", body={"url": url})
    return answer(stack.call("webhooks_api", event)).data


def listed(stack: Stack) -> list[Any]:
    found: list[Any] = answer(stack.call("webhooks_api", request("GET", "/api/webhooks"))).data[
        "webhooks"
    ]
    return found


def spread(stack: Stack) -> None:
    """Tell the function that a batch is closed."""
    assert stack.call("deliver_webhook", load("deliver_webhook/closed")) == {
        "batchItemFailures": []
    }


def waiting(stack: Stack) -> list[Any]:
    """Messages that can be received now."""
    url = stack.queue_urls["WebhookQueue"]
    found: list[Any] = stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
        "Messages", []
    )
    return found


def deliver(stack: Stack, message: Any, tries: int = 1) -> bool:
    """Give one message to the function; whether it is done with."""
    event = load("deliver_webhook/endpoint_deleted")
    event["Records"][0] |= {"body": message["Body"], "receiptHandle": message["ReceiptHandle"]}
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(tries)
    failed: list[Any] = stack.call("deliver_webhook", event)["batchItemFailures"]
    return not failed


def test_an_event_arrives_signed(laptop: Stack, receiver: Receiver) -> None:
    secret = register(laptop, receiver.url)["secret"]

    spread(laptop)
    [message] = waiting(laptop)

    assert deliver(laptop, message)
    [(headers, body)] = receiver.got
    event = Webhook(secret).verify(body, headers)
    assert event["type"] == "batch.closed"
    assert event["data"]["processedImages"] == 2
    assert "http" not in body
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace("2", "3"), headers)


def test_a_repeated_event_has_the_same_id(laptop: Stack, receiver: Receiver) -> None:
    register(laptop, receiver.url)

    spread(laptop)
    spread(laptop)
    for message in waiting(laptop):
        deliver(laptop, message)

    assert len(receiver.got) == 2
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_both_secrets_sign_while_rotating(laptop: Stack, receiver: Receiver) -> None:
    first = register(laptop, receiver.url)
    path = f"/api/webhooks/{first['webhookId']}/rotate"
    event = request(
        "POST",
        path,
        route="/api/webhooks/{webhook_id}/rotate",
        path_parameters={"webhook_id": first["webhookId"]},
    )
    second = answer(laptop.call("webhooks_api", event)).data

    spread(laptop)
    [message] = waiting(laptop)
    deliver(laptop, message)

    [(headers, body)] = receiver.got
    for secret in (first["secret"], second["secret"]):
        assert Webhook(secret).verify(body, headers)


@pytest.mark.parametrize("status", [301, 307, 400, 429, 500, 503])
def test_any_other_answer_is_tried_again(
    laptop: Stack, receiver: Receiver, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.status, receiver.headers = status, {"Location": receiver.url}
    register(laptop, receiver.url)
    spread(laptop)
    [message] = waiting(laptop)
    hidden: list[int] = []
    sqs = laptop.app("deliver_webhook").aws.sqs()
    monkeypatch.setattr(
        sqs,
        "change_message_visibility",
        lambda **sent: hidden.append(sent["VisibilityTimeout"]),
    )

    ends = [deliver(laptop, message, tries) for tries in range(1, len(RETRY_AFTER_S) + 2)]

    assert ends == [False] * len(RETRY_AFTER_S) + [True]
    assert hidden == list(RETRY_AFTER_S)
    assert len(receiver.got) == len(RETRY_AFTER_S) + 1  # no redirect was followed
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_410_disables_the_endpoint(laptop: Stack, receiver: Receiver) -> None:
    receiver.status = 410
    register(laptop, receiver.url)
    spread(laptop)
    [message] = waiting(laptop)

    assert deliver(laptop, message)
    assert deliver(laptop, message)
    spread(laptop)

    assert [one["status"] for one in listed(laptop)] == ["disabled"]
    assert len(receiver.got) == 1
    assert waiting(laptop) == []


def test_a_long_answer_is_cut_off(laptop: Stack, receiver: Receiver) -> None:
    receiver.answer, receiver.drip_s = b"x" * 400_000, 0.02
    register(laptop, receiver.url)
    spread(laptop)
    [message] = waiting(laptop)
    begun = utc_now()

    assert deliver(laptop, message)

    assert utc_now() - begun < timedelta(seconds=1.5)  # all of it would take two seconds


def test_an_answer_has_only_so_much_time_in_all(
    laptop: Stack, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_posts, "TIMEOUT_S", 0.5)
    receiver.answer, receiver.drip_s = b"x" * 12_000, 0.4
    register(laptop, receiver.url)
    spread(laptop)
    [message] = waiting(laptop)

    assert not deliver(laptop, message)


def plant(stack: Stack, url: str) -> None:
    """An endpoint that no API would have taken."""
    endpoint = Endpoint(id="hook_1", url=url, secrets=(Secret.of(bytes(32)),), created_at=utc_now())
    table = EndpointTable(Rows(stack.dynamodb, stack.table))
    table.save(Endpoints(user_id=SELLER, endpoints=(endpoint,)))


@pytest.mark.parametrize("given", [{}, {"WebhookLoopback": "allowed"}, {"Stage": "local"}])
def test_nobody_else_calls_their_own_machine(
    stack: Stack, receiver: Receiver, given: dict[str, str]
) -> None:
    stack.app("webhooks_api", **given)
    stack.app("deliver_webhook", **given)
    refused = stack.call(
        "webhooks_api", request("POST", "/api/webhooks", body={"url": receiver.url})
    )
    plant(stack, f"http://localhost:{receiver.port}/hook")  # public, until it is looked up
    spread(stack)
    [message] = waiting(stack)

    assert refused["statusCode"] == 400
    assert not deliver(stack, message)
    assert receiver.got == []


def test_a_deleted_endpoint_gets_nothing(laptop: Stack, receiver: Receiver) -> None:
    made = register(laptop, receiver.url)["webhookId"]
    spread(laptop)
    [message] = waiting(laptop)
    event = request(
        "DELETE",
        f"/api/webhooks/{made}",
        route="/api/webhooks/{webhook_id}",
        path_parameters={"webhook_id": made},
    )

    assert answer(laptop.call("webhooks_api", event)).data["webhookId"] == made
    assert deliver(laptop, message)
    assert receiver.got == []
    assert listed(laptop) == []


def test_a_secret_is_shown_only_when_it_is_made(laptop: Stack, receiver: Receiver) -> None:
    secret = register(laptop, receiver.url)["secret"]

    assert secret not in json.dumps(listed(laptop))


def test_the_sixth_endpoint_is_refused(laptop: Stack) -> None:
    for number in range(5):
        register(laptop, f"https://shop{number}.example.com/")

    sixth = request("POST", "/api/webhooks", body={"url": "https://shop.example.com/"})
    got = answer(laptop.call("webhooks_api", sixth))

    assert (got.status, got.json["code"], got.json["allowed"]) == (409, "too_many_webhooks", 5)
