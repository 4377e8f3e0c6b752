"""Taking, changing, cancelling and renewing a subscription."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.errors import (
    AlreadySubscribed,
    Busy,
    DowngradeRefused,
    IdempotencyKeyReused,
    NotFound,
)
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.domain.money.plans import PLANS, REMOVER, Plan, PlanName
from lumiku.domain.money.quotas import Usage, quota_day
from lumiku.domain.money.subscriptions import Subscription, SubscriptionStatus
from lumiku.services.clock import Clock
from lumiku.services.money.payments import Payments, SubscriptionReader
from lumiku.services.transactions import (
    AlreadyDone,
    SaveSubscription,
    Transactions,
)
from lumiku.services.work.idempotency import row_id


class Plans(SubscriptionReader, Protocol):
    """Subscriptions and what was used of them."""

    def usage(self, user_id: str, app: str, day: str) -> Usage:
        """What the user took from a plan on that UTC day, consistently read."""

    def renewals_due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """User and app of up to `limit` subscriptions whose next invoice is due."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A subscription with today's usage, and the invoice that waits to be paid, if any."""

    subscription: Subscription | None
    usage: Usage
    now: datetime
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Use cases of /subscription, for the background remover."""

    plans: Plans
    payments: Payments
    transactions: Transactions
    clock: Clock

    def show(self, user_id: str) -> Shown:
        """The user's subscription, if there is one that means anything now."""
        now = self.clock()
        subscription = self.plans.subscription(user_id, REMOVER)
        usage = self.plans.usage(user_id, REMOVER, quota_day(now))
        return Shown(subscription, usage, now, self._open_invoice(subscription, now))

    def subscribe(self, user_id: str, plan_name: PlanName, *, idempotency_key: str | None) -> Shown:
        """Ask for what the plan costs from here: a month, or the rest of the period's difference.

        A cancelled subscription to the same plan goes on without a payment. Refused with
        `AlreadySubscribed` or `DowngradeRefused`.
        """
        now = self.clock()
        subscription = self.plans.subscription(user_id, REMOVER)
        plan = PLANS[plan_name]
        invoice_id = row_id("pay", user_id, "POST /subscription", idempotency_key)
        earlier = self.payments.invoices.invoice(invoice_id)
        if earlier is not None:
            if earlier.plan_name is not plan_name:
                raise IdempotencyKeyReused
            return self._shown_with(earlier)
        if subscription is not None:
            status = subscription.status(now)
            same = subscription.plan_name is plan_name
            if status is SubscriptionStatus.CANCELLED and same:
                self._save(subscription.resumed())
                return self.show(user_id)
            if status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.CANCELLED}:
                return self._upgrade(subscription, plan, invoice_id, now)
        invoice = self.payments.new_invoice(
            invoice_id,
            user_id,
            Purpose.SUBSCRIPTION,
            amount_idr=plan.monthly_idr,
            app=REMOVER,
            plan_name=plan_name,
        )
        return self._shown_with(self._insert(invoice, subscription, now))

    def cancel(self, user_id: str) -> Shown:
        """Not to be renewed; usable to the end of what was paid. Cancelling twice is fine."""
        now = self.clock()
        subscription = self.plans.subscription(user_id, REMOVER)
        if subscription is None or not subscription.is_usable(now):
            raise NotFound("There is no subscription to cancel.")
        if subscription.auto_renew:
            self._save(subscription.cancelled(now))
        return self.show(user_id)

    def renew_due(self, *, limit: int = 100) -> int:
        """Write the invoices of the next periods; answers how many. None without a gateway."""
        written = 0
        if self.payments.gateway is None:
            return written
        for user_id, app in self.plans.renewals_due(self.clock(), limit=limit):
            subscription = self.plans.subscription(user_id, app)
            if subscription is not None and subscription.renewal_due is not None:
                written += self._write_renewal(subscription)
        return written

    def _open_invoice(self, subscription: Subscription | None, now: datetime) -> Invoice | None:
        """The latest invoice while it waits to be paid; None without a gateway."""
        if subscription is None or subscription.invoice_id is None or not self.payments.gateway:
            return None
        invoice = self.payments.invoices.invoice(subscription.invoice_id)
        return invoice if invoice and subscription.awaits(invoice, now) else None

    def _upgrade(
        self, subscription: Subscription, plan: Plan, invoice_id: str, now: datetime
    ) -> Shown:
        if subscription.plan_name is plan.name:
            raise AlreadySubscribed(plan=plan.name)
        if plan.monthly_idr < subscription.plan.monthly_idr or subscription.period_end is None:
            raise DowngradeRefused(
                plan=subscription.plan_name, until=subscription.period_end or now
            )
        invoice = self.payments.new_invoice(
            invoice_id,
            subscription.user_id,
            Purpose.UPGRADE,
            amount_idr=subscription.upgrade_idr(plan, now),
            app=subscription.app,
            plan_name=plan.name,
            period_end=subscription.period_end,
        )
        return self._shown_with(self._insert(invoice, subscription, now))

    def _save(self, subscription: Subscription) -> None:
        try:
            self.transactions.commit(SaveSubscription(subscription))
        except AlreadyDone:
            raise Busy from None

    def _insert(
        self, invoice: Invoice, subscription: Subscription | None, now: datetime
    ) -> Invoice:
        if subscription is None:
            change = SaveSubscription(
                Subscription(
                    user_id=invoice.user_id,
                    app=REMOVER,
                    plan_name=invoice.plan_name or PlanName.STARTER,
                    subscribed_at=now,
                    invoice_id=invoice.id,
                )
            )
        else:
            change = SaveSubscription(subscription.invoiced(invoice.id))
        return self.payments.insert(invoice, change)

    def _shown_with(self, invoice: Invoice) -> Shown:
        shown = self.show(invoice.user_id)
        return Shown(shown.subscription, shown.usage, shown.now, invoice)

    def _write_renewal(self, subscription: Subscription) -> int:
        invoice = self.payments.new_invoice(
            row_id(
                "pay",
                subscription.user_id,
                f"renew {subscription.app} {subscription.plan_name}",
                str(subscription.period_end),
            ),
            subscription.user_id,
            Purpose.SUBSCRIPTION,
            amount_idr=subscription.plan.monthly_idr,
            app=subscription.app,
            plan_name=subscription.plan_name,
        )
        try:
            self.payments.insert(
                invoice, SaveSubscription(subscription.invoiced(invoice.id, renewal=True))
            )
        except Busy:
            return 0
        return 1
