"""/api/webhooks: where a customer's events are sent to."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import webhooks
from lumiku.domain.errors import Busy, InvalidRequest, NotFound
from lumiku.domain.telling.webhooks import TooManyWebhooks
from lumiku.http.api import Envelope, caller_id, make_api, refusals
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
desk = webhooks.webhook_desk()


@api.post(
    "/api/webhooks",
    summary="Register a webhook",
    tags=TAGS,
    responses=refusals(InvalidRequest, TooManyWebhooks, Busy)
    | {201: {"description": "Registered; keep the secret, it is not shown again"}},
)
def register_webhook(webhook: NewWebhook) -> Response[Envelope[WebhookSecret]]:
    """Have events about closed batches sent to a URL, signed after the Standard Webhooks
    specification: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    Any 2xx within 10 seconds counts as received; 410 disables the webhook; anything else is tried
    again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. Redirects are not followed.
    """
    endpoint = desk.register(caller_id(api), webhook.url)
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
    found = desk.endpoints(caller_id(api))
    return Envelope(data=WebhookList(webhooks=[webhook_body(one) for one in found]))


@api.delete(
    "/api/webhooks/<webhook_id>",
    summary="Delete a webhook",
    tags=TAGS,
    responses=refusals(InvalidRequest, NotFound, Busy) | {200: {"description": "What was deleted"}},
)
def delete_webhook(webhook_id: WebhookId) -> Envelope[WebhookBody]:
    """Send nothing there any more, not even what waits for another try."""
    return Envelope(data=webhook_body(desk.remove(caller_id(api), webhook_id)))


@api.post(
    "/api/webhooks/<webhook_id>/rotate",
    summary="Replace the secret of a webhook",
    tags=TAGS,
    responses=refusals(InvalidRequest, NotFound, Busy)
    | {200: {"description": "The new secret; it is not shown again"}},
)
def rotate_webhook_secret(webhook_id: WebhookId) -> Envelope[WebhookSecret]:
    """A new secret. For 24 hours events are signed with both, the secret before that is void."""
    return Envelope(data=webhook_secret(desk.rotate(caller_id(api), webhook_id)))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP request."""
    logger.info("request", route=event.get("routeKey"))
    return api.resolve(event, context)
