"""What the handlers cannot say about the API: how to use it, examples, the gateway's answers."""

import inspect
from datetime import UTC, datetime
from typing import Any

from darkroom import errors as photo_errors
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.domain import errors
from lumiku.domain.money.refusals import (
    AlreadySubscribed,
    DowngradeRefused,
    ForgedNotification,
    NoSubscription,
    PaymentsUnavailable,
    ProductNotInPlan,
    QuotaExceeded,
)
from lumiku.domain.people import identity as people
from lumiku.domain.telling import webhooks
from lumiku.domain.work.jobs import GAVE_UP, NEVER_UPLOADED
from lumiku.http.problems import CONTENT_TYPE, MEANINGS, UNEXPECTED, problem

PHOTO_CODES = sorted(
    {kind.code for kind in photo_errors.PhotoRefused.__subclasses__()}
    | {"photo_missing", "photo_too_large", GAVE_UP.code, NEVER_UPLOADED.code}
)
DESCRIPTION = f"""\
Removes backgrounds from product photos.

**Calls.** Log in and send the token as `Authorization: Bearer`. `POST {REMOVER_PREFIX}/remove` \
charges the account and answers with a form; POST the form with the photo as its last field, \
`file`. Then `GET .../jobs/{{job_id}}?wait=20` until the job is over, and \
`GET .../jobs/{{job_id}}/download`.
Every path below `{REMOVER_PREFIX}` also answers below `{REMOVER_ALIAS}`.

**Answers** are `{{"success": true, "data": ...}}` and carry `X-Request-Id`. Refusals are problem \
documents (RFC 9457, `{CONTENT_TYPE}`) with a stable `code`; their `title` is Indonesian when \
`Accept-Language` begins with `id`. An unknown path is a 404 of this kind. The `code` of a photo \
that was refused or could not be processed, here and in a job's `error`: \
{", ".join(f"`{code}`" for code in PHOTO_CODES)}.

**The gateway** in front answers some requests by itself: 401 (no valid token), 413 (body over \
10 MB), 429 (too many requests), 500 and 503. These have the body `{{"message": "..."}}`, type \
`application/json`, and no `X-Request-Id`.

**Money.** Send an `Idempotency-Key` with every POST that charges: after a lost answer the same \
request again gives the same job, charged once.
"""
SAMPLES: tuple[errors.Refusal, ...] = (
    errors.InvalidRequest(
        "The request cannot be read as documented.",
        errors=[{"field": "body.fileSize", "message": "Input should be a valid integer"}],
    ),
    errors.WrongCredentials(),
    errors.InsufficientCredits(needed=25, available=10),
    errors.PriceChanged(expected=3, price=8),
    errors.PhotoTooLarge(size_bytes=12_582_912, allowed_bytes=10_485_760),
    errors.PhotoRefused("damaged_photo", "The photo is cut short.", job_id="job_1f2e"),
    errors.UnsupportedPhoto("unsupported_format", "This is a PDF file.", job_id="job_1f2e"),
    errors.OversizedPhoto("too_many_pixels", "The photo has 90 megapixels.", job_id="job_1f2e"),
    errors.IdempotencyKeyReused(),
    errors.NotFound("There is no job job_1f2e."),
    errors.JobNotCompleted(job_id="job_1f2e", status="processing"),
    errors.ResultExpired(expired_at=datetime(2026, 11, 28, 9, 30, tzinfo=UTC)),
    NoSubscription(),
    ProductNotInPlan(product="professional", plan="starter", allowed=["basic", "standard"]),
    QuotaExceeded(
        needed=1,
        available=0,
        resets_at=datetime(2026, 11, 22, tzinfo=UTC),
        retry_after_s=52_200,
    ),
    errors.TooManyRequests(limit="single", count=30, window_s=60, retry_after_s=2),
    AlreadySubscribed(plan="pro"),
    DowngradeRefused(plan="pro", until=datetime(2026, 12, 21, tzinfo=UTC)),
    PaymentsUnavailable(),
    ForgedNotification(),
    webhooks.TooManyWebhooks(),
    people.WeakPassword(),
    people.WrongCode(),
    people.SessionOver(),
    people.NotConfirmed(),
    people.PasswordResetRequired(),
    people.NotAllowed("Only administrators may do this."),
    people.TooManyTries(),
    errors.Busy(),
)
MEMBERS: dict[str, dict[str, Any]] = {
    "errors": {
        "type": "array",
        "description": "What cannot be read, field by field",
        "items": {
            "type": "object",
            "required": ["field", "message"],
            "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
        },
    },
    "needed": {"type": "integer", "description": "Credits or photos of the request"},
    "available": {"type": "integer", "description": "Credits or photos that are left"},
    "expected": {"type": "integer", "description": "The price that the client expected"},
    "price": {"type": "integer", "description": "Today's price in credits"},
    "size": {"type": "integer", "description": "Bytes that were declared"},
    "allowed": {
        "description": "What would be taken: bytes, requests, webhooks, or tiers of the plan",
        "anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "string"}}],
    },
    "minLength": {"type": "integer", "description": "Characters that a password needs"},
    "paidUntil": {"type": "string", "format": "date-time"},
    "plan": {"type": "string"},
    "limit": {"type": "string", "description": "Name of the limit that was reached"},
    "windowSeconds": {"type": "integer", "description": "Seconds in which `allowed` are taken"},
    "resetsAt": {"type": "string", "format": "date-time"},
    "jobId": {"type": "string", "description": "The job that was not charged"},
    "jobStatus": {"type": "string", "description": "How far the job is"},
    "expiredAt": {"type": "string", "format": "date-time"},
    "retryAfter": {"type": "integer", "description": "Seconds to wait"},
}
GATEWAY_MESSAGES = {
    "401": "Unauthorized",
    "413": "Request Entity Too Large",
    "429": "Too Many Requests",
    "500": "Internal Server Error",
    "503": "Service Unavailable",
}
COMPONENTS: dict[str, Any] = {
    "parameters": {
        "AcceptLanguage": {
            "name": "Accept-Language",
            "in": "header",
            "required": False,
            "description": "`id` for Indonesian titles of problem documents",
            "schema": {"type": "string"},
        }
    },
    "headers": {
        "RequestId": {"description": "Names the request in the logs", "schema": {"type": "string"}},
        "RetryAfter": {"description": "Seconds to wait", "schema": {"type": "integer"}},
    },
    "securitySchemes": {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "`token` of the login",
        }
    },
}
GATEWAY_MESSAGE = {
    "type": "object",
    "description": "What the gateway says when it answers by itself.",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


def examples() -> dict[str, Any]:
    """One problem document for each `code`; without facts where no sample gives any."""
    request_id = "Kx9bMjT6yQ0EPxA="
    samples = {type(sample): sample for sample in SAMPLES}
    shown = {}
    for kind, meaning in MEANINGS.items():
        sample = samples.get(kind, errors.Refusal(inspect.getdoc(kind) or ""))
        code = sample.code if kind in samples else kind.code
        shown[kind.code] = problem(meaning, code, str(sample), sample.facts, request_id=request_id)
    detail = "The error was recorded under this requestId."
    shown["internal_error"] = problem(
        UNEXPECTED, "internal_error", detail, {}, request_id=request_id
    )
    return {code: {"value": one.model_dump(mode="json")} for code, one in sorted(shown.items())}
