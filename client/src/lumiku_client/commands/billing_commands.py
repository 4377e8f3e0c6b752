"""`lumiku credits`, `top-up`, `stats` and `subscription`: what photos cost, and how it is paid."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from lumiku_client._billing import Subscriptions
from lumiku_client._billing_models import Figures, Invoice, Stats, Subscription
from lumiku_client._models import Credits

from . import flags, report
from .connecting import account_for, client_for
from .exits import give_up, problems_told


def credits(api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """Show what the account can spend."""
    with problems_told(), client_for(account_for(api_url)) as client:
        account = client.credits()
    if as_json:
        report.print_json(report.answer_json(account))
    else:
        report.say(report.console_for(), _balance(account))


def top_up(
    package: Annotated[
        str | None, typer.Argument(metavar="PACKAGE", help="Without it: the packages there are.")
    ] = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Buy credits: answers where to pay. Nothing is bought before that."""
    with problems_told(), client_for(account_for(api_url)) as client:
        if package is None:
            packages = client.billing.packages()
            rows = [(p.name, str(p.credits), _money(p.price, p.currency)) for p in packages]
            headings = ("Package", "Credits", "Price")
            report.print_answers(packages, headings, rows, none="No packages.", as_json=as_json)
            return
        payment = client.billing.top_up(package)
    if as_json:
        report.print_json(report.answer_json(payment))
    else:
        report.say(report.console_for(), f"{payment.credits} credits. {_to_pay(payment)}")


def stats(
    months: Annotated[
        int, typer.Option(min=1, max=12, help="So many UTC months up to this one.")
    ] = 3,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Only this one, instead.")
    ] = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Show what was ordered, what it cost and how often it worked, by month and tier."""
    with problems_told(), client_for(account_for(api_url)) as client:
        found = client.billing.stats(months=months, month=month)
    if as_json:
        report.print_json(report.answer_json(found))
        return
    screen = report.console_for()
    headings = (
        *("Month", "Tier", "Photos", "Failed", "Cancelled", "Not sent", "Success"),
        *("Credits", "Refunded", "On plan"),
    )
    report.print_table(screen, headings, _figure_rows(found))
    if not found.complete:
        report.say(screen, "Only the newest orders; the oldest were left out.")


Plan = Annotated[
    str | None, typer.Argument(metavar="PLAN", help="Take this one; without it: look.")
]
Cancel = Annotated[
    bool, typer.Option("--cancel", help="Do not renew it; usable to the end of what was paid.")
]


def subscription(
    plan: Plan = None,
    cancel: Cancel = False,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Show the plan and what it covers today, or the plans there are; take or cancel one.

    Taking a plan, or a larger one, answers where to pay; it starts with the payment.
    """
    with problems_told(), client_for(account_for(api_url)) as client:
        found = _done(client.billing, plan, cancel=cancel)
    if _told(found, "lumiku subscription", as_json=as_json):
        return
    screen = report.console_for()
    if found.available_plans:
        headings = ("Plan", "Price a month", "Photos a day", "Tiers")
        rows = [
            (plan.name, _money(plan.price), str(plan.daily_quota), ", ".join(plan.allowed_tiers))
            for plan in found.available_plans
        ]
        report.print_table(screen, headings, rows)
    _tell_payment(found)


def studio_plan(
    plan: Plan = None,
    cancel: Cancel = False,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Show the plan of the studio and the plans there are; take or cancel one.

    Taking a plan, or a larger one, answers where to pay; it starts, with its credits, with the
    payment.
    """
    with problems_told(), client_for(account_for(api_url)) as client:
        found = _done(client.studio.billing, plan, cancel=cancel)
    if _told(found, "lumiku studio plan", as_json=as_json):
        return
    headings = ("Plan", "Price a month", "Credits a month", "Further credits", "Templates", "Batch")
    rows = [
        (
            plan.name,
            _money(plan.price),
            str(plan.monthly_credits),
            _money(plan.idr_per_credit),
            _most(plan.allows.get("template")),
            _most(plan.allows.get("batch")),
        )
        for plan in found.plans
    ]
    report.print_table(report.console_for(), headings, rows)
    _tell_payment(found)


def _most(allowed: object) -> str:
    return "all" if allowed is None else str(allowed)


def _balance(account: Credits) -> str:
    told = f"{account.balance} credits"
    if not account.granted:
        return told
    lots = (
        f"{lot.credits} until {lot.expires_at.astimezone():%Y-%m-%d}" for lot in account.granted
    )
    return f"{told}: {account.bought} that stay, and of your plan {', '.join(lots)}"


def _done[M: Subscription](plans: Subscriptions[M], plan: str | None, *, cancel: bool) -> M:
    if plan is not None and cancel:
        give_up("Either take a plan or cancel it.")
    if plan is not None:
        return plans.subscribe(plan)
    return plans.cancel() if cancel else plans.subscription()


def _told(found: Subscription, command: str, *, as_json: bool) -> bool:
    """Whether that was all: as JSON it is; for people, how the plan stands comes first."""
    if as_json:
        report.print_json(report.answer_json(found))
        return True
    standing = f"No plan. Take one with: {command} PLAN" if found.plan is None else _standing(found)
    report.say(report.console_for(), standing)
    return False


def _tell_payment(found: Subscription) -> None:
    if found.payment is not None:
        report.say(report.console_for(), _to_pay(found.payment))


def _standing(found: Subscription) -> str:
    told = [f"Plan {found.plan}: {(found.status or '').replace('_', ' ')}"]
    if found.billing is not None and found.billing.period_end is not None:
        told.append(f"paid until {found.billing.period_end.astimezone():%Y-%m-%d}")
    if found.has_subscription and found.quotas is not None:
        daily = found.quotas.daily
        told.append(f"{daily.remaining} of {daily.limit} photos left today")
    return ", ".join(told) + "."


def _to_pay(payment: Invoice) -> str:
    amount = _money(payment.amount, payment.currency)
    if payment.checkout_url is None:
        return f"{amount}: {payment.status}."
    return f"Pay {amount} at {payment.checkout_url}"


def _figure_rows(found: Stats) -> Iterable[Sequence[str]]:
    for month in found.months:
        for tier in month.tiers:
            yield (month.month, tier.tier, *_figures(tier))
    yield ("all", "", *_figures(found.total))


def _figures(figures: Figures) -> Sequence[str]:
    rate = figures.success_rate
    return (
        str(figures.photos),
        str(figures.failed),
        str(figures.cancelled),
        str(figures.never_sent),
        "" if rate is None else f"{rate:.1f} %",
        str(figures.credits_used),
        str(figures.credits_refunded),
        str(figures.quota_used),
    )


def _money(amount: int, currency: str = "IDR") -> str:
    return f"{currency} {amount:,}"
