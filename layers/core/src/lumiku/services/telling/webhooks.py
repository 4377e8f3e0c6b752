"""Webhooks: endpoints of customers, and sending them what the bus tells."""

import json
import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.people.callers import Caller
from lumiku.domain.reach import Reach
from lumiku.domain.telling import signatures
from lumiku.domain.telling.signatures import SECRET_BYTES, Secret
from lumiku.domain.telling.webhooks import CLOSED, Endpoint, wait_after_s
from lumiku.services.clock import Clock
from lumiku.services.connected.acting import Acting
from lumiku.services.telling.ports import Delivery, EndpointStore, NotDelivered, Outbox, Poster

GONE = 410
OF_APPS = "integration.closed"
_APP = "app/"
"""What ids of the endpoints of other apps begin with."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The use cases of /api/webhooks. A secret is shown when it is made and never again."""

    store: EndpointStore
    reach: Reach
    clock: Clock

    def endpoints(self, caller: Caller) -> tuple[Endpoint, ...]:
        """All of the user's, the oldest first."""
        return self.store.endpoints(caller.account).endpoints

    def register(self, caller: Caller, url: str, events: Collection[str] = CLOSED) -> Endpoint:
        """A new endpoint for events of those kinds."""
        endpoint = Endpoint(
            id=f"hook_{uuid.uuid4().hex}",
            url=self.reach.check_url(url),
            secrets=(_new_secret(),),
            events=tuple(events),
            created_at=self.clock(),
        )
        self.store.save(self.store.endpoints(caller.account).register(endpoint))
        return endpoint

    def remove(self, caller: Caller, endpoint_id: str) -> Endpoint:
        """Nothing is sent there any more, not even what waits for another try."""
        known = self.store.endpoints(caller.account)
        self.store.save(known.remove(endpoint_id))
        return known.find(endpoint_id)

    def rotate(self, caller: Caller, endpoint_id: str) -> Endpoint:
        """A new secret; for a day events are signed with the old one too."""
        known = self.store.endpoints(caller.account).rotate(
            endpoint_id, _new_secret(), self.clock()
        )
        self.store.save(known)
        return known.find(endpoint_id)


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing is left to do; `outcome` says why."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Again:
    """Another try is due in `after_s` seconds."""

    after_s: int
    reason: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The use case of deliver_webhook."""

    store: EndpointStore
    outbox: Outbox
    poster: Poster
    acting: Acting
    clock: Clock

    def spread(self, kind: str, detail: Mapping[str, Any]) -> int:
        """One delivery for each endpoint that wants it, of whom it is about; answers how many."""
        user_id = str(detail["userId"])
        event = {"type": kind, "timestamp": detail["closedAt"], "data": detail}
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
        # An event that is told twice has one id, by which receivers leave the second one out.
        about = detail.get("jobId", detail["batchId"])
        closing = f"{kind}/{about}/{detail['closedAt']}"
        message_id = f"msg_{uuid.uuid5(uuid.NAMESPACE_URL, closing).hex}"
        live = [one.id for one in self._endpoints(user_id, kind, detail)]
        request_id = str(detail.get("requestId", detail["batchId"]))
        for endpoint_id in live:
            self.outbox.put(Delivery(user_id, endpoint_id, message_id, body, request_id))
        return len(live)

    def _endpoints(self, user_id: str, kind: str, detail: Mapping[str, Any]) -> Sequence[Endpoint]:
        """Who wants to know: those of the account that asked for it, or the app that ordered it."""
        if kind == OF_APPS:
            app = self._app(user_id, str(detail["integratedWith"]))
            return [app] if app else []
        known = self.store.endpoints(user_id).endpoints
        return [one for one in known if not one.disabled_at and kind in one.events]

    def _app(self, user_id: str, name: str) -> Endpoint | None:
        """Where an app is told of what it ordered; nowhere once the account disconnects it."""
        try:
            app, _ = self.acting.connection(user_id, name)
        except Refusal:
            return None
        return Endpoint(
            id=f"{_APP}{name}",
            url=app.url("/lumiku/events"),
            secrets=app.secrets,
            created_at=app.created_at,
        )

    def _endpoint(self, delivery: Delivery) -> Endpoint | None:
        if delivery.endpoint_id.startswith(_APP):
            return self._app(delivery.user_id, delivery.endpoint_id.removeprefix(_APP))
        try:
            return self.store.endpoints(delivery.user_id).find(delivery.endpoint_id)
        except NotFound:
            return None

    def deliver(self, delivery: Delivery, *, tries: int) -> Ended | Again:
        """Call the endpoint, for the `tries`th time."""
        endpoint = self._endpoint(delivery)
        if endpoint is None:
            return Ended("deleted")
        if endpoint.disabled_at is not None:
            return Ended("disabled")
        now = self.clock()
        headers = {
            "content-type": "application/json",
            "user-agent": "Lumiku-Webhooks/1",
            **signatures.headers(endpoint.secrets, delivery.message_id, now, delivery.body),
        }
        try:
            status = self.poster.post(endpoint.url, headers, delivery.body)
        except NotDelivered as reason:
            return _next(tries, str(reason))
        if status == GONE and not endpoint.id.startswith(_APP):
            known = self.store.endpoints(delivery.user_id)
            self.store.save(known.disable(endpoint.id, now))
            return Ended("disabled_by_410")
        if 200 <= status < 300:
            return Ended("delivered")
        return _next(tries, f"the endpoint answered {status}")


def _next(tries: int, reason: str) -> Ended | Again:
    wait_s = wait_after_s(tries)
    return Ended(f"given_up: {reason}") if wait_s is None else Again(wait_s, reason)


def _new_secret() -> Secret:
    return Secret.of(secrets.token_bytes(SECRET_BYTES))
