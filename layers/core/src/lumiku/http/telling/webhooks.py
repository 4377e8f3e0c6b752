"""JSON of webhooks."""

from typing import Literal

from pydantic import Field

from lumiku.domain.instant import Instant
from lumiku.domain.telling.webhooks import CLOSED, Endpoint, Kind
from lumiku.http.bodies import Body, RequestBody


class NewWebhook(RequestBody):
    """Where events shall be sent to."""

    url: str = Field(
        min_length=1,
        max_length=2048,
        description="https only, and a public address",
        examples=["https://shop.example.com/hooks/lumiku"],
    )
    events: list[Kind] = Field(
        default=list(CLOSED),
        min_length=1,
        max_length=5,
        description="`job.completed` and `job.failed` tell of each item of a studio's batch once"
        " that is closed",
    )


class WebhookBody(Body):
    """An endpoint. It is disabled when it answered 410; delete it and register it again."""

    webhook_id: str
    url: str
    events: list[str]
    status: Literal["active", "disabled"]
    created_at: Instant
    disabled_at: Instant | None


class WebhookList(Body):
    """All endpoints of the account, the oldest first."""

    webhooks: list[WebhookBody]


class WebhookSecret(WebhookBody):
    """An endpoint and its new secret, which is shown only here."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    previous_secret_until: Instant | None = Field(
        description="Until then, events are signed with the secret before too"
    )


def webhook_body(endpoint: Endpoint) -> WebhookBody:
    """An endpoint as its owner sees it."""
    return WebhookBody(
        webhook_id=endpoint.id,
        url=endpoint.url,
        events=list(endpoint.events),
        status="disabled" if endpoint.disabled_at else "active",
        created_at=endpoint.created_at,
        disabled_at=endpoint.disabled_at,
    )


def webhook_secret(endpoint: Endpoint) -> WebhookSecret:
    """An endpoint whose secret is new."""
    secret, *before = endpoint.secrets
    return WebhookSecret(
        **dict(webhook_body(endpoint)),
        secret=secret.value,
        previous_secret_until=before[0].until if before else None,
    )
