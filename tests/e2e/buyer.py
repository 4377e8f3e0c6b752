"""Somebody who calls the API in plain HTTP, as often at once as a test wants."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import httpx

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.prices import APP as APP
from tests.e2e.service import PATIENCE_S, Person, Service

# A burst starts a sandbox of the function for each request, on however few cores there are.
ANSWER_S = 120


class Buyer:
    """A user's requests with their token, whatever they are answered.

    "busy" (503 with Retry-After) is what a client has to try again, so that is tried again here;
    `busy` counts how often that was. Every other 5xx is a bug.
    """

    def __init__(self, person: Person, http: httpx.Client) -> None:
        self.person, self.http = person, http
        self.busy = 0

    def __call__(self, method: str, path: str, **content: Any) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self.http.request(method, path, **content)).status_code == 503:
            assert "Retry-After" in answer.headers, answer.text
            assert time.monotonic() < deadline, "busy for too long"
            self.busy += 1
            time.sleep(int(answer.headers["Retry-After"]))
        assert answer.status_code < 500, answer.text
        return answer

    def remove(self, *, key: str | None = None, **changes: object) -> httpx.Response:
        """POST /remove for a small photo, with other facts about it in `changes`."""
        photo = {"fileName": "shoe.png", "fileSize": 9, "tier": "standard"} | changes
        headers = {} if key is None else {"Idempotency-Key": key}
        return self("POST", f"{REMOVER_PREFIX}/remove", json=photo, headers=headers)

    def credits(self) -> dict[str, Any]:
        """What GET /credits shows."""
        return dict(data(self("GET", "/api/credits")))

    def entries(self) -> list[dict[str, Any]]:
        """The newest entries of the ledger."""
        page = self("GET", "/api/credits/ledger", params={"limit": 100})
        return list(data(page)["entries"])

    def top_up(self, package: str) -> dict[str, Any]:
        """Ask for credits: the payment."""
        return dict(data(self("POST", "/api/credits/topups", json={"package": package})))

    def webhook(self) -> str:
        """Have events sent to an address; to be deleted before there is an event."""
        asked = {"url": "https://shop.example.com/hooks"}
        return str(data(self("POST", "/api/webhooks", json=asked))["webhookId"])

    def key(self) -> str:
        """The id of a new API key."""
        return str(data(self("POST", "/api/keys", json={"name": "shop"}))["keyId"])

    def invitation(self, email: str, role: str = "editor") -> dict[str, Any]:
        """Somebody asked into the team."""
        asked = {"email": email, "role": role}
        return dict(data(self("POST", "/api/team/invitations", json=asked)))

    def delete_webhooks(self) -> None:
        """Have no events sent anywhere."""
        for webhook in data(self("GET", "/api/webhooks"))["webhooks"]:
            data(self("DELETE", f"/api/webhooks/{webhook['webhookId']}"))

    def subscribe(self, plan: str) -> None:
        """Ask for a plan and pay for it."""
        asked = self("POST", f"{REMOVER_PREFIX}/subscription", json={"plan": plan})
        path, token = proof_of(data(asked)["payment"])
        assert self("POST", path, json={"status": "paid", "token": token}).status_code == 200


def data(answer: httpx.Response) -> Any:
    """The envelope's content."""
    assert answer.is_success, answer.text
    return answer.json()["data"]


def proof_of(payment: dict[str, Any]) -> tuple[str, str]:
    """Where a payment's notifications go, and the token that proves them."""
    token = httpx.URL(payment["checkoutUrl"]).params["token"]
    return f"/api/payments/{payment['paymentId']}/notifications", token


@contextmanager
def buyer(service: Service, credits: int = 0) -> Iterator[Buyer]:
    """A new account with its month's free credits and so many more."""
    person = service.newcomer(credits)
    with httpx.Client(
        base_url=service.outputs.api_url,
        headers={"Authorization": f"Bearer {person.client.login().token}"},
        timeout=ANSWER_S,
        limits=httpx.Limits(max_connections=None),
        trust_env=False,
    ) as http:
        yield Buyer(person, http)


def at_once[T](times: int, call: Callable[[], T]) -> list[T]:
    """What so many threads get that call at the same moment."""
    start = Barrier(times)

    def run(_: int) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def use_quota(service: Service, person: Person, day: str, photos: int) -> None:
    """Have the user's plan give so many basic photos on a day, as if they had been sent."""
    row = {
        "pk": {"S": f"USER#{person.user_id}"},
        "sk": {"S": f"USAGE#{APP}#{day}"},
        "total": {"N": str(photos)},
        "basic": {"N": str(photos)},
    }
    service.dynamodb.put_item(TableName=service.outputs.table, Item=row)
