"""/api/webhooks: where a customer's events are sent to."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from lumiku.bootstrap import telling
from lumiku.domain import errors
from lumiku.domain.telling.webhooks import TooManyWebhooks
from lumiku.http.api import Envelope, answering, caller, make_api, refusals
from lumiku.http.telling.webhooks import (
    NewWebhook,
    WebhookBody,
    WebhookList,
    WebhookSecret,
    webhook_body,
    webhook_secret,
)

TAGS = ["webhooks"]
WebhookId = Annotated[str, Path(max_length=128)]

logger = Logger()
api = make_api()
webhooks = telling.webhooks()


@api.post(
    "/api/webhooks",
    summary="Register a webhook",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, TooManyWebhooks, errors.Busy)
    | {201: {"description": "Registered; keep the secret, it is not shown again"}},
)
def register_webhook(webhook: NewWebhook) -> Response[Envelope[WebhookSecret]]:
    """Have events about closed batches sent to a URL, signed after the Standard Webhooks
    specification: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    Any 2xx within 10 seconds counts as received; 410 disables the webhook; anything else is tried
    again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. Redirects are not followed.
    """
    endpoint = webhooks.register(caller(api), webhook.url)
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        body=Envelope(data=webhook_secret(endpoint)),
    )


@api.get(
    "/api/webhooks",
    summary="List webhooks",
    tags=TAGS,
    responses=refusals() | {200: {"description": "All webhooks of the account"}},
)
def list_webhooks() -> Envelope[WebhookList]:
    """Where events are sent to."""
    found = webhooks.endpoints(caller(api))
    return Envelope(data=WebhookList(webhooks=[webhook_body(one) for one in found]))


@api.delete(
    "/api/webhooks/<webhook_id>",
    summary="Delete a webhook",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | {200: {"description": "What was deleted"}},
)
def delete_webhook(webhook_id: WebhookId) -> Envelope[WebhookBody]:
    """Send nothing there any more, not even what waits for another try."""
    return Envelope(data=webhook_body(webhooks.remove(caller(api), webhook_id)))


@api.post(
    "/api/webhooks/<webhook_id>/rotate",
    summary="Replace the secret of a webhook",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | {200: {"description": "The new secret; it is not shown again"}},
)
def rotate_webhook_secret(webhook_id: WebhookId) -> Envelope[WebhookSecret]:
    """A new secret. For 24 hours events are signed with both, the secret before that is void."""
    return Envelope(data=webhook_secret(webhooks.rotate(caller(api), webhook_id)))


handler = answering(api, logger)
