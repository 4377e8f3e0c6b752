"""An imitation of the API and of S3, on a real port, that a test can make misbehave.

It keeps what clients stumble over: idempotency keys, gateway bodies, S3's XML, policies that
expire, the refusal of an Authorization header beside a signature.
"""

import io
import json
import re
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw, ImageOps

EMAIL, PASSWORD = "seller@example.com", "a-long-password"
PRICE = 8
MAX_BYTES = 10 * 1024 * 1024
P = "/api/apps/background-remover"


@dataclass
class Refusal:
    """An answer given instead of the right one, to the next request that matches."""

    route: str
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Job:
    job_id: str
    file_name: str
    tier: str
    status: str = "pending"
    refunded: int = 0
    error: dict[str, str] | None = None
    size: tuple[int, int] | None = None
    result: bytes = b""
    due: float = float("inf")
    photo: bytes = b""
    warnings: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Batch:
    batch_id: str
    tier: str
    jobs: list[Job]
    price: int
    status: str = "pending"
    is_closing: bool = False
    refunded: int | None = None


class Service:
    """State and rules of the imitation."""

    def __init__(self) -> None:
        self.balance = 1000
        self.tokens = {"a-token"}
        self.work_s = 0.02
        self.stuck: set[str] = set()
        self.unbegun: set[str] = set()
        self.held_uploads: set[str] = set()
        self.unanswered: list[str] = []
        self.left_whole: set[str] = set()
        self.jobs: dict[str, Job] = {}
        self.batches: dict[str, Batch] = {}
        self.archives: dict[str, bytes] = {}
        self.plan: str | None = None
        self.keys: dict[str, tuple[bytes, str]] = {}
        self.refusals: deque[Refusal] = deque()
        self.calls: Counter[str] = Counter()
        self.expired_policies = 0
        self.lock = threading.RLock()
        self.url = ""

    def refusal(self, route: str) -> Refusal | None:
        with self.lock:
            self.calls[route] += 1
            for refusal in self.refusals:
                if re.fullmatch(refusal.route, route):
                    self.refusals.remove(refusal)
                    return refusal
        return None

    def submit(self, body: bytes, key: str) -> tuple[int, dict[str, Any]]:
        asked = json.loads(body)
        with self.lock:
            if key in self.keys:
                known, job_id = self.keys[key]
                if known != body:
                    return 422, problem(422, "idempotency_key_reused", "Key used before")
                return 202, self._accepted(self.jobs[job_id])
            if asked["fileSize"] > MAX_BYTES:
                return 413, problem(413, "photo_too_large", "Too large", allowed=MAX_BYTES)
            if self.balance < PRICE:
                return 402, problem(
                    402, "insufficient_credits", "No credits", needed=PRICE, available=self.balance
                )
            self.balance -= PRICE
            job = Job(str(uuid.uuid4()), asked["fileName"], asked["tier"], asked=asked)
            self.jobs[job.job_id] = job
            self.keys[key] = (body, job.job_id)
            return 202, self._accepted(job)

    def _accepted(self, job: Job) -> dict[str, Any]:
        expired = self.expired_policies > 0
        self.expired_policies -= expired
        return data(
            jobId=job.job_id,
            status="pending",
            tier=job.tier,
            creditsUsed=PRICE,
            creditsRemaining=self.balance,
            pricingType="credits",
            upload={
                "url": f"{self.url}/s3/bucket",
                "fields": {"key": f"in/{job.job_id}", "policy": "expired" if expired else "ok"},
                "expiresAt": "2030-01-01T00:00:00Z",
            },
            links={"self": "/x", "download": "/y"},
        )

    def store(self, fields: Mapping[str, str], photo: bytes) -> tuple[int, str]:
        name = self.jobs[fields["key"].removeprefix("in/")].file_name
        if name in self.held_uploads:
            while name in self.held_uploads:
                time.sleep(0.01)
            return 503, s3_error("SlowDown", "It took too long")
        if fields.get("policy") == "expired":
            return 403, s3_error("AccessDenied", "Invalid according to Policy: Policy expired.")
        if len(photo) > MAX_BYTES:
            return 400, s3_error("EntityTooLarge", "Your proposed upload exceeds the maximum")
        job = self.jobs[fields["key"].removeprefix("in/")]
        job.photo, job.due = photo, time.monotonic() + self.work_s
        if job.file_name in self.unbegun:
            job.due = float("inf")
        else:
            job.status = "processing"
        return 201, "<PostResponse><Location>x</Location></PostResponse>"

    def look(self, job_id: str, wait_s: float) -> Job | None:
        job = self.jobs.get(job_id)
        if job is None:
            return None
        deadline = time.monotonic() + wait_s
        while job.status in ("pending", "processing"):
            if time.monotonic() >= job.due and job.file_name not in self.stuck:
                self._finish(job)
            elif time.monotonic() >= deadline:
                break
            else:
                time.sleep(0.01)
        return job

    def _finish(self, job: Job) -> None:
        with self.lock:
            if job.status != "processing":
                return
            try:
                with Image.open(io.BytesIO(job.photo)) as opened:
                    picture = ImageOps.exif_transpose(opened).convert("RGB")
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                job.status, job.refunded = "failed", PRICE
                job.error = {"code": "not_a_photo", "message": "The file is not a photo"}
                self.balance += PRICE
                return
            mask = Image.new("L", picture.size)
            ImageDraw.Draw(mask).ellipse((0, 0, *picture.size), fill=255)
            picture.putalpha(mask)
            buffer = io.BytesIO()
            format = job.asked.get("format", "png")
            (picture.convert("RGB") if format == "jpeg" else picture).save(buffer, format)
            job.result, job.size, job.status = buffer.getvalue(), picture.size, "completed"
            if job.file_name in self.left_whole:
                job.warnings = ("no_subject",)


def data(**values: Any) -> dict[str, Any]:
    return {"success": True, "data": values}


def problem(status: int, code: str, title: str, **extra: Any) -> dict[str, Any]:
    return {
        "type": f"https://example.com/problems/{code}",
        "title": title,
        "status": status,
        "detail": "",
        "code": code,
        "success": False,
        "requestId": "req-1",
        **extra,
    }


def s3_error(code: str, message: str) -> str:
    return (
        f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>S3-1</RequestId></Error>"
    )


def job_json(job: Job) -> dict[str, Any]:
    over = job.status not in ("pending", "processing")
    return {
        "jobId": job.job_id,
        "status": job.status,
        "tier": job.tier,
        "fileName": job.file_name,
        "creditsUsed": PRICE - job.refunded,
        "creditsRefunded": job.refunded,
        "pricingType": "credits",
        "createdAt": "2026-01-02T03:04:05Z",
        "completedAt": "2026-01-02T03:04:09Z" if over else None,
        "processingTimeMs": 1234 if over else None,
        "error": job.error,
        "metadata": {
            "originalSize": len(job.photo),
            "processedSize": len(job.result),
            "width": job.size[0],
            "height": job.size[1],
            "format": job.asked.get("format", "png"),
        }
        if job.size
        else None,
        "warnings": job.warnings,
        "invented": "by a newer server",
    }
