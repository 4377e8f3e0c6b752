"""The functions of template.yaml on moto, working on what comes, as AWS puts them together."""

import base64
import json
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from moto.core.botocore_stubber import BotocoreStubber

from lumiku.adapters.work.executions import StateMachine
from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.work.groups import Group
from lumiku.services.clock import utc_now
from lumiku.services.transactions import SaveSubscription
from lumiku.services.work import groups, jobs
from tests.component.http_events import Answer, answer, request, routed
from tests.component.lane import message, open_lane
from tests.component.stack import PASSWORD, Context, Stack

P = "/api/apps/background-remover"
S = "/api/apps/product-photo-studio"
PRICE, PRICE_OF_BASIC = 8, 3
CREDITS = 1000
_number = count()
_STARTS = {
    "generations_api": ("SingleLane",),
    "preview_api": ("SingleLane",),
    "exports_api": ("PriorityLane", "StandardLane"),
    "studio_batches_api": ("SingleLane", "PriorityLane", "StandardLane"),
}
"""Lanes on which jobs of stored photos are started, by who starts them."""


class Service:
    """Answers requests as the gateway does, and processes photos and closes batches by itself.

    tokens  those that the gateway accepts
    email   the seller, of whom the service has not heard before
    """

    def __init__(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        for polling in (jobs, groups):
            monkeypatch.setattr(polling, "POLL_S", 0.02)
        monkeypatch.setattr(StateMachine, "start", lambda _, group: self._await_photos(group))
        monkeypatch.setattr(StateMachine, "wake", lambda _, token: self._later(self._close, token))
        _take_turns(monkeypatch)
        self.stack = stack
        self.tokens: set[str] = set()
        self._idle: dict[str, list[ModuleType]] = defaultdict(list)
        self._starting, self._turn = threading.RLock(), threading.RLock()
        self._client = stack.create_user(f"nobody-{next(_number)}@example.com")
        self._lane = open_lane(stack, monkeypatch)
        self._worker = ThreadPoolExecutor(1)
        self._failures: list[Exception] = []
        self._lock = threading.Lock()
        self.begin()

    def begin(self) -> None:
        """A new seller, with credits."""
        self.email = f"seller-{next(_number)}@example.com"
        self.user = self.stack.add_user(self.email)
        self.set_balance(CREDITS)
        self.tokens.clear()
        self._photos_left: float = float("inf")
        self._waiting: list[str] = []
        self._started: set[str] = set()

    def set_balance(self, credits: int) -> None:
        """What the seller has from now on."""
        self.stack.open_account(self.user, credits)

    def subscribe(self) -> None:
        """Give the seller the plan pro from now on."""
        now = utc_now()
        plan = Subscription(
            user_id=self.user,
            app=APP,
            plan_name=PlanName.PRO,
            plan=PLANS[PlanName.PRO],
            subscribed_at=now,
            period_start=now,
            period_end=now + timedelta(days=30),
        )
        self.stack.transactions.commit(SaveSubscription(plan))

    def take_studio_plan(self, plan: str) -> None:
        """Let the seller ask for a plan of the studio and pay for it."""
        asked = self._ask(f"{S}/subscription", {"plan": plan})["payment"]["checkoutUrl"]
        path, _, token = asked.partition("/checkout?token=")
        self._ask(f"{path}/notifications", {"status": "paid", "token": token})

    @property
    def token(self) -> str:
        """A token of the seller."""
        body = json.dumps({"email": self.email, "password": PASSWORD}).encode()
        token: str = self.handle("POST", "/api/auth/login", {}, {}, body).data["token"]
        return token

    @property
    def balance(self) -> int:
        """What the seller has."""
        balance: int = self._ask("/api/credits")["balance"]
        return balance

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The seller's single photos, the oldest first."""
        listed: list[dict[str, Any]] = self._ask(f"{P}/jobs")["jobs"]
        return listed[::-1]

    @property
    def batch(self) -> str:
        """The only batch of the seller."""
        (batch_id,) = self._started
        return batch_id

    def _ask(self, path: str, body: object = None) -> Any:
        method = "GET" if body is None else "POST"
        found = routed(method, path)
        assert found
        function, route, parameters = found
        event = request(
            method,
            path,
            route=route.path,
            body=body,
            user=None if route.is_open else self.user,
            path_parameters=parameters,
        )
        return answer(self._call(function.folder, event)).data

    def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: dict[str, str],
        body: bytes,
    ) -> Answer:
        """What the gateway answers: for itself, or for the function that a route leads to."""
        found = routed(method, path)
        if found is None:
            return Answer(404, {}, '{"message":"Not Found"}')
        function, route, parameters = found
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if not route.is_open and token not in self.tokens:
            return Answer(401, {}, '{"message":"Unauthorized"}')
        event = request(
            method,
            path,
            route=route.path,
            raw_body=body.decode() if body else None,
            user=None if route.is_open else _claims(token)["sub"],
            headers=dict(headers),
            query=query,
            path_parameters=parameters,
        )
        got = answer(self._call(function.folder, event))
        for lane in _STARTS.get(function.folder, ()):
            for started in self._lane.begun(lane):
                self._come(json.dumps(started))
        if path.startswith("/api/auth/") and got.status == 200:
            self.tokens.add(got.data["token"])
        return got

    def put(self, key: str, photo: bytes) -> None:
        """An upload that S3 has accepted, and tells of."""
        self._come(message(self._lane.put(key, photo)))

    def _come(self, body: str) -> None:
        """What a lane is told of a photo."""
        with self._lock:
            if self._photos_left < 1:
                self._waiting.append(body)
                return
            self._photos_left -= 1
        self._later(self._process, body)

    def spoil(self, *problems: Exception) -> None:
        """Let finding the subject of the next photos fail."""
        self._lane.problems += problems

    def get(self, key: str) -> bytes:
        """An object of the bucket."""
        return self.stack.s3.get_object(Bucket=self.stack.bucket, Key=key)["Body"].read()

    def rest(self, *, after: int) -> None:
        """Process so many photos and no more until `work`."""
        self._photos_left = after

    def work(self) -> None:
        """Process what has come and what comes."""
        with self._lock:
            self._photos_left, waiting, self._waiting = float("inf"), self._waiting, []
        for body in waiting:
            self._later(self._process, body)

    def end(self) -> None:
        """Work off what has come; photos that are processed may close their batches."""
        self.work()
        for _ in range(2):
            self._worker.submit(lambda: None).result(20)
        assert self._failures == []

    def stop(self) -> None:
        """No more work is done."""
        self._worker.shutdown()

    def _later(self, work: Any, *given: Any) -> None:
        def told() -> None:
            try:
                work(*given)
            except Exception as error:
                self._failures.append(error)
                raise

        self._worker.submit(told)

    def _process(self, body: str) -> None:
        assert self._lane.deliver(body) == []
        for job_id in self._lane.to_settle():
            self.stack.settle(job_id)

    def _await_photos(self, group: Group) -> None:
        if group.id not in self._started:
            self._started.add(group.id)
            self._call("await_photos", {"groupId": group.id, "requestId": "-", "token": group.id})

    def _close(self, group_id: str) -> None:
        step = {"groupId": group_id, "requestId": "-"}
        if self._call("close_batch", step)["hasResults"]:
            while not self._call("zip_batch", step)["isLast"]:
                pass

    def _call(self, folder: str, event: dict[str, Any]) -> Any:
        """Calls a function in a sandbox that is idle; another one is started if none is."""
        with self._starting:
            idle = self._idle[folder]
            sandbox = idle.pop() if idle else self._start(folder)
        try:
            with self._turn:
                return sandbox.handler(event, Context(folder))
        finally:
            idle.append(sandbox)

    def _nap(self, seconds: float) -> None:
        """Let others have their turn, for a request that waits.

        Powertools' resolvers keep the request on a class that all of them share, as if alone in
        their process.
        """
        request = {name: getattr(BaseRouter, name) for name in ("current_event", "lambda_context")}
        self._turn.release()
        time.sleep(seconds)
        self._turn.acquire()
        for name, value in request.items():
            setattr(BaseRouter, name, value)

    def _start(self, folder: str) -> ModuleType:
        sandbox = self.stack.start(folder, UserPoolClient=self._client)
        if folder in {"batches_api", "generations_api", "preview_api"}:
            vars(sandbox)["RETRY_AFTER_S"] = 0
        if waiting := {"batches_api": "groups", "jobs_api": "jobs"}.get(folder):
            vars(sandbox)[waiting] = replace(getattr(sandbox, waiting), sleep=self._nap)
        if folder == "exports_api":
            waits = replace(sandbox.exports.groups, sleep=self._nap)
            vars(sandbox)["exports"] = replace(sandbox.exports, groups=waits)
        if folder == "generations_api":
            waits = replace(sandbox.variations.jobs, sleep=self._nap)
            vars(sandbox)["variations"] = replace(sandbox.variations, jobs=waits)
            waits = replace(sandbox.batches.groups, sleep=self._nap)
            vars(sandbox)["batches"] = replace(sandbox.batches, groups=waits)
        return sandbox


def _claims(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def _take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one thread at a time into moto, whose transactions know nothing of others."""
    turn, answered = threading.RLock(), BotocoreStubber.__call__

    def one_at_a_time(self: BotocoreStubber, *given: Any, **more: Any) -> Any:
        with turn:
            return answered(self, *given, **more)

    monkeypatch.setattr(BotocoreStubber, "__call__", one_at_a_time)
