"""A script of answers behind httpx.MockTransport, and what was asked."""

import json
from collections.abc import Callable
from typing import Any

import httpx

API = "https://api.example.com"
S3 = "https://bucket.s3.example.com"
P = "/api/apps/background-remover"
MOMENT = "2026-01-02T03:14:05Z"

type Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Wire:
    """Gives each route its answers in turn, the last one for ever, and notes every request."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[httpx.Request] = []

    def on(self, route: str, *answers: Answer) -> None:
        self.answers[route] = list(answers)

    def sent(self, route: str) -> list[httpx.Request]:
        return [request for request in self.requests if _route(request) == route]

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answers = self.answers[_route(request)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return answer(request)


def _route(request: httpx.Request) -> str:
    host = "S3" if request.url.host.endswith("s3.example.com") else ""
    return f"{request.method} {host}{request.url.path}"


def ok(status: int = 200, /, **data: Any) -> httpx.Response:
    return httpx.Response(status, json={"success": True, "data": data})


def refused(status: int, code: str, **extra: Any) -> httpx.Response:
    headers = {"Retry-After": str(extra["retryAfter"])} if "retryAfter" in extra else {}
    body = {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "success": False,
        "requestId": "req-1",
        **extra,
    }
    kind = {"Content-Type": "application/problem+json"}
    return httpx.Response(status, content=json.dumps(body), headers={**kind, **headers})


def gateway(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"message": message}, headers={"Apigw-Requestid": "gw-1"})


def s3_refused(status: int, code: str) -> httpx.Response:
    text = (
        '<?xml version="1.0"?><Error><Code>'
        f"{code}</Code><Message>Told by S3</Message><RequestId>S3-1</RequestId></Error>"
    )
    return httpx.Response(status, content=text, headers={"Content-Type": "application/xml"})


def submission() -> httpx.Response:
    form = {"url": f"{S3}/", "fields": {"key": "k"}, "expiresAt": MOMENT}
    job = {"jobId": "job-1", "status": "pending", "tier": "basic", "creditsUsed": 8}
    return ok(202, **job, pricingType="credits", upload=form)


def job(status: str) -> httpx.Response:
    about = {"jobId": "job-1", "tier": "basic", "fileName": "mug.jpg", "creditsUsed": 8}
    return ok(**about, status=status, createdAt=MOMENT, inventedLater={"unknown": True})


def link(size_bytes: int, name: str = "out") -> httpx.Response:
    return ok(url=f"{S3}/{name}?X-Amz-Signature=s", expiresAt=MOMENT, sizeBytes=size_bytes)
