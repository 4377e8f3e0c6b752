"""What the use cases of money need from the outside: one port for each kind of thing."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from lumiku.domain.money.accounts import Account
from lumiku.domain.money.business import Business, Income, Made
from lumiku.domain.money.engagement import Engagement
from lumiku.domain.money.invoices import Invoice, InvoiceStatus
from lumiku.domain.money.ledger import Entry
from lumiku.domain.money.quotas import Usage
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.texts import Language
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job


class Accounts(Protocol):
    """What is kept of users."""

    def account(self, user_id: str) -> Account:
        """The user's account, consistently read."""

    def describe(
        self,
        user_id: str,
        *,
        email: str | None = None,
        language: Language | None = None,
        monthly_report: bool | None = None,
        free_month: str | None = None,
    ) -> None:
        """Keep what is given, without touching the rest."""


class Wallets(Protocol):
    """What users can pay with."""

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        """The user's wallet, consistently read in one round trip."""

    def standing[T: (Job, Group)](
        self, user_id: str, *, app: str, day: str, kind: type[T], order_id: str
    ) -> tuple[T | None, Wallet]:
        """The order of that id, if any, and the user's wallet; in one round trip too."""


class Ledger(Protocol):
    """Entries of ledgers, and how far they were audited."""

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Up to `limit` entries between two places, newest first; may be a moment old."""

    def newest_entries(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Entry]:
        """The user's entries, newest first, from before a place on; may be a moment old.

        Read as they are taken, so many at once.
        """

    def entry(self, user_id: str, entry_id: str) -> Entry | None:
        """One entry, consistently read."""

    def totals(self, user_id: str, until: datetime) -> tuple[int, int]:
        """Sums of all entries up to `until` and of those after it; consistently read."""

    def audits_due(self, now: datetime, *, limit: int) -> list[str]:
        """Users of up to `limit` accounts whose audit is due, the longest due first."""

    def file_audit(
        self, user_id: str, *, until: datetime | None, balance: int, due: datetime
    ) -> None:
        """Keep that the entries up to `until` (None: as before) sum to `balance`."""

    def rest_audits(self, user_id: str, *, last_entry: str | None) -> None:
        """No audit is due until the balance moves again after `last_entry`."""


class SubscriptionStore(Protocol):
    """Subscriptions and what was used of them."""

    def subscription(self, user_id: str, app: str) -> Subscription | None:
        """The user's subscription, consistently read."""

    def usage(self, user_id: str, app: str, day: str) -> Usage:
        """What the user took from a plan on that UTC day, consistently read."""

    def renewals_due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """User and app of up to `limit` subscriptions whose next invoice is due."""


class Invoices(Protocol):
    """Invoices by id."""

    def invoice(self, invoice_id: str) -> Invoice | None:
        """The invoice of that id, consistently read."""

    def keep_checkout(self, invoice: Invoice, url: str) -> Invoice:
        """Keep where it is paid; answers the invoice as it is then."""

    def invoices_due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` unpaid invoices to ask the gateway about, the longest due first."""

    def ask_again(self, invoice: Invoice, at: datetime | None) -> None:
        """Have it due at that time, or never again; one that was paid meanwhile stays as it is."""


class PaymentGateway(Protocol):
    """Somebody who takes rupiah. A real one is one adapter more.

    Each may raise `GatewayDown`, and may have done what it was asked for all the same.
    """

    def checkout(self, invoice: Invoice) -> str:
        """Where a person pays; relative to the API when the gateway is part of it."""

    def read(self, notification: Mapping[str, Any], invoice: Invoice) -> InvoiceStatus:
        """What became of the invoice; `ForgedNotification` if the notification proves nothing."""

    def ask(self, invoice: Invoice) -> InvoiceStatus | None:
        """What became of the invoice; None if nobody began to pay it."""

    def refund(self, invoice: Invoice) -> InvoiceStatus | None:
        """Give all of it back, once however often this is called; what became of it."""


class DayBook(Protocol):
    """What happened on a UTC day, and what finished days added up to."""

    def entries(self, day: date) -> Iterator[Entry]:
        """Ledger entries of the day, of all users; may be a moment old."""

    def incomes(self, day: date) -> Iterator[Income]:
        """Payments of the day; may be a moment old."""

    def made(self, day: date) -> Iterator[Made]:
        """Photos that were completed on the day; may be a moment old."""

    def finished_until(self) -> date | None:
        """The last day that was added up."""

    def finish(self, day: date, figures: Business) -> None:
        """Keep the figures of the day, and that it was added up."""

    def finished(self, month: str) -> list[tuple[date, Business]]:
        """The days of a month that were added up, with their figures."""


class AccountBook(DayBook, Protocol):
    """What accounts did on a UTC day as well, and what is kept of that."""

    def joined(self, day: date, user_ids: Collection[str]) -> set[str]:
        """Those of the accounts whose ledger begins on the day; may be a moment old."""

    def engaged_until(self) -> date | None:
        """The last day whose accounts are kept."""

    def keep_engagement(self, day: date, found: Engagement) -> None:
        """Keep what accounts did on the day, and that this was looked at."""

    def engaged(self, first: date, last: date) -> dict[date, Engagement]:
        """What is kept of the days from `first` to `last`."""
