"""Taking, changing, cancelling and renewing a subscription."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.domain import errors
from lumiku.domain.money.invoices import Invoice, Purpose
from lumiku.domain.money.plans import Plan, Plans
from lumiku.domain.money.quotas import Usage, quota_day
from lumiku.domain.money.refusals import AlreadySubscribed, DowngradeRefused
from lumiku.domain.money.subscriptions import Subscription, SubscriptionStatus
from lumiku.domain.people.callers import Caller
from lumiku.domain.telling.mails import Occasion
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.payments import Payments, letter
from lumiku.services.money.ports import SubscriptionStore
from lumiku.services.transactions import AlreadyDone, SaveSubscription, Tell, Transactions
from lumiku.services.work.idempotency import row_id


@dataclass(frozen=True, slots=True)
class Shown:
    """A subscription with today's usage, and the invoice that waits to be paid, if any."""

    subscription: Subscription | None
    usage: Usage
    now: datetime
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Use cases of /subscription of one app, which sells `plans`."""

    app: str
    plans: Plans
    store: SubscriptionStore
    payments: Payments
    transactions: Transactions
    clock: Clock

    def show(self, caller: Caller) -> Shown:
        """The caller's subscription, if there is one that means anything now."""
        return self._show(caller.account)

    def _show(self, user_id: str) -> Shown:
        now = self.clock()
        subscription = self.store.subscription(user_id, self.app)
        usage = self.store.usage(user_id, self.app, quota_day(now))
        return Shown(subscription, usage, now, self._open_invoice(subscription, now))

    def subscribe(self, caller: Caller, plan_name: str, *, idempotency_key: str | None) -> Shown:
        """Ask for what the plan costs from here: a month, or the rest of the period's difference.

        A cancelled subscription to the same plan goes on without a payment. Refused with
        `AlreadySubscribed` or `DowngradeRefused`.
        """
        now, user_id = self.clock(), caller.account
        subscription = self.store.subscription(user_id, self.app)
        plan = self.plans[plan_name]
        invoice_id = row_id("pay", user_id, "POST /subscription", idempotency_key)
        earlier = self.payments.find(invoice_id)
        if earlier is not None:
            if earlier.plan_name != plan_name:
                raise errors.IdempotencyKeyReused
            return self._shown_with(earlier)
        if subscription is not None:
            status = subscription.status(now)
            same = subscription.plan_name == plan_name
            if status is SubscriptionStatus.CANCELLED and same:
                self._save(subscription.resumed())
                return self._show(user_id)
            if status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.CANCELLED}:
                return self._upgrade(caller, subscription, plan, invoice_id, now)
        invoice = self.payments.new_invoice(
            invoice_id,
            user_id,
            Purpose.SUBSCRIPTION,
            amount_idr=plan.monthly_idr,
            granted=plan.monthly_credits,
            app=self.app,
            plan=plan,
            actor=caller.deputy,
        )
        return self._shown_with(self._insert(invoice, plan, subscription, now))

    def cancel(self, caller: Caller) -> Shown:
        """Not to be renewed; usable to the end of what was paid. Cancelling twice is fine."""
        now, user_id = self.clock(), caller.account
        subscription = self.store.subscription(user_id, self.app)
        if subscription is None or not subscription.is_usable(now):
            raise errors.NotFound(
                Text(
                    "There is no subscription to cancel.",
                    "Tidak ada langganan yang dapat dibatalkan.",
                )
            )
        if subscription.auto_renew:
            self._save(subscription.cancelled(now))
        return self._show(user_id)

    def renew_due(self, *, limit: int = 100) -> int:
        """Write the invoices of the next periods; answers how many. None without a gateway."""
        written = 0
        if not self.payments.can_be_paid:
            return written
        for user_id, app in self.store.renewals_due(self.clock(), limit=limit):
            subscription = self.store.subscription(user_id, app)
            if subscription and subscription.period_end and subscription.renewal_due:
                written += self._write_renewal(subscription, subscription.period_end)
        return written

    def _open_invoice(self, subscription: Subscription | None, now: datetime) -> Invoice | None:
        """The latest invoice while it waits to be paid; None without a gateway."""
        if subscription is None or not self.payments.can_be_paid:
            return None
        invoice = self.payments.find(subscription.invoice_id)
        return invoice if invoice and subscription.awaits(invoice, self.plans, now) else None

    def _upgrade(
        self,
        caller: Caller,
        subscription: Subscription,
        plan: Plan,
        invoice_id: str,
        now: datetime,
    ) -> Shown:
        if subscription.plan_name == plan.name:
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
            granted=subscription.upgrade_credits(plan, now),
            app=subscription.app,
            plan=plan,
            period_end=subscription.period_end,
            actor=caller.deputy,
        )
        return self._shown_with(self._insert(invoice, plan, subscription, now))

    def _save(self, subscription: Subscription) -> None:
        try:
            self.transactions.commit(SaveSubscription(subscription))
        except AlreadyDone:
            raise errors.Busy from None

    def _insert(
        self, invoice: Invoice, plan: Plan, subscription: Subscription | None, now: datetime
    ) -> Invoice:
        if subscription is None:
            change = SaveSubscription(
                Subscription(
                    user_id=invoice.user_id,
                    app=self.app,
                    plan_name=plan.name,
                    plan=plan,
                    subscribed_at=now,
                    invoice_id=invoice.id,
                )
            )
        else:
            change = SaveSubscription(subscription.invoiced(invoice.id))
        return self.payments.insert(invoice, change)

    def _shown_with(self, invoice: Invoice) -> Shown:
        shown = self._show(invoice.user_id)
        return Shown(shown.subscription, shown.usage, shown.now, invoice)

    def _write_renewal(self, subscription: Subscription, end: datetime) -> int:
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
            granted=subscription.plan.monthly_credits,
            app=subscription.app,
            plan=subscription.plan,
        )
        try:
            self.payments.insert(
                invoice,
                SaveSubscription(subscription.invoiced(invoice.id, renewal=True)),
                Tell(letter(invoice, Occasion.RENEWAL, invoice.created_at)),
                Tell(letter(invoice, Occasion.UNPAID, end)),
            )
        except errors.Busy:
            return 0
        return 1
