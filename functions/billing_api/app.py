"""Subscriptions, top-ups and payments."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.billing import (
    SubscribeRequest,
    SubscriptionBody,
    subscription_body,
)
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.billing import (
    StudioSubscribeRequest,
    StudioSubscription,
    studio_subscription_body,
)
from lumiku.bootstrap import money, people, remover, studio
from lumiku.domain import errors
from lumiku.domain.money.invoices import Invoice
from lumiku.domain.money.refusals import (
    AlreadySubscribed,
    DowngradeRefused,
    ForgedNotification,
    GatewayDown,
    NotRefunded,
    PaymentsUnavailable,
)
from lumiku.domain.people.identity import NotAllowed
from lumiku.http.api import (
    Envelope,
    Id,
    IdempotencyKey,
    answer,
    answering,
    caller,
    done,
    make_api,
    refusals,
)
from lumiku.http.money.checkout import CHECKOUT_HEADERS, checkout_page
from lumiku.http.money.payments import (
    GatewayNotification,
    Notification,
    PackageList,
    PaymentBody,
    RefundRequest,
    TopUpRequest,
    packages_body,
    payment_body,
)
from lumiku.services.money.subscriptions import Shown

logger = Logger()
api = make_api(door=people.door(), prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
payments = money.payments()
refunding = money.refunding()
subscriptions = remover.subscriptions()
studio_subscriptions = studio.subscriptions()
SUBSCRIBING = (
    errors.InvalidRequest,
    AlreadySubscribed,
    DowngradeRefused,
    errors.IdempotencyKeyReused,
    PaymentsUnavailable,
    errors.Busy,
)
"""How asking for a plan may be refused."""


@api.get(
    "/subscription",
    summary="Show the subscription",
    tags=["plans"],
    responses=refusals() | done("The plan, or the plans there are"),
)
def show_subscription() -> Envelope[SubscriptionBody]:
    """The caller's plan with today's quota and what is to be paid; or the plans there are."""
    return Envelope(data=_plan(subscriptions.show(caller(api))))


@api.post(
    "/subscription",
    summary="Subscribe, upgrade or resume",
    tags=["plans"],
    responses=refusals(*SUBSCRIBING)
    | done("What is left to do is in `payment`, if anything", status=HTTPStatus.CREATED),
)
def subscribe(
    request: SubscribeRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[SubscriptionBody]]:
    """Ask for a plan. It starts when its payment arrives; an upgrade costs the days left."""
    shown = subscriptions.subscribe(caller(api), request.plan, idempotency_key=idempotency_key)
    return answer(_plan(shown), HTTPStatus.CREATED)


@api.delete(
    "/subscription",
    summary="Cancel the subscription",
    tags=["plans"],
    responses=refusals(errors.NotFound, errors.Busy) | done("The plan, cancelled"),
)
def cancel() -> Envelope[SubscriptionBody]:
    """Not to be renewed; usable to the end of what was paid."""
    return Envelope(data=_plan(subscriptions.cancel(caller(api))))


@api.get(
    f"{STUDIO_PREFIX}/subscription",
    summary="Show the plan of the studio",
    tags=["plans"],
    responses=refusals() | done("The plan and what it allows, and the plans there are"),
)
def show_studio_plan() -> Envelope[StudioSubscription]:
    """The caller's plan of the studio, what each plan allows, and what is to be paid."""
    return Envelope(data=_studio_plan(studio_subscriptions.show(caller(api))))


@api.post(
    f"{STUDIO_PREFIX}/subscription",
    summary="Subscribe to the studio, upgrade or resume",
    tags=["plans"],
    responses=refusals(*SUBSCRIBING)
    | done("What is left to do is in `payment`, if anything", status=HTTPStatus.CREATED),
)
def subscribe_to_studio(
    request: StudioSubscribeRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[StudioSubscription]]:
    """Ask for a plan. It starts, with its credits, when its payment arrives."""
    shown = studio_subscriptions.subscribe(
        caller(api), request.plan, idempotency_key=idempotency_key
    )
    return answer(_studio_plan(shown), HTTPStatus.CREATED)


@api.delete(
    f"{STUDIO_PREFIX}/subscription",
    summary="Cancel the plan of the studio",
    tags=["plans"],
    responses=refusals(errors.NotFound, errors.Busy) | done("The plan, cancelled"),
)
def cancel_studio_plan() -> Envelope[StudioSubscription]:
    """Not to be renewed; usable to the end of what was paid."""
    return Envelope(data=_studio_plan(studio_subscriptions.cancel(caller(api))))


@api.get("/api/credits/packages", summary="List packages of credits", tags=["credits"])
def list_packages() -> Envelope[PackageList]:
    """What can be bought at once, at the price of a credit on the caller's plan."""
    return Envelope(data=packages_body(payments.idr_per_credit(caller(api))))


@api.post(
    "/api/credits/topups",
    summary="Buy credits",
    tags=["credits"],
    responses=refusals(
        errors.InvalidRequest, errors.IdempotencyKeyReused, PaymentsUnavailable, errors.Busy
    )
    | done("Pay at `checkoutUrl`; the credits come with the payment", status=HTTPStatus.CREATED),
)
def top_up(
    request: TopUpRequest, idempotency_key: IdempotencyKey = None
) -> Response[Envelope[PaymentBody]]:
    """Ask for a package of credits."""
    invoice = payments.top_up(caller(api), request.package, idempotency_key=idempotency_key)
    return answer(_shown(invoice), HTTPStatus.CREATED)


@api.get(
    "/api/payments/<payment_id>",
    summary="Show a payment",
    tags=["payments"],
    responses=refusals(errors.InvalidRequest, errors.NotFound, PaymentsUnavailable)
    | done("The payment"),
)
def show_payment(payment_id: Id) -> Envelope[PaymentBody]:
    """One of the caller's payments."""
    return Envelope(data=_shown(payments.get(caller(api), payment_id)))


@api.post(
    "/api/payments/<payment_id>/notifications",
    summary="Tell what became of a payment",
    tags=["payments"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        ForgedNotification,
        PaymentsUnavailable,
        errors.Busy,
    )
    | done("The payment as it is now"),
)
def notify(payment_id: Id, notification: Notification) -> Envelope[PaymentBody]:
    """For the payment gateway: as often and in whatever order it likes."""
    return Envelope(data=_shown(payments.notify(payment_id, notification.facts())))


@api.post(
    "/api/payments/notifications",
    summary="Tell that an order has changed",
    tags=["payments"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        ForgedNotification,
        PaymentsUnavailable,
        GatewayDown,
        errors.Busy,
    )
    | done("The payment as it is now"),
)
def notify_of_order(notification: GatewayNotification) -> Envelope[PaymentBody]:
    """For Midtrans: its notifications of HTTP, as often and in whatever order it likes."""
    found = payments.notify(notification.order_id, notification.model_dump())
    return Envelope(data=payment_body(found, None))


@api.post(
    "/api/admin/payments/<payment_id>/refund",
    summary="Give a payment back",
    tags=["admin"],
    responses=refusals(
        errors.InvalidRequest,
        NotAllowed,
        errors.NotFound,
        errors.InsufficientCredits,
        NotRefunded,
        PaymentsUnavailable,
        GatewayDown,
        errors.Busy,
    )
    | done("The payment, given back"),
)
def refund(payment_id: Id, request: RefundRequest) -> Envelope[PaymentBody]:
    """All of it, through the gateway, and the credits leave the account. As often as one likes."""
    admin = caller(api)
    found = refunding.refund(admin, payment_id, request.reason)
    logger.info("payment refunded", admin_id=admin.actor, payment_id=found.id)
    return Envelope(data=payment_body(found, None))


@api.get(
    "/api/payments/<payment_id>/checkout",
    summary="The sandbox's checkout page",
    tags=["payments"],
    responses=refusals(
        errors.InvalidRequest,
        errors.NotFound,
        ForgedNotification,
        PaymentsUnavailable,
    )
    | done("A page", content={"text/html": {"schema": {"type": "string"}}}),
)
def checkout(payment_id: Id, token: Annotated[str, Query(max_length=256)]) -> Response[str]:
    """Shows what is to be paid to whoever has the link."""
    page = checkout_page(payments.checkout(payment_id, token))
    return Response(
        status_code=HTTPStatus.OK, content_type="text/html", body=page, headers=CHECKOUT_HEADERS
    )


def _shown(invoice: Invoice) -> PaymentBody:
    return payment_body(invoice, payments.checkout_url(invoice))


def _payment(shown: Shown) -> PaymentBody | None:
    return _shown(shown.invoice) if shown.invoice else None


def _plan(shown: Shown) -> SubscriptionBody:
    return subscription_body(shown, _payment(shown))


def _studio_plan(shown: Shown) -> StudioSubscription:
    return studio_subscription_body(shown, _payment(shown))


handler = answering(api)
