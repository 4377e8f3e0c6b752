"""What the handlers cannot say about the API: how to use it, examples, the gateway's answers."""

from datetime import UTC, datetime
from typing import Any

from darkroom import errors as photo_errors
from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.domain import errors
from lumiku.domain.money.refusals import (
    AlreadySubscribed,
    DowngradeRefused,
    ForgedNotification,
    GatewayDown,
    NoSubscription,
    NotInPlan,
    NotRefunded,
    PaymentsUnavailable,
    ProductNotInPlan,
    QuotaExceeded,
)
from lumiku.domain.people import brands, keys, leaving, teams
from lumiku.domain.people import identity as people
from lumiku.domain.projects import projects, templates
from lumiku.domain.telling import webhooks
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import GAVE_UP, NEVER_UPLOADED
from lumiku.domain.work.reasons import PROMPT_REFUSED, REASONS
from lumiku.http.problems import (
    CONTENT_TYPE,
    MEANINGS,
    RECORDED,
    UNEXPECTED,
    MethodNotAllowed,
    problem,
)

PHOTO_CODES = sorted(
    {kind.code for kind in photo_errors.PhotoRefused.__subclasses__()}
    | {"photo_missing", "photo_too_large", PROMPT_REFUSED, GAVE_UP.code, NEVER_UPLOADED.code}
)
DESCRIPTION = f"""\
Removes backgrounds from product photos.

**Calls.** Log in and send the token as `Authorization: Bearer`. `POST {REMOVER_PREFIX}/remove` \
charges the account and answers with a form; POST the form with the photo as its last field, \
`file`. Then `GET .../jobs/{{job_id}}?wait=20` until the job is over, and \
`GET .../jobs/{{job_id}}/download`.
Every path below `{REMOVER_PREFIX}` also answers below `{REMOVER_ALIAS}`.

**Answers** are `{{"success": true, "data": ...}}` and carry `X-Request-Id`. Refusals are problem \
documents (RFC 9457, `{CONTENT_TYPE}`) with a stable `code`; what they say to a person, and why a \
job has no result, is Indonesian where `Accept-Language` prefers `id`. A field that is not \
documented here is refused, not ignored. An unknown path is a 404 of this kind, and a method that \
a path does not have a 405 with `Allow`. HEAD is answered where GET is, and OPTIONS everywhere. \
No answer may be stored (`Cache-Control: no-store`) but that of \
`GET /api/brands/{{slug}}`. The `code` of a photo \
that was refused or could not be processed, here and in a job's `error`: \
{", ".join(f"`{code}`" for code in PHOTO_CODES)}.

**The gateway** in front answers some requests by itself: 401 (no valid token), 413 (body over \
10 MB), 429 (too many requests), 500 and 503. These have the body `{{"message": "..."}}`, type \
`application/json`, and no `X-Request-Id`.

**Teams.** Whoever is a member of a workspace acts for it, with its credits, plan and projects, \
by the header `X-Workspace`. A workspace that is not the caller's is a 404 (`not_found`), what \
their role may not do a 403 (`not_allowed`; `scope` says what it lacks). Membership is read on \
every request.

**Money.** Send an `Idempotency-Key` with every POST that charges: after a lost answer the same \
request again gives the same job, charged once.
"""
SAMPLES: tuple[errors.Refusal, ...] = (
    errors.InvalidRequest.at(
        "body.fromat",
        Text(
            "There is no such field; did you mean format?",
            "Tidak ada isian ini; apakah maksud Anda format?",
        ),
    ),
    errors.WrongCredentials(),
    errors.InsufficientCredits(needed=25, available=10),
    errors.PriceChanged(expected=3, price=8),
    errors.PhotoTooLarge(size_bytes=12_582_912, allowed_bytes=10_485_760),
    errors.PhotoRefused("damaged_photo", REASONS["damaged_photo"], job_id="job_1f2e"),
    errors.UnsupportedPhoto("unsupported_format", REASONS["unsupported_format"], job_id="job_1f2e"),
    errors.OversizedPhoto("too_many_pixels", REASONS["too_many_pixels"], job_id="job_1f2e"),
    errors.PromptRefused(Text("violence", "kekerasan")),
    errors.BatchTooLarge(size_bytes=5_242_880, allowed_bytes=4_500_000),
    errors.BatchClosed(batch_id="batch_1f2e"),
    errors.BatchNotCompleted(batch_id="batch_1f2e", status="processing"),
    errors.NothingToRetry(batch_id="batch_1f2e"),
    errors.IdempotencyKeyReused(),
    errors.NotFound(Text("There is no job job_1f2e.", "Tidak ada pekerjaan job_1f2e.")),
    MethodNotAllowed("PUT /api/account", ["GET", "HEAD", "PATCH", "OPTIONS"]),
    errors.JobNotCompleted(job_id="job_1f2e", status="processing"),
    errors.ResultExpired(expired_at=datetime(2026, 11, 28, 9, 30, tzinfo=UTC)),
    NoSubscription(),
    ProductNotInPlan(product="professional", plan="starter", allowed=["basic", "standard"]),
    NotInPlan(
        plan="payg",
        missing=[Text("the shadow reflection", "bayangan pantulan")],
        available_in="professional",
    ),
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
    GatewayDown(),
    NotRefunded(payment_status="pending"),
    ForgedNotification(),
    webhooks.TooManyWebhooks(),
    brands.SlugTaken(slug="kios-maju"),
    keys.TooManyKeys(),
    teams.TeamFull(),
    teams.LastOwner(),
    templates.TemplateRetired(
        template_id="cafe-wood", retired_at=datetime(2026, 11, 20, tzinfo=UTC)
    ),
    templates.TemplateChanged(template_id="cafe-wood", version="1f2e3d4c5b6a"),
    templates.TooManyTemplates(),
    templates.TemplateNotUsed(template_id="cafe-wood"),
    projects.ProjectBusy(uploads=2, generations=3),
    projects.VersionChanged(version=4),
    people.WeakPassword(),
    people.WrongCode(),
    people.SessionOver(),
    people.NotConfirmed(),
    people.PasswordResetRequired(),
    people.NotAllowed(
        Text("Only administrators may do this.", "Hanya administrator yang boleh melakukannya.")
    ),
    people.TooManyTries(),
    leaving.AccountLeft(),
    leaving.WrongPassword(),
    leaving.TakeoutNotReady(),
    leaving.TakeoutTooSoon(retry_after_s=40_000),
    errors.Busy(),
)
AT_THE_DOOR = (leaving.AccountLeft, people.NotAllowed, errors.NotFound)
"""How every request with a token or a key may be refused."""
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
        "description": "What would be taken: bytes, requests, webhooks, tiers of the plan, methods",
        "anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "string"}}],
    },
    "minLength": {"type": "integer", "description": "Characters that a password needs"},
    "templateId": {"type": "string", "description": "The template that the request names"},
    "templateVersion": {"type": "string", "description": "The version at which it is now"},
    "retiredAt": {"type": "string", "format": "date-time"},
    "version": {"type": "integer", "description": "The version that is there"},
    "uploads": {"type": "integer", "description": "Uploads that are under way"},
    "generations": {"type": "integer", "description": "Generations that are under way"},
    "paidUntil": {"type": "string", "format": "date-time"},
    "plan": {"type": "string"},
    "missing": {
        "type": "array",
        "description": "What the plan lacks, for people",
        "items": {"type": "string"},
    },
    "because": {"type": "string", "description": "What the prompt asks for, for people"},
    "availableIn": {
        "type": ["string", "null"],
        "description": "The cheapest plan that has it all; null if none has",
    },
    "limit": {"type": "string", "description": "Name of the limit that was reached"},
    "windowSeconds": {"type": "integer", "description": "Seconds in which `allowed` are taken"},
    "resetsAt": {"type": "string", "format": "date-time"},
    "slug": {"type": "string", "description": "The slug that another account has"},
    "jobId": {"type": "string", "description": "The job that was not charged"},
    "jobStatus": {"type": "string", "description": "How far the job is"},
    "batchStatus": {"type": "string", "description": "How far the batch is"},
    "paymentStatus": {"type": "string", "description": "What became of the payment"},
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
            "description": "Indonesian where it prefers `id`, also by quality values; else English",
            "schema": {"type": "string"},
        },
        "Workspace": {
            "name": "X-Workspace",
            "in": "header",
            "required": False,
            "description": "Account to act for, one of `GET /api/workspaces`; else one's own",
            "schema": {"type": "string"},
        },
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
        },
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "Made by `POST /api/keys`; at `KeyApiUrl` among the outputs of the"
            " stack. Unknown and revoked keys are 403, within 60 seconds",
        },
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
        sample = samples[kind]
        shown[kind.code] = problem(
            meaning, sample.code, sample.detail, sample.facts, request_id=request_id
        )
    shown["internal_error"] = problem(
        UNEXPECTED, "internal_error", RECORDED, {}, request_id=request_id
    )
    return {code: {"value": one.model_dump(mode="json")} for code, one in sorted(shown.items())}
