"""Subscriptions, top-ups and payments."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.billing import (
    Notification,
    PackageList,
    PaymentBody,
    SubscribeRequest,
    SubscriptionBody,
    TopUpRequest,
    packages_body,
    payment_body,
    subscription_body,
)
from lumiku.bootstrap import money, remover
from lumiku.domain import errors
from lumiku.domain.money.invoices import Invoice
from lumiku.domain.money.refusals import (
    AlreadySubscribed,
    DowngradeRefused,
    ForgedNotification,
    PaymentsUnavailable,
)
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
from lumiku.services.money.subscriptions import Shown

api = make_api(prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
payments = money.payments()
subscriptions = remover.subscriptions()


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
    responses=refusals(
        errors.InvalidRequest,
        AlreadySubscribed,
        DowngradeRefused,
        errors.IdempotencyKeyReused,
        PaymentsUnavailable,
        errors.Busy,
    )
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


@api.get("/api/credits/packages", summary="List packages of credits", tags=["credits"])
def list_packages() -> Envelope[PackageList]:
    """What can be bought at once."""
    return Envelope(data=packages_body())


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
    return payment_body(invoice, payments.checkout_path(invoice))


def _plan(shown: Shown) -> SubscriptionBody:
    return subscription_body(shown, _shown(shown.invoice) if shown.invoice else None)


handler = answering(api)
