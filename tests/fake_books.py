"""Accounts, plans, quotas, limits, invoices and ledgers in memory; part of `FakeStore`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lumiku.domain.connected.grants import Grant, Spending, refusal_of
from lumiku.domain.instant import iso
from lumiku.domain.money.accounts import AUDIT_EVERY, Account
from lumiku.domain.money.invoices import FIRST_LOOK, Invoice, InvoiceStatus
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.products import own_name
from lumiku.domain.money.quotas import Reservation, Usage
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.actions import Action
from lumiku.domain.people.brands import Brand
from lumiku.domain.people.limits import Limit, advance
from lumiku.domain.telling.mails import Letter
from lumiku.domain.texts import Language
from lumiku.services.transactions import ReserveQuota


@dataclass
class FakeBooks:
    """`audits` holds when each account is audited next; others have nothing to audit."""

    accounts: dict[str, Account] = field(default_factory=dict)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    audits: dict[str, datetime] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    usages: dict[tuple[str, str, str], Usage] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    letters: dict[tuple[str, str], Letter] = field(default_factory=dict)
    looks: dict[str, datetime] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    arrivals: dict[tuple[str, str], datetime] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)

    def account(self, user_id: str) -> Account:
        return self.accounts.get(user_id, Account())

    def brand(self, account: str) -> Brand | None:
        return self.brands.get(account)

    def describe(
        self,
        user_id: str,
        *,
        email: str | None = None,
        language: Language | None = None,
        monthly_report: bool | None = None,
        free_month: str | None = None,
    ) -> None:
        given = {
            "email": email,
            "language": language,
            "monthly_report": monthly_report,
            "free_month": free_month,
        }
        update = {name: value for name, value in given.items() if value is not None}
        self.accounts[user_id] = self.account(user_id).model_copy(update=update)

    def entry(self, user_id: str, entry_id: str) -> Entry | None:
        return self.entries.get((user_id, entry_id))

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        return Wallet(
            self.account(user_id), self.subscription(user_id, app), self.usage(user_id, app, day)
        )

    def subscription(self, user_id: str, app: str) -> Subscription | None:
        return self.subscriptions.get((user_id, app))

    def usage(self, user_id: str, app: str, day: str) -> Usage:
        return self.usages.get((user_id, app, day), Usage())

    def renewals_due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        due = [s for s in self.subscriptions.values() if s.renewal_due and s.renewal_due < now]
        return [(s.user_id, s.app) for s in due][:limit]

    def invoice(self, invoice_id: str) -> Invoice | None:
        return self.invoices.get(invoice_id)

    def insert_invoice(self, invoice: Invoice) -> None:
        self.invoices[invoice.id] = invoice
        self.looks[invoice.id] = invoice.created_at + FIRST_LOOK

    def close_invoice(self, invoice: Invoice, outcome: InvoiceStatus, at: datetime) -> None:
        """It was as it was read; a paid one is asked after no more."""
        closed = self.invoices[invoice.id].model_copy(update={"status": outcome})
        if outcome is InvoiceStatus.PAID:
            closed = closed.model_copy(update={"paid_at": at})
        if outcome in {InvoiceStatus.PAID, InvoiceStatus.REFUNDED}:
            self.looks.pop(invoice.id, None)
        self.invoices[invoice.id] = closed

    def keep_checkout(self, invoice: Invoice, url: str) -> Invoice:
        kept = self.invoices[invoice.id].model_copy(update={"checkout_url": url})
        self.invoices[invoice.id] = kept
        return kept

    def invoices_due(self, now: datetime, *, limit: int) -> list[str]:
        due = sorted((at, one) for one, at in self.looks.items() if iso(at) < iso(now))
        return [one for _, one in due][:limit]

    def ask_again(self, invoice: Invoice, at: datetime | None) -> None:
        if at is None:
            self.looks.pop(invoice.id, None)
        elif invoice.id in self.looks:
            self.looks[invoice.id] = at

    def _fits(self, change: ReserveQuota) -> bool:
        taken = change.reservation
        used = self.usage(taken.user_id, taken.app, taken.day)
        return used.left(change.plan, taken.product) >= taken.photos

    def _use(self, taken: Reservation, photos: int) -> None:
        used = self.usage(taken.user_id, taken.app, taken.day)
        by_name = {**used.by_name, own_name(taken.product): used.of(taken.product) + photos}
        self.usages[taken.user_id, taken.app, taken.day] = Usage(used.total + photos, by_name)

    def check_spending(self, asked: Spending, read: Grant) -> None:
        found = self.grants.get((asked.account, asked.app))
        is_as_read = found is not None and (found.id, found.monthly_cap, found.revoked_at) == (
            read.id,
            read.monthly_cap,
            None,
        )
        if found is None or not is_as_read or found.left(asked.month) < asked.credits:
            raise refusal_of(asked, read, found)

    def count_spending(self, spending: Spending, credits: int) -> None:
        grant = self.grants[spending.account, spending.app]
        spent = {**grant.spent, spending.month: grant.spent.get(spending.month, 0) + credits}
        self.grants[spending.account, spending.app] = grant.model_copy(update={"spent": spent})

    def take(self, user_id: str, limit: Limit, now: datetime, count: int = 1) -> datetime:
        moved = advance(limit, self.arrivals.get((user_id, limit.name)), now, count)
        self.arrivals[user_id, limit.name] = moved
        return moved

    def give_back(self, user_id: str, limit: Limit, count: int = 1) -> None:
        if (user_id, limit.name) in self.arrivals:
            self.arrivals[user_id, limit.name] -= limit.interval * count

    def _is_left(self, entry: Entry) -> bool:
        """What is to expire is what is left."""
        lots = self.account(entry.user_id).granted
        return all(lots.get(until) == -credits for until, credits in (entry.granted or {}).items())

    def _holds(self, entry: Entry) -> bool:
        """Each pocket has what a charge takes from it."""
        account = self.account(entry.user_id)
        return account.bought + entry.bought >= 0 and all(
            account.granted.get(until, 0) + credits >= 0
            for until, credits in (entry.granted or {}).items()
        )

    def _is_overtaken(self, entry: Entry) -> bool:
        """The month's free credits, when that month or a later one gave some."""
        given = self.account(entry.user_id).free_month or ""
        return entry.kind is EntryKind.MONTHLY and entry.reference <= given

    def post(self, entry: Entry) -> None:
        """Append the entry and move the balance; its conditions were checked before."""
        self.entries[entry.user_id, entry.id] = entry
        if entry.amount == 0:
            return
        account = self.account(entry.user_id)
        lots = Counter(account.granted)
        lots.update(entry.granted or {})
        update: dict[str, object] = {
            "bought": account.bought + entry.bought,
            "granted": {until: credits for until, credits in lots.items() if credits},
            "last_entry": entry.place,
        }
        if entry.kind is EntryKind.MONTHLY:
            update["free_month"] = entry.reference
        if entry.kind is EntryKind.TOPUP:
            update["topped_up"] = True
        self.accounts[entry.user_id] = account.model_copy(update=update)
        self.audits.setdefault(entry.user_id, entry.at + AUDIT_EVERY)

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        found = [
            entry
            for entry in self.entries.values()
            if entry.user_id == user_id and (after or "") < entry.place < (before or "~")
        ]
        return sorted(found, key=lambda entry: entry.place, reverse=True)[:limit]

    def newest_entries(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Entry]:
        return iter(self.read_entries(user_id, before=before))

    def totals(self, user_id: str, until: datetime) -> tuple[int, int]:
        mine = [entry for entry in self.entries.values() if entry.user_id == user_id]
        settled = sum(entry.amount for entry in mine if entry.at <= until)
        return settled, sum(entry.amount for entry in mine) - settled

    def audits_due(self, now: datetime, *, limit: int) -> list[str]:
        due = sorted((at, user) for user, at in self.audits.items() if iso(at) < iso(now))
        return [user for _, user in due][:limit]

    def file_audit(
        self, user_id: str, *, until: datetime | None, balance: int, due: datetime
    ) -> None:
        self.audits[user_id] = due
        if until is not None:
            update = {"audited_until": until, "audited_balance": balance}
            self.accounts[user_id] = self.account(user_id).model_copy(update=update)

    def rest_audits(self, user_id: str, *, last_entry: str | None) -> None:
        if self.account(user_id).last_entry == last_entry:
            self.audits.pop(user_id, None)
