"""The error table: which refusal is which HTTP status, and its title in two languages.

Answers follow RFC 9457 (`application/problem+json`), with `success: false`, the stable `code`, the
`requestId` and the refusal's facts as extension members.
"""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from lumiku.domain import errors
from lumiku.domain.errors import Refusal
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
from lumiku.domain.texts import Language, Text

CONTENT_TYPE = "application/problem+json"


class Meaning(NamedTuple):
    """What a refusal is in HTTP."""

    status: HTTPStatus
    title: str
    title_id: str


class MethodNotAllowed(Refusal):
    """The path is there, and does not have this method."""

    code = "method_not_allowed"

    def __init__(self, asked: str, allowed: list[str]) -> None:
        told = ", ".join(allowed)
        super().__init__(
            Text(f"There is no {asked}, but {told}.", f"Tidak ada {asked}, yang ada {told}."),
            allowed=allowed,
        )
        self.allowed = allowed


_TITLES: dict[HTTPStatus, dict[type[Refusal], tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: {
        errors.InvalidRequest: ("Invalid request", "Permintaan tidak valid"),
        people.WeakPassword: ("The password is too weak", "Kata sandi terlalu lemah"),
        people.WrongCode: ("Wrong or expired code", "Kode salah atau kedaluwarsa"),
    },
    HTTPStatus.UNAUTHORIZED: {
        errors.WrongCredentials: ("Wrong e-mail or password", "Email atau kata sandi salah"),
        people.SessionOver: ("The session is over", "Sesi telah berakhir"),
        leaving.AccountLeft: ("The account was deleted", "Akun sudah dihapus"),
    },
    HTTPStatus.PAYMENT_REQUIRED: {
        errors.InsufficientCredits: ("Not enough credits", "Kredit tidak mencukupi"),
    },
    HTTPStatus.FORBIDDEN: {
        NoSubscription: ("No subscription", "Tidak ada langganan"),
        ProductNotInPlan: (
            "The plan does not have this tier",
            "Paket tidak mencakup kualitas ini",
        ),
        NotInPlan: ("The plan does not have this", "Paket tidak mencakup ini"),
        ForgedNotification: ("Not a genuine notification", "Notifikasi tidak sah"),
        people.NotConfirmed: ("The address is not confirmed", "Email belum dikonfirmasi"),
        people.PasswordResetRequired: ("The password must be replaced", "Kata sandi harus diganti"),
        people.NotAllowed: ("Not allowed", "Tidak diizinkan"),
        leaving.WrongPassword: ("Wrong password", "Kata sandi salah"),
    },
    HTTPStatus.NOT_FOUND: {
        errors.NotFound: ("Not found", "Tidak ditemukan"),
    },
    HTTPStatus.METHOD_NOT_ALLOWED: {
        MethodNotAllowed: ("Method not allowed", "Metode tidak diizinkan"),
    },
    HTTPStatus.CONFLICT: {
        errors.PriceChanged: ("The price has changed", "Harga telah berubah"),
        errors.JobNotCompleted: ("There is no result", "Hasil belum tersedia"),
        errors.BatchClosed: ("The batch is closed", "Batch sudah ditutup"),
        errors.BatchNotCompleted: ("The batch is not completed", "Batch belum selesai"),
        leaving.TakeoutNotReady: ("The copy is not ready", "Salinan belum siap"),
        errors.NothingToRetry: ("Nothing to try again", "Tidak ada yang perlu diulang"),
        AlreadySubscribed: ("The plan is active already", "Paket sudah aktif"),
        NotRefunded: ("Nothing was given back", "Tidak ada yang dikembalikan"),
        DowngradeRefused: (
            "A larger plan is paid for",
            "Paket yang lebih besar masih aktif",
        ),
        webhooks.TooManyWebhooks: ("There are enough webhooks", "Jumlah webhook sudah maksimal"),
        brands.SlugTaken: ("The slug is taken", "Slug sudah dipakai"),
        keys.TooManyKeys: ("There are enough keys", "Jumlah kunci sudah maksimal"),
        teams.TeamFull: ("The team is full", "Tim sudah penuh"),
        teams.LastOwner: ("The owner stays", "Pemilik tetap"),
        projects.ProjectBusy: ("The project is busy", "Proyek sedang diproses"),
        templates.TemplateRetired: ("The template is retired", "Templat tidak dipakai lagi"),
        templates.TemplateChanged: ("The template has changed", "Templat telah berubah"),
        templates.TooManyTemplates: (
            "There are enough own templates",
            "Jumlah templat sendiri sudah maksimal",
        ),
        templates.TemplateNotUsed: (
            "The template was not used",
            "Templat belum pernah dipakai",
        ),
    },
    HTTPStatus.GONE: {
        errors.ResultExpired: ("The result was deleted", "Hasil sudah dihapus"),
    },
    HTTPStatus.PRECONDITION_FAILED: {
        projects.VersionChanged: ("It was changed meanwhile", "Sudah diubah sementara itu"),
    },
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {
        errors.PhotoTooLarge: ("The photo is too large", "Ukuran foto terlalu besar"),
        errors.BatchTooLarge: ("The batch is too large", "Ukuran batch terlalu besar"),
        errors.OversizedPhoto: ("The photo is too large", "Ukuran foto terlalu besar"),
    },
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: {
        errors.UnsupportedPhoto: ("Not a photo we can read", "Format foto tidak didukung"),
    },
    HTTPStatus.UNPROCESSABLE_ENTITY: {
        errors.PhotoRefused: ("The photo cannot be processed", "Foto tidak dapat diproses"),
        errors.PromptRefused: ("This is not painted", "Ini tidak digambar"),
        errors.IdempotencyKeyReused: (
            "The Idempotency-Key was used before",
            "Idempotency-Key sudah dipakai",
        ),
    },
    HTTPStatus.TOO_MANY_REQUESTS: {
        QuotaExceeded: ("The daily quota is used up", "Kuota harian habis"),
        leaving.TakeoutTooSoon: ("One copy a day", "Satu salinan sehari"),
        errors.TooManyRequests: ("Too many requests", "Terlalu banyak permintaan"),
        people.TooManyTries: ("Too many attempts", "Terlalu banyak percobaan"),
    },
    HTTPStatus.SERVICE_UNAVAILABLE: {
        GatewayDown: ("The gateway does not answer", "Gerbang pembayaran tidak menjawab"),
        PaymentsUnavailable: ("Payments are not available", "Pembayaran tidak tersedia"),
        errors.Busy: ("Please try again", "Silakan coba lagi"),
    },
}
MEANINGS = {
    kind: Meaning(status, *titles)
    for status, refusals in _TITLES.items()
    for kind, titles in refusals.items()
}
RATE_HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {
        "description": "The limit, as in draft-ietf-httpapi-ratelimit-headers; not on replays",
        "schema": {"type": "string"},
        "example": '"single";q=30;w=60',
    },
    "RateLimit": {
        "description": "What is left of it; not on replays",
        "schema": {"type": "string"},
        "example": '"single";r=29;t=2',
    },
}
RECORDED = Text(
    "The error was recorded under this requestId.", "Kesalahan dicatat dengan requestId ini."
)
UNEXPECTED = Meaning(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong", "Terjadi kesalahan")


class Problem(BaseModel):
    """What went wrong, for a program (`code` and the numbers) and for a person (`detail`)."""

    model_config = ConfigDict(
        defer_build=True, extra="allow", json_schema_serialization_defaults_required=True
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    success: Literal[False] = False
    requestId: str


def problem(
    meaning: Meaning,
    code: str,
    detail: Text,
    facts: Mapping[str, object],
    *,
    request_id: str,
    language: Language = "en",
) -> Problem:
    """The problem document, in a language."""
    return Problem(
        type=f"urn:lumiku:problem:{code}",
        title=Text(meaning.title, meaning.title_id).to(language),
        status=meaning.status,
        detail=detail.to(language),
        code=code,
        requestId=request_id,
        **{name: _told(fact, language) for name, fact in facts.items()},
    )


def _told(fact: Any, language: Language) -> Any:
    match fact:
        case Text():
            return fact.to(language)
        case list():
            return [_told(one, language) for one in fact]
        case dict():
            return {name: _told(one, language) for name, one in fact.items()}
    return fact


def document(refusals: tuple[type[Refusal], ...]) -> dict[int, Any]:
    """OpenAPI responses of a route that may refuse in these ways, beside 500."""
    codes: dict[int, list[str]] = defaultdict(list)
    titles: dict[int, list[str]] = defaultdict(list)
    for refusal in refusals:
        meaning = MEANINGS[refusal]
        codes[meaning.status].append(refusal.code)
        titles[meaning.status].append(meaning.title)
    codes[UNEXPECTED.status].append("internal_error")
    titles[UNEXPECTED.status].append(UNEXPECTED.title)
    responses: dict[int, Any] = {
        int(status): {
            "description": f"{'; '.join(titles[status])} (`code`: {', '.join(codes[status])})",
            "content": {
                CONTENT_TYPE: {"model": Problem, "examples": {code: {} for code in codes[status]}}
            },
        }
        for status in codes
    }
    if errors.TooManyRequests in refusals:
        responses[HTTPStatus.TOO_MANY_REQUESTS]["headers"] = RATE_HEADERS
    return responses
