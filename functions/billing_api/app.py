"""Subscriptions, top-ups and payments."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import billing
from lumiku.domain.errors import (
    AlreadySubscribed,
    Busy,
    DowngradeRefused,
    ForgedNotification,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    PaymentsUnavailable,
)
from lumiku.domain.money.invoices import Invoice
from lumiku.http.api import (
    REMOVER_ALIAS,
    REMOVER_PREFIX,
    Envelope,
    caller_id,
    make_api,
    refusals,
)
from lumiku.http.money.billing import (
    CHECKOUT_HEADERS,
    Notification,
    PackageList,
    PaymentBody,
    SubscribeRequest,
    SubscriptionBody,
    TopUpRequest,
    checkout_page,
    packages_body,
    payment_body,
    subscription_body,
)
from lumiku.services.money.subscriptions import Shown

IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)
]
PaymentId = Annotated[str, Path(max_length=128)]

logger = Logger()
api = make_api(prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
payments = billing.payments()
subscriptions = billing.subscriptions()


@api.get(
    "/subscription",
    summary="Show the subscription",
    tags=["plans"],
    responses=refusals() | {200: {"description": "The plan, or the plans there are"}},
)
def show_subscription() -> Envelope[SubscriptionBody]:
    """The caller's plan with today's quota and what is to be paid; or the plans there are."""
    return Envelope(data=_plan(subscriptions.show(caller_id(api))))


@api.post(
    "/subscription",
    summary="Subscribe, upgrade or resume",
    tags=["plans"],
    responses=refusals(
        InvalidRequest,
        AlreadySubscribed,
        DowngradeRefused,
        IdempotencyKeyReused,
        PaymentsUnavailable,
        Busy,
    )
    | {201: {"description": "What is left to do is in `payment`, if anything"}},
)
def subscribe(
    request: SubscribeRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[SubscriptionBody]]:
    """Ask for a plan. It starts when its payment arrives; an upgrade costs the days left."""
    shown = subscriptions.subscribe(caller_id(api), request.plan, idempotency_key=idempotency_key)
    return _created(_plan(shown))


@api.delete(
    "/subscription",
    summary="Cancel the subscription",
    tags=["plans"],
    responses=refusals(NotFound, Busy) | {200: {"description": "The plan, cancelled"}},
)
def cancel() -> Envelope[SubscriptionBody]:
    """Not to be renewed; usable to the end of what was paid."""
    return Envelope(data=_plan(subscriptions.cancel(caller_id(api))))


@api.get("/api/credits/packages", summary="List packages of credits", tags=["credits"])
def list_packages() -> Envelope[PackageList]:
    """What can be bought at once."""
    return Envelope(data=packages_body())


@api.post(
    "/api/credits/topups",
    summary="Buy credits",
    tags=["credits"],
    responses=refusals(InvalidRequest, IdempotencyKeyReused, PaymentsUnavailable, Busy)
    | {201: {"description": "Pay at `checkoutUrl`; the credits come with the payment"}},
)
def top_up(
    request: TopUpRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[PaymentBody]]:
    """Ask for a package of credits."""
    invoice = payments.top_up(caller_id(api), request.package, idempotency_key=idempotency_key)
    return _created(_shown(invoice))


@api.get(
    "/api/payments/<payment_id>",
    summary="Show a payment",
    tags=["payments"],
    responses=refusals(InvalidRequest, NotFound, PaymentsUnavailable)
    | {200: {"description": "The payment"}},
)
def show_payment(payment_id: PaymentId) -> Envelope[PaymentBody]:
    """One of the caller's payments."""
    return Envelope(data=_shown(payments.get(caller_id(api), payment_id)))


@api.post(
    "/api/payments/<payment_id>/notifications",
    summary="Tell what became of a payment",
    tags=["payments"],
    responses=refusals(InvalidRequest, NotFound, ForgedNotification, PaymentsUnavailable, Busy)
    | {200: {"description": "The payment as it is now"}},
)
def notify(payment_id: PaymentId, notification: Notification) -> Envelope[PaymentBody]:
    """For the payment gateway: as often and in whatever order it likes."""
    return Envelope(data=_shown(payments.notify(payment_id, notification.facts())))


@api.get(
    "/api/payments/<payment_id>/checkout",
    summary="The sandbox's checkout page",
    tags=["payments"],
    responses=refusals(InvalidRequest, NotFound, ForgedNotification, PaymentsUnavailable)
    | {200: {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}},
)
def checkout(payment_id: PaymentId, token: Annotated[str, Query(max_length=256)]) -> Response[str]:
    """Shows what is to be paid to whoever has the link."""
    page = checkout_page(payments.checkout(payment_id, token))
    return Response(
        status_code=HTTPStatus.OK, content_type="text/html", body=page, headers=CHECKOUT_HEADERS
    )


def _created[T](body: T) -> Response[Envelope[T]]:
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        body=Envelope(data=body),
    )


def _shown(invoice: Invoice) -> PaymentBody:
    return payment_body(invoice, payments.checkout_path(invoice))


def _plan(shown: Shown) -> SubscriptionBody:
    return subscription_body(shown, _shown(shown.invoice) if shown.invoice else None)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP request."""
    logger.info("request", route=event.get("routeKey"))
    return api.resolve(event, context)
