"""A subscription: what was paid for, and what that allows at a given moment.

Status is never stored: it follows from the paid period, so no schedule can be late.

    pending_payment --paid--> active --period over, renewing--> grace_period --3 days--> expired
                                |  ^                                  |
                              cancel  resume                   paid: the next period
                                v  |
                             cancelled --period over--> expired
"""

import calendar
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from lumiku.domain.instant import Instant
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.domain.money.plans import Plan, Plans

GRACE = timedelta(days=3)
INVOICE_BEFORE_END = timedelta(days=3)


class SubscriptionStatus(StrEnum):
    """Where a subscription is in its life."""

    PENDING_PAYMENT = "pending_payment"
    ACTIVE = "active"
    GRACE_PERIOD = "grace_period"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_USABLE = {
    SubscriptionStatus.ACTIVE,
    SubscriptionStatus.GRACE_PERIOD,
    SubscriptionStatus.CANCELLED,
}


class Subscription(BaseModel, frozen=True, defer_build=True):
    """One user's subscription to one app. `version` counts its changes.

    `plan` is what the plan of that name contains today; rows hold the name alone.

    `anchor_day` is the day of the month on which periods start; short months end earlier.
    `invoice_id` is the latest invoice, `invoiced_until` the end of the last period that has one.
    """

    user_id: str
    app: str
    plan_name: str
    plan: Plan = Field(exclude=True, repr=False)
    subscribed_at: Instant
    anchor_day: int = 1
    period_start: Instant | None = None
    period_end: Instant | None = None
    auto_renew: bool = True
    cancelled_at: Instant | None = None
    invoice_id: str | None = None
    invoiced_until: Instant | None = None
    version: int = 0

    def status(self, now: datetime) -> SubscriptionStatus:
        """Status at `now`."""
        if self.period_end is None:
            return SubscriptionStatus.PENDING_PAYMENT
        if now < self.period_end:
            return SubscriptionStatus.ACTIVE if self.auto_renew else SubscriptionStatus.CANCELLED
        if self.auto_renew and now < self.period_end + GRACE:
            return SubscriptionStatus.GRACE_PERIOD
        return SubscriptionStatus.EXPIRED

    def is_usable(self, now: datetime) -> bool:
        """The quota may be used at `now`."""
        return self.status(now) in _USABLE

    def paid(self, plan: Plan, now: datetime) -> "Subscription":
        """After a month of `plan` was paid for at `now`.

        While the plan is usable a payment continues its period; a later one starts anew.
        """
        if self.period_end is not None and self.is_usable(now):
            start, anchor = self.period_end, self.anchor_day
        else:
            start, anchor = now, now.day
        return self._changed(
            plan_name=plan.name,
            plan=plan,
            anchor_day=anchor,
            period_start=start,
            period_end=month_later(start, anchor),
            auto_renew=True,
            cancelled_at=None,
        )

    def after_payment(self, invoice: Invoice, plans: Plans, now: datetime) -> "Subscription | None":
        """After `invoice` was paid at `now`; None when what it asked for cannot be had any more.

        An upgrade is for the rest of the one period that it was priced for, and is had once. A
        month of another plan never replaces one that runs.
        """
        plan = plans.get(invoice.plan_name or "")
        if plan is None:
            return None
        runs = self.period_end is not None and now < self.period_end
        if invoice.purpose is Purpose.UPGRADE:
            is_better = plan.monthly_idr > self.plan.monthly_idr
            fits = runs and is_better and invoice.period_end == self.period_end
            return self.upgraded(plan) if fits else None
        if runs and plan.name != self.plan_name:
            return None
        return self.paid(plan, now)

    def awaits(self, invoice: Invoice, plans: Plans, now: datetime) -> bool:
        """`invoice` can be paid and would bring what it asked for; a cancellation gives it up."""
        if not invoice.can_be_paid:
            return False
        if self.cancelled_at is not None and invoice.created_at <= self.cancelled_at:
            return False
        return self.after_payment(invoice, plans, now) is not None

    @property
    def renewal_due(self) -> datetime | None:
        """When the next period's invoice is to be written; None if it was, or none is wanted."""
        if self.period_end is None or not self.auto_renew:
            return None
        if self.invoiced_until is not None and self.invoiced_until > self.period_end:
            return None
        return self.period_end - INVOICE_BEFORE_END

    def invoiced(self, invoice_id: str, *, renewal: bool = False) -> "Subscription":
        """After an invoice was written; `renewal` for the period after this one."""
        if not renewal or self.period_end is None:
            return self._changed(invoice_id=invoice_id)
        until = month_later(self.period_end, self.anchor_day)
        return self._changed(invoice_id=invoice_id, invoiced_until=until)

    def upgraded(self, plan: Plan) -> "Subscription":
        """After the rest of the period was paid for on a better plan, which is then renewed."""
        return self._changed(plan_name=plan.name, plan=plan, invoiced_until=None)

    def cancelled(self, now: datetime) -> "Subscription":
        """Not to be renewed; usable to the period's end."""
        return self._changed(auto_renew=False, cancelled_at=now)

    def resumed(self) -> "Subscription":
        """To be renewed after all."""
        return self._changed(auto_renew=True, cancelled_at=None)

    def upgrade_idr(self, better: Plan, now: datetime) -> int:
        """Rupiah for the rest of the period on `better`: the difference, by started days."""
        left_days, period_days = self._days(now)
        return -(-(better.monthly_idr - self.plan.monthly_idr) * left_days // period_days)

    def upgrade_credits(self, better: Plan, now: datetime) -> int:
        """Credits that come with that: the difference, by the same days, rounded down."""
        left_days, period_days = self._days(now)
        return (better.monthly_credits - self.plan.monthly_credits) * left_days // period_days

    def _days(self, now: datetime) -> tuple[int, int]:
        """Started days that are left of the period, and all of them."""
        if self.period_start is None or self.period_end is None:
            raise ValueError("nothing was paid for yet")
        day = timedelta(days=1)
        period_days = -(-(self.period_end - self.period_start) // day)
        return min(period_days, -(-(self.period_end - now) // day)), period_days

    def _changed(self, **update: object) -> "Subscription":
        return self.model_copy(update={**update, "version": self.version + 1})


def month_later(start: datetime, anchor_day: int) -> datetime:
    """The same time a month later, on `anchor_day` or the month's last day."""
    year, month = divmod(start.year * 12 + start.month, 12)
    day = min(anchor_day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
