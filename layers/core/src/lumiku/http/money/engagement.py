"""JSON of what accounts do, as administrators see it."""

from datetime import date

from pydantic import Field

from lumiku.domain.money.engagement import MonthOfAccounts
from lumiku.http.bodies import Body
from lumiku.http.money.figures import percent


class DayOfAccounts(Body):
    """Accounts of one UTC day."""

    day: date
    active: int = Field(description="Ordered something")
    joined: int


class AccountsBody(Body):
    """Accounts of one UTC month, up to now. Percents have one decimal; null without any."""

    days: list[DayOfAccounts]
    active: int = Field(description="Ordered something in the month, each counted once")
    joined: int = Field(description="Whose first credits moved in the month")
    converted: int = Field(description="Of these, who paid for credits or a plan in the month")
    conversion_percent: float | None
    retained_percent: float | None = Field(
        description="Of those who joined 60 to 31 days before the end, who ordered in the last 30"
    )
    churn_percent: float | None = Field(
        description="Of plans that were to be paid for again, those that ended in the month, which"
        " is sure 37 days after the last payment"
    )
    revenue_per_active_idr: int | None = Field(description="Rupiah that came in by active account")


def accounts_body(found: MonthOfAccounts, revenue_idr: int) -> AccountsBody:
    """A month as administrators see it."""
    return AccountsBody(
        days=[
            DayOfAccounts(day=day, active=len(of.active), joined=len(of.joined))
            for day, of in sorted(found.days.items())
        ],
        active=found.active,
        joined=found.joined,
        converted=found.converted,
        conversion_percent=percent(found.converted, found.joined),
        retained_percent=percent(found.retained, found.cohort),
        churn_percent=percent(found.lapsed, found.due),
        revenue_per_active_idr=revenue_idr // found.active if found.active else None,
    )
