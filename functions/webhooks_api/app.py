"""/api/webhooks: where a customer's events are sent to."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from lumiku.bootstrap import people, telling
from lumiku.domain import errors
from lumiku.domain.telling.webhooks import TooManyWebhooks
from lumiku.http.api import Envelope, Id, answer, answering, caller, done, make_api, refusals
from lumiku.http.telling.webhooks import (
    NewWebhook,
    WebhookBody,
    WebhookList,
    WebhookSecret,
    webhook_body,
    webhook_secret,
)

TAGS = ["webhooks"]

api = make_api(door=people.door())
webhooks = telling.webhooks()


@api.post(
    "/api/webhooks",
    summary="Register a webhook",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, TooManyWebhooks, errors.Busy)
    | done("Registered; keep the secret, it is not shown again", status=HTTPStatus.CREATED),
)
def register_webhook(webhook: NewWebhook) -> Response[Envelope[WebhookSecret]]:
    """Have events, of closed batches unless others are named, sent to a URL, signed after the
    Standard Webhooks specification: headers `webhook-id`, `webhook-timestamp` and
    `webhook-signature`.

    Any 2xx within 10 seconds counts as received; 410 disables the webhook; anything else is tried
    again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. Redirects are not followed.
    """
    endpoint = webhooks.register(caller(api), webhook.url, webhook.events)
    return answer(webhook_secret(endpoint), HTTPStatus.CREATED)


@api.get(
    "/api/webhooks",
    summary="List webhooks",
    tags=TAGS,
    responses=refusals() | done("All webhooks of the account"),
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
    | done("What was deleted"),
)
def delete_webhook(webhook_id: Id) -> Envelope[WebhookBody]:
    """Send nothing there any more, not even what waits for another try."""
    return Envelope(data=webhook_body(webhooks.remove(caller(api), webhook_id)))


@api.post(
    "/api/webhooks/<webhook_id>/rotate",
    summary="Replace the secret of a webhook",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("The new secret; it is not shown again"),
)
def rotate_webhook_secret(webhook_id: Id) -> Envelope[WebhookSecret]:
    """A new secret. For 24 hours events are signed with both, the secret before that is void."""
    return Envelope(data=webhook_secret(webhooks.rotate(caller(api), webhook_id)))


handler = answering(api)
