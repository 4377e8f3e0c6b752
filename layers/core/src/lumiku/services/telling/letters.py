"""Writing about renewals, payments, months and teams: at most one mail for each occasion."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from lumiku.domain.instant import iso
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.invoices import Invoice
from lumiku.domain.money.statistics import month_start
from lumiku.domain.telling.leaving_mail import leaving_mail
from lumiku.domain.telling.mails import Letter, Mail, Occasion, branded
from lumiku.domain.telling.money_mail import compose, has_something_to_say
from lumiku.domain.telling.month_mail import month_mail
from lumiku.domain.telling.team_mail import compose as compose_invitation
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts, Invoices, Ledger, SubscriptionStore
from lumiku.services.people.ports import Brands, TeamStore
from lumiku.services.telling.ports import Letters, Mailer, MailRefused
from lumiku.services.work.sweeping import look_at_each

PAGE = 500


@dataclass(frozen=True, slots=True)
class Writing:
    """The use case of sweep; running it twice at once is harmless.

    A letter is taken before its mail is sent. A refusal puts it back; when nobody knows whether
    the mail went out, it stays taken: better no mail than two. Without a mailer it is taken too,
    so that a sender that is set up later writes nothing old.
    """

    letters: Letters
    accounts: Accounts
    brands: Brands
    invoices: Invoices
    subscriptions: SubscriptionStore
    ledger: Ledger
    teams: TeamStore
    page_url: str
    mailer: Mailer | None
    clock: Clock

    def write_due(self, *, limit: int = 50) -> Counter[str]:
        """Write up to `limit` due letters; answers how many had which outcome."""
        due = self.letters.letters_due(self.clock(), limit=limit)
        by_id = {f"{letter.user_id}/{letter.id}": letter for letter in due}
        return look_at_each(by_id, lambda name: f"mail_{self._write(by_id[name])}")

    def _write(self, letter: Letter) -> str:
        now = self.clock()
        account = self.accounts.account(letter.user_id)
        if not self.letters.take(letter, now):
            return "written_before"
        if self.mailer is None:
            return "no_sender"
        if letter.occasion is Occasion.INVITATION:
            address, mail = self._invitation(letter, account)
        elif account.email is None:
            return "no_address"
        elif letter.occasion is Occasion.REPORT:
            address = account.email
            mail = self._report(letter, account, now) if account.monthly_report else None
        elif letter.occasion in {Occasion.TAKEOUT, Occasion.LEAVING}:
            address, mail = account.email, leaving_mail(letter.occasion, account.language)
        else:
            address, mail = account.email, self._about_money(letter, account, now)
        if mail is None:
            return "not_needed"
        if letter.occasion is not Occasion.INVITATION:  # strangers are not written to as anybody
            mail = branded(mail, self.brands.brand(letter.user_id))
        try:
            self.mailer.send(address, mail)
        except MailRefused:
            self.letters.put_back(letter)
            raise
        return "written"

    def _invitation(self, letter: Letter, account: Account) -> tuple[str, Mail | None]:
        found = self.teams.invitation(letter.user_id, letter.about)
        if found is None:
            return "", None
        return found.email, compose_invitation(found, account.email or "Lumiku", self.page_url)

    def _report(self, letter: Letter, account: Account, now: datetime) -> Mail | None:
        start = month_start(letter.about)
        end = (start + timedelta(days=32)).replace(day=1)
        entries = self.ledger.newest_entries(letter.user_id, before=iso(end), at_once=PAGE)
        of_month = takewhile(lambda entry: entry.at >= start, entries)
        return month_mail(letter.about, of_month, account.spendable(now), account.language)

    def _about_money(self, letter: Letter, account: Account, now: datetime) -> Mail | None:
        invoice = self.invoices.invoice(letter.about)
        if invoice is None:
            return None
        app = invoice.app
        subscription = self.subscriptions.subscription(invoice.user_id, app) if app else None
        if not has_something_to_say(letter.occasion, invoice, subscription, now):
            return None
        credits = self._credits(invoice)
        return compose(letter.occasion, invoice, subscription, credits, account.language)

    def _credits(self, invoice: Invoice) -> int | None:
        """What the payment became when it became credits and no plan."""
        bought = invoice.credit_entry(invoice.created_at)
        entry = self.ledger.entry(invoice.user_id, bought.id)
        return entry.amount if entry else None
