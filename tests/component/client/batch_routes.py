"""The imitation's batches: one price, one form, one ZIP."""

import io
import json
import re
import time
import uuid
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tests.component.client.imitation import PRICE, Batch, Job, P, Service, data, problem

DISCOUNT = 1


class Wire(Protocol):
    headers: Any

    def send(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None: ...


def answer_batches(
    wire: Wire, service: Service, route: str, query: Mapping[str, str], body: bytes
) -> bool:
    """Whether the route was one of these."""
    if route == f"POST {P}/pricing/calculate":
        wire.send(200, _price(service, json.loads(body)))
    elif route == f"POST {P}/batch":
        wire.send(*_submit(service, json.loads(body), wire.headers["Idempotency-Key"]))
    elif found := re.fullmatch(rf"(GET|POST|DELETE) {P}/batch/([^/]+)(/[a-z-]+)?", route):
        batch = service.batches.get(found[2])
        if batch is None:
            wire.send(404, problem(404, "not_found", "No such batch"))
        else:
            _one(wire, service, batch, found[1] + (found[3] or ""), query)
    else:
        return False
    return True


def _one(wire: Wire, service: Service, batch: Batch, route: str, query: Mapping[str, str]) -> None:
    if route == "GET":
        known = wire.headers.get("If-None-Match")
        tag = _watch(service, batch, known, float(query.get("wait", 0)))
        headers = {"ETag": tag} if batch.refunded is not None else {"ETag": tag, "Retry-After": "0"}
        if tag == known:
            wire.send(304, b"", headers)
        else:
            wire.send(200, _shown(batch), headers)
    elif route == "GET/items":
        wire.send(200, data(items=[_item(i, job) for i, job in enumerate(batch.jobs)]))
    elif route == "POST/upload-policy" and batch.is_closing:
        wire.send(409, problem(409, "batch_closed", "The batch is closed"))
    elif route == "POST/upload-policy":
        wire.send(200, data(**_form(service)))
    elif route in ("POST/finish", "DELETE"):
        _finish(service, batch, "expired" if route == "POST/finish" else "cancelled")
        wire.send(200, _shown(batch))
    elif route == "GET/download" and batch.batch_id in service.archives:
        wire.send(
            200,
            data(
                url=f"{service.url}/s3/bucket/{batch.batch_id}",
                expiresAt="2030-01-01T00:00:00Z",
                sizeBytes=len(service.archives[batch.batch_id]),
                fileName="batch.zip",
            ),
        )
    else:
        wire.send(409, problem(409, "batch_not_completed", "There is no ZIP"))


def _price(service: Service, asked: Mapping[str, Any]) -> dict[str, Any]:
    count = asked["imageCount"]
    total = PRICE * count - DISCOUNT
    covered = service.plan is not None
    return data(
        tier=asked["tier"],
        imageCount=count,
        baseCreditsPerImage=PRICE,
        baseTotal=PRICE * count,
        discountPercentage=5,
        discountAmount=DISCOUNT,
        finalTotal=total,
        today={
            "covered": covered,
            "reason": None if covered else "no_subscription",
            "plan": service.plan,
            "quotaLeft": 480 if covered else None,
            "credits": 0 if covered else total,
            "balance": service.balance,
            "affordable": covered or service.balance >= total,
        },
    )


def _submit(service: Service, asked: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    expected = asked.pop("expectedCredits", None)
    order = json.dumps(asked, sort_keys=True).encode()
    with service.lock:
        if key in service.keys:
            known, batch_id = service.keys[key]
            if known != order:
                return 422, problem(422, "idempotency_key_reused", "Key used before")
            return 201, _accepted(service, service.batches[batch_id])
        price = 0 if service.plan else PRICE * len(asked["files"]) - DISCOUNT
        if expected not in (None, price):
            return 409, problem(409, "price_changed", "Price", price=price)
        service.balance -= price
        jobs = [
            Job(str(uuid.uuid4()), file["name"], asked["tier"], asked=asked)
            for file in asked["files"]
        ]
        service.jobs.update({job.job_id: job for job in jobs})
        batch = Batch(f"batch_{uuid.uuid4().hex}", asked["tier"], jobs, price)
        service.batches[batch.batch_id] = batch
        service.keys[key] = (order, batch.batch_id)
        return 201, _accepted(service, batch)


def _accepted(service: Service, batch: Batch) -> dict[str, Any]:
    return data(
        batchId=batch.batch_id,
        totalImages=len(batch.jobs),
        tier=batch.tier,
        creditsUsed=batch.price,
        creditsRemaining=service.balance,
        pricingType="credits",
        status="pending",
        closesAt="2030-01-01T00:00:00Z",
        upload=_form(service),
        files=[
            {"index": index, "name": job.file_name, "key": f"in/{job.job_id}"}
            for index, job in enumerate(batch.jobs)
        ],
    )


def _form(service: Service) -> dict[str, Any]:
    expired = service.expired_policies > 0
    service.expired_policies -= expired
    return {
        "url": f"{service.url}/s3/bucket",
        "fields": {"key": "in/${filename}", "policy": "expired" if expired else "ok"},
        "expiresAt": "2030-01-01T00:00:00Z",
    }


def _finish(service: Service, batch: Batch, status: str) -> None:
    batch.is_closing = True
    with service.lock:
        for job in batch.jobs:
            if job.status == "pending" and not job.photo:
                job.status, job.refunded = status, PRICE
                job.error = {"code": "never_uploaded", "message": "The photo was never uploaded"}
                service.balance += PRICE


def _watch(service: Service, batch: Batch, known: str | None, wait_s: float) -> str:
    deadline = time.monotonic() + wait_s
    while True:
        for job in batch.jobs:
            service.look(job.job_id, 0)
        over = [job for job in batch.jobs if job.status not in ("pending", "processing")]
        if len(over) == len(batch.jobs) and batch.refunded is None:
            _close(service, batch)
        tag = f'"{batch.status}-{len(over)}"'
        if tag != known or batch.refunded is not None or time.monotonic() >= deadline:
            return tag
        time.sleep(0.02)


def _close(service: Service, batch: Batch) -> None:
    batch.refunded = sum(job.refunded for job in batch.jobs)
    done = [job for job in batch.jobs if job.status == "completed"]
    batch.status = "completed" if done else "failed"
    if done:
        service.archives.setdefault(batch.batch_id, archive(batch.jobs))


def archive(jobs: list[Job]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        lines = []
        for number, job in enumerate(jobs):
            name = f"removed-{number}.png" if job.result else None
            if name:
                opened.writestr(name, job.result)
            note = {"code": "no_subject", "message": "Left whole"} if job.warnings else None
            lines.append(
                {
                    "source": job.file_name,
                    "result": name,
                    "status": job.status,
                    "code": None,
                    "message": None,
                    **(job.error or note or {}),
                    "seconds": 1.2,
                    "credits": PRICE - job.refunded,
                }
            )
        opened.writestr("manifest.json", json.dumps({"photos": lines}))
    return buffer.getvalue()


def _shown(batch: Batch) -> dict[str, Any]:
    done = sum(job.status == "completed" for job in batch.jobs)
    over = sum(job.status not in ("pending", "processing") for job in batch.jobs)
    now = datetime.now(UTC)
    return data(
        batchId=batch.batch_id,
        status=batch.status,
        tier=batch.tier,
        progress={
            "totalImages": len(batch.jobs),
            "processedImages": done,
            "failedImages": over - done,
            "percentage": over * 100 // len(batch.jobs),
        },
        pricing={
            "totalCredits": batch.price,
            "discountPercentage": 5,
            "creditsRefunded": batch.refunded,
        },
        timing={
            "startedAt": now.isoformat(),
            "closesAt": "2030-01-01T00:00:00Z",
            "estimatedCompletionAt": (now + timedelta(minutes=3)).isoformat() if over else None,
        },
        zipUrl=None,
        zipSizeBytes=None,
        completedAt=None,
    )


def _item(index: int, job: Job) -> dict[str, Any]:
    return {
        "index": index,
        "jobId": job.job_id,
        "fileName": job.file_name,
        "status": job.status,
        "uploaded": bool(job.photo),
        "error": job.error,
        "width": job.size[0] if job.size else None,
        "height": job.size[1] if job.size else None,
        "sizeBytes": len(job.result) or None,
    }
