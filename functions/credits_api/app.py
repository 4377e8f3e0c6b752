"""Credits, their ledger, prices and statistics: what a user's money does and did."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.http.credits import (
    Credits,
    LedgerPage,
    Stats,
    credits_body,
    ledger_body,
    stats_body,
)
from lumiku.apps.remover.http.prices import PriceAnswer, PriceQuestion, price_body
from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.http.prices import StudioPriceAnswer, StudioPriceQuestion
from lumiku.apps.studio.http.prices import price_body as studio_price_body
from lumiku.apps.studio.http.usage import StudioStats, UsagePage, Used, usage_body
from lumiku.apps.studio.http.usage import stats_body as studio_stats_body
from lumiku.bootstrap import money, people, remover, studio, templates
from lumiku.domain import errors
from lumiku.domain.money.statistics import Statistics
from lumiku.domain.projects.templates import TemplateRetired
from lumiku.http.api import (
    Cursor,
    Envelope,
    PageSize,
    answering,
    caller,
    done,
    language,
    make_api,
    refusals,
)
from lumiku.http.field_errors import MONTH
from lumiku.services.money.statistics import MAX_MONTHS, UsageStatistics

api = make_api(door=people.door(), prefixes=(REMOVER_PREFIX, REMOVER_ALIAS))
overviews = remover.overviews()
statements = money.statements()
statistics = remover.statistics()
pricing = remover.pricing()
studio_pricing = studio.pricing()
offers = templates.offers()
studio_statistics = studio.statistics()
usages = studio.usages()

Month = Annotated[str | None, Query(pattern=MONTH, description="Only this one: 2026-11")]
Months = Annotated[
    int, Query(ge=1, le=MAX_MONTHS, description="So many up to this one, unless `month`")
]


@api.get(
    "/api/credits",
    summary="Show the balance",
    tags=["credits"],
    responses=refusals(errors.Busy) | done("Credits, quota, plan, the month so far"),
)
def show_credits() -> Envelope[Credits]:
    """The caller's credits, today's quota, plan and month, as of now."""
    return Envelope(data=credits_body(overviews.show(caller(api))))


@api.get(
    "/api/credits/ledger",
    summary="List the movements of credits",
    tags=["credits"],
    responses=refusals(errors.InvalidRequest) | done("A page of entries"),
)
def list_entries(limit: PageSize = 20, cursor: Cursor = None) -> Envelope[LedgerPage]:
    """Every charge, refund, grant and top-up of the caller, newest first."""
    return Envelope(data=ledger_body(statements.page(caller(api), limit=limit, cursor=cursor)))


@api.post(
    "/pricing/calculate",
    summary="Ask for a price",
    tags=["background remover"],
    responses=refusals(errors.InvalidRequest) | done("The price, and what plans save"),
)
def calculate_price(question: PriceQuestion) -> Envelope[PriceAnswer]:
    """What 1 to 500 photos cost, today on the caller's plan, and when a plan pays off."""
    return Envelope(data=price_body(pricing.quote(caller(api), question.intent())))


@api.post(
    f"{STUDIO_PREFIX}/pricing/calculate",
    summary="Ask for a price",
    tags=["photo studio"],
    responses=refusals(errors.InvalidRequest, errors.PromptRefused, TemplateRetired)
    | done("The price, its parts, what the plan lacks"),
)
def calculate_studio_price(question: StudioPriceQuestion) -> Envelope[StudioPriceAnswer]:
    """What a workflow for 1 to 100 items, uploads and an export cost the caller now."""
    who = caller(api)
    quote = studio_pricing.quote(who, question.intent(offers.finder(who)))
    return Envelope(data=studio_price_body(quote, language(api)))


@api.get(
    "/stats",
    summary="Show statistics",
    tags=["background remover"],
    responses=refusals(errors.InvalidRequest) | done("Figures by month and tier"),
)
def show_stats(month: Month = None, months: Months = 3) -> Envelope[Stats]:
    """What the caller ordered, what it cost, and how often it worked, by UTC month and tier."""
    return Envelope(data=stats_body(_figures(statistics, month, months)))


def _figures(of: UsageStatistics, month: str | None, months: int) -> Statistics:
    who = caller(api)
    return of.months(who, count=months) if month is None else of.month(who, month)


@api.get(
    f"{STUDIO_PREFIX}/stats",
    summary="Show statistics",
    tags=["photo studio"],
    responses=refusals(errors.InvalidRequest) | done("Figures by month, action and feature"),
)
def show_studio_stats(month: Month = None, months: Months = 3) -> Envelope[StudioStats]:
    """What the caller ordered, what it cost, and how often it worked, by UTC month."""
    return Envelope(data=studio_stats_body(_figures(studio_statistics, month, months)))


@api.get(
    f"{STUDIO_PREFIX}/usage",
    summary="Show what was used",
    tags=["photo studio"],
    responses=refusals(errors.InvalidRequest) | done("A page of orders"),
)
def list_usage(
    month: Annotated[
        str | None, Query(pattern=MONTH, description="UTC, `2026-11`; else this one")
    ] = None,
    feature: Used = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Envelope[UsagePage]:
    """Every order of a month and what was given back of it, with the features it was made of."""
    page = usages.page(caller(api), month, of=feature, limit=limit, cursor=cursor)
    return Envelope(data=usage_body(page))


handler = answering(api)
