"""Invoices and what paying them does: exactly once, whatever order the gateway's words come in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lumiku.domain import errors
from lumiku.domain.money.invoices import PACKAGES, Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.ledger import IDR_PER_CREDIT, Entry, EntryKind, plan_credits, reversal
from lumiku.domain.money.plans import Catalogue, Plan
from lumiku.domain.money.refusals import GatewayDown, PaymentsUnavailable
from lumiku.domain.people.callers import Caller
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import (
    Accounts,
    Invoices,
    Ledger,
    PaymentGateway,
    SubscriptionStore,
)
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseInvoice,
    InsertInvoice,
    PocketsMoved,
    Post,
    SaveSubscription,
    Tell,
    Transactions,
)
from lumiku.services.work.idempotency import row_id

TRIES = 10


@dataclass(frozen=True, slots=True)
class Payments:
    """Use cases of top-ups and payments; `gateway` is None where none is set up."""

    invoices: Invoices
    accounts: Accounts
    ledger: Ledger
    subscriptions: SubscriptionStore
    plans: Catalogue
    transactions: Transactions
    gateway: PaymentGateway | None
    clock: Clock

    def idr_per_credit(self, caller: Caller) -> int:
        """What a further credit costs the caller: the best price of the plans that run."""
        now = self.clock()
        found = [IDR_PER_CREDIT]
        for app, plans in self.plans.items():
            if all(plan.idr_per_credit == IDR_PER_CREDIT for plan in plans.values()):
                continue
            subscription = self.subscriptions.subscription(caller.account, app)
            if subscription is not None and subscription.is_usable(now):
                found.append(subscription.plan.idr_per_credit)
        return min(found)

    def top_up(self, caller: Caller, package_name: str, *, idempotency_key: str | None) -> Invoice:
        """Ask for the price of a package of credits, which is that of the caller's plans.

        The same key gives the same invoice.
        """
        credits = PACKAGES.get(package_name)
        if credits is None:
            raise errors.InvalidRequest(
                Text(f"There is no package {package_name}.", f"Tidak ada paket {package_name}."),
                allowed=sorted(PACKAGES),
            )
        invoice = self.new_invoice(
            row_id("pay", caller.account, "POST /credits/topups", idempotency_key),
            caller.account,
            Purpose.TOPUP,
            amount_idr=credits * self.idr_per_credit(caller),
            credits=credits,
            actor=caller.deputy,
        )
        return self.insert(invoice)

    def new_invoice(
        self,
        invoice_id: str,
        user_id: str,
        purpose: Purpose,
        *,
        amount_idr: int,
        credits: int = 0,
        granted: int = 0,
        app: str | None = None,
        plan: Plan | None = None,
        period_end: datetime | None = None,
        actor: str | None = None,
    ) -> Invoice:
        """An invoice that is not stored yet; `PaymentsUnavailable` without a gateway."""
        self.gateway_or_refuse()
        return Invoice(
            id=invoice_id,
            user_id=user_id,
            actor=actor,
            purpose=purpose,
            amount_idr=amount_idr,
            credits=credits,
            granted=granted,
            app=app,
            plan_name=plan.name if plan else None,
            period_end=period_end,
            created_at=self.clock(),
            secret=secrets.token_urlsafe(24),
        )

    def insert(self, invoice: Invoice, *together: Change) -> Invoice:
        """Store the invoice with `together`; or find the one that an earlier request stored.

        `IdempotencyKeyReused` if that one is for something else, `Busy` if what had to be
        unchanged has moved on.
        """
        try:
            self.transactions.commit(InsertInvoice(invoice), *together)
        except AlreadyDone:
            earlier = self.invoices.invoice(invoice.id)
            if earlier is None:
                raise errors.Busy from None
            if (earlier.credits, earlier.plan_name) != (invoice.credits, invoice.plan_name):
                raise errors.IdempotencyKeyReused from None
            return earlier
        return invoice

    def get(self, caller: Caller, invoice_id: str) -> Invoice:
        """The caller's invoice; another account's is `NotFound`."""
        invoice = self.existing(invoice_id)
        if invoice.user_id != caller.account:
            raise _no_payment(invoice_id)
        return invoice

    def find(self, invoice_id: str | None) -> Invoice | None:
        """The invoice of that id, whoever it was written for."""
        return self.invoices.invoice(invoice_id) if invoice_id else None

    @property
    def can_be_paid(self) -> bool:
        """There is a gateway."""
        return self.gateway is not None

    def checkout_url(self, invoice: Invoice) -> str | None:
        """Where a person pays the invoice, while it can be; None too while the gateway is down."""
        gateway = self.gateway_or_refuse()
        if not invoice.can_be_paid:
            return None
        if invoice.checkout_url is None:
            try:
                invoice = self.invoices.keep_checkout(invoice, gateway.checkout(invoice))
            except GatewayDown:
                return None
        return invoice.checkout_url

    def checkout(self, invoice_id: str, secret: str) -> Invoice:
        """The invoice for its checkout page, which shows it to whoever has the link."""
        invoice = self.existing(invoice_id)
        self.gateway_or_refuse().read({"status": InvoiceStatus.PENDING, "token": secret}, invoice)
        return invoice

    def notify(self, invoice_id: str, notification: Mapping[str, Any]) -> Invoice:
        """Take the gateway's word, as often and in whatever order it comes.

        `ForgedNotification` for a notification that proves nothing.
        """
        invoice = self.existing(invoice_id)
        return self.settle(invoice, self.gateway_or_refuse().read(notification, invoice))

    def settle(self, invoice: Invoice, status: InvoiceStatus) -> Invoice:
        """Take what became of the invoice.

        The first "paid" gives what was bought, also after "expired"; only "refunded" takes of it
        what is left.
        """
        for _ in range(TRIES):
            if not invoice.becomes(status):
                return invoice
            now = self.clock()
            changes: list[Change] = [CloseInvoice(invoice, status, now)]
            if status is InvoiceStatus.PAID:
                changes += self._effect(invoice, now)
                if invoice.app is not None or invoice.status is InvoiceStatus.EXPIRED:
                    changes.append(Tell(letter(invoice, Occasion.PAID, now)))
            elif invoice.status is InvoiceStatus.PAID:
                changes += self._taken_back(invoice, now)
            try:
                self.transactions.commit(*changes)
            except (AlreadyDone, PocketsMoved, errors.InsufficientCredits):
                invoice = self.existing(invoice.id)
                continue
            return self.existing(invoice.id)
        raise errors.Busy

    def reversals(self, invoice: Invoice, now: datetime) -> list[tuple[Entry, Entry]]:
        """What the payment gave in credits, each with what is left of it to be taken back."""
        account = self.accounts.account(invoice.user_id)
        ids = (f"{kind}#{invoice.id}" for kind in (EntryKind.TOPUP, EntryKind.PLAN))
        found = [self.ledger.entry(invoice.user_id, entry_id) for entry_id in ids]
        return [
            (given, reversal(given, account.granted, account.bought, now))
            for given in found
            if given is not None
        ]

    def _taken_back(self, invoice: Invoice, now: datetime) -> list[Change]:
        """What is left of the credits; a plan is not renewed and ends with its period."""
        changes: list[Change] = [Post(back) for _, back in self.reversals(invoice, now)]
        if invoice.app is not None:
            subscription = self.subscriptions.subscription(invoice.user_id, invoice.app)
            if subscription is not None and subscription.auto_renew:
                changes.append(SaveSubscription(subscription.cancelled(now)))
        return changes

    def _effect(self, invoice: Invoice, now: datetime) -> list[Change]:
        """What was bought. Against a subscription that moved meanwhile the commit fails."""
        if invoice.app is None:
            return [Post(invoice.credit_entry(now))]
        subscription = self.subscriptions.subscription(invoice.user_id, invoice.app)
        after = (
            subscription.after_payment(invoice, self.plans[invoice.app], now)
            if subscription
            else None  # the account was deleted meanwhile
        )
        if after is None:
            return [Post(invoice.credit_entry(now))]
        changes: list[Change] = [SaveSubscription(after)]
        if invoice.granted and after.period_end is not None:
            credits = plan_credits(
                invoice.user_id, invoice.granted, after.period_end, invoice.id, now
            )
            changes.append(Post(credits))
        return changes

    def existing(self, invoice_id: str) -> Invoice:
        """The invoice of that id, whoever it was written for, else `NotFound`."""
        invoice = self.invoices.invoice(invoice_id)
        if invoice is None:
            raise _no_payment(invoice_id)
        return invoice

    def gateway_or_refuse(self) -> PaymentGateway:
        """Who takes money, else `PaymentsUnavailable`."""
        if self.gateway is None:
            raise PaymentsUnavailable
        return self.gateway


def letter(invoice: Invoice, occasion: Occasion, due: datetime) -> Letter:
    """A mail about the invoice."""
    return Letter(user_id=invoice.user_id, occasion=occasion, about=invoice.id, due=due)


def _no_payment(invoice_id: str) -> errors.NotFound:
    return errors.NotFound(
        Text(f"There is no payment {invoice_id}.", f"Tidak ada pembayaran {invoice_id}.")
    )
