"""The API and S3 behind httpx.MockTransport: a script of answers, and what was asked."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

API = "https://api.example.com"
S3 = "https://bucket.s3.example.com"
P = "/api/apps/background-remover"

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


def submission(job_id: str = "job-1", credits: int = 8) -> httpx.Response:
    return ok(
        202,
        jobId=job_id,
        status="pending",
        tier="standard",
        creditsUsed=credits,
        creditsRemaining=92,
        pricingType="credits",
        upload={
            "url": f"{S3}/",
            "fields": {"key": f"in/single/u/{job_id}", "policy": "p", "x-amz-signature": "s"},
            "expiresAt": "2026-01-02T03:14:05Z",
        },
        links={"self": "x", "download": "y"},
    )


def job(status: str, job_id: str = "job-1", **more: Any) -> httpx.Response:
    return ok(**job_data(status, job_id, **more))


def job_data(status: str, job_id: str = "job-1", **more: Any) -> dict[str, Any]:
    return {
        "jobId": job_id,
        "status": status,
        "tier": "standard",
        "fileName": "mug.jpg",
        "creditsUsed": 8,
        "creditsRefunded": 0,
        "pricingType": "credits",
        "createdAt": "2026-01-02T03:04:05Z",
        "completedAt": None if status in ("pending", "processing") else "2026-01-02T03:04:09Z",
        "processingTimeMs": None,
        "error": None,
        "metadata": None,
        "inventedLater": {"unknown": True},
        **more,
    }


def link(size_bytes: int, name: str = "out") -> httpx.Response:
    return ok(
        url=f"{S3}/{name}?X-Amz-Signature=s",
        expiresAt="2026-01-02T03:14:05Z",
        sizeBytes=size_bytes,
        fileName="mug.png",
        contentType="image/png",
    )


def whole_run(wire: Wire, result: bytes, job_states: Iterable[str] = ("completed",)) -> None:
    """Everything `remove` needs, going well."""
    wire.on(f"POST {P}/remove", submission())
    wire.on("POST S3/", httpx.Response(201))
    wire.on(f"GET {P}/jobs/job-1", *(job(state) for state in job_states))
    wire.on(f"GET {P}/jobs/job-1/download", link(len(result)))
    wire.on("GET S3/out", lambda _: httpx.Response(200, content=result))
