"""/api/admin: for the group `admin`, which is asked for in every handler."""

from typing import Annotated

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from lumiku.apps.remover.http.overview import (
    TOP_USERS,
    BusinessBody,
    FoundAccount,
    business_body,
    found_account,
)
from lumiku.apps.studio.http.overview import StudioBusiness, studio_business
from lumiku.bootstrap import money, stores
from lumiku.bootstrap import people as bootstrap
from lumiku.domain import errors
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.texts import Text
from lumiku.http.api import Envelope, IdempotencyKey, answering, caller, done, make_api, refusals
from lumiku.http.field_errors import MONTH, worded
from lumiku.http.money.engagement import AccountsBody, accounts_body
from lumiku.http.people.admin import Grant, Granted, Limits, LimitsInForce, granted, limits_in_force
from lumiku.http.people.people import EMAIL_PATTERN

ADMIN = ["admin"]
UserId = Annotated[
    str,
    Path(
        pattern=worded(
            r"^[0-9A-Za-z-]{1,64}$",
            Text("Not the id of an account", "Bukan id sebuah akun"),
        )
    ),
]


class Overview(BusinessBody):
    """The business of one UTC month, up to now; tiers are the background remover's."""

    studio: StudioBusiness
    accounts: AccountsBody


logger = Logger()
api = make_api(door=bootstrap.door())
administration = bootstrap.administration()
business = money.business()
account_figures = money.account_figures()
people = stores.accounts()


@api.get(
    "/api/admin/accounts",
    summary="Find an account",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, errors.NotFound)
    | done("The account of the address"),
)
def find_account(
    email: Annotated[str, Query(min_length=3, max_length=128, pattern=EMAIL_PATTERN)],
) -> Envelope[FoundAccount]:
    """Whoever has an address: balance, limits, plan, newest ledger entries."""
    return Envelope(data=found_account(administration.find(caller(api), email)))


@api.post(
    "/api/admin/accounts/<user_id>/credits",
    summary="Give credits",
    tags=ADMIN,
    responses=refusals(
        errors.InvalidRequest, NotAllowed, errors.NotFound, errors.IdempotencyKeyReused, errors.Busy
    )
    | done("The credits are in the account"),
)
def grant_credits(
    user_id: UserId,
    grant: Grant,
    idempotency_key: IdempotencyKey = None,
) -> Envelope[Granted]:
    """Give credits for a reason, which the ledger keeps. The same key gives once."""
    admin = caller(api)
    entry, balance = administration.grant(
        admin, user_id, grant.amount, grant.reason, key=idempotency_key
    )
    logger.info("credits granted", admin_id=admin.actor, user_id=user_id, entry=entry.id)
    return Envelope(data=granted(entry, balance))


@api.put(
    "/api/admin/accounts/<user_id>/limits",
    summary="Set limits",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, errors.NotFound, errors.Busy)
    | done("The limits that hold now"),
)
def set_limits(user_id: UserId, limits: Limits) -> Envelope[LimitsInForce]:
    """Replace the limits of the account's own; what is absent is the usual limit again."""
    admin = caller(api)
    account = administration.set_limits(admin, user_id, limits.limits(), limits.reason)
    logger.info("limits set", admin_id=admin.actor, user_id=user_id)
    return Envelope(data=limits_in_force(account))


@api.get(
    "/api/admin/overview",
    summary="Show the business",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed) | done("The month's figures, up to now"),
)
def show_business(
    month: Annotated[
        str | None, Query(pattern=MONTH, description="UTC, `2026-11`; else this one")
    ] = None,
) -> Envelope[Overview]:
    """Revenue, photos, failures, cost and margin of both apps, top users, what accounts do."""
    name, figures = business.month(caller(api), month)
    top = [user_id for user_id, _ in figures.top_users(TOP_USERS)]
    emails = {user_id: people.account(user_id).email for user_id in top}
    shown = business_body(name, figures, emails)
    accounts = accounts_body(account_figures.month(caller(api), name), figures.revenue_idr)
    studio = studio_business(name, figures)
    return Envelope(data=Overview(**dict(shown), studio=studio, accounts=accounts))


handler = answering(api)
