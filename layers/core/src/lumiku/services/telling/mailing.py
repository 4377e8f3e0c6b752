"""Writing to a customer when a batch is closed: at most one e-mail per batch."""

from dataclasses import dataclass
from datetime import timedelta

from lumiku.domain.errors import NotFound
from lumiku.domain.telling.group_mail import compose
from lumiku.domain.telling.mails import branded
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts
from lumiku.services.people.ports import Brands
from lumiku.services.telling.ports import Mailer, MailMarks, MailRefused
from lumiku.services.work.ports import GroupStore

NO_SENDER, NO_ADDRESS, SOON_OVER, WRITTEN_BEFORE, WRITTEN = (
    "no_sender",
    "no_address",
    "soon_over",
    "written_before",
    "written",
)
WORTH_A_MAIL = timedelta(minutes=1)
"""Whoever ordered an export that takes no longer is still there."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """The use case of notify_batch.

    The batch is marked before its mail is sent, so that a repeated event writes nothing twice. A
    refusal takes the mark back and the event is tried again; when nobody knows whether the mail
    went out (a time-out, a crash), the mark stays: better no mail than two.
    """

    groups: GroupStore
    accounts: Accounts
    brands: Brands
    marks: MailMarks
    mailer: Mailer | None
    clock: Clock

    def write(self, group_id: str) -> str:
        """Write to the owner of a closed batch; answers what came of it.

        Nothing is written of an export that took no more than a minute.
        """
        if self.mailer is None:
            return NO_SENDER
        group = self.groups.group(group_id)
        if group is None or group.outcome is None or group.closed_at is None:
            raise NotFound(
                Text(
                    f"There is no closed batch {group_id}.",
                    f"Tidak ada batch {group_id} yang sudah ditutup.",
                )
            )
        if group.is_whole and self.clock() - group.created_at <= WORTH_A_MAIL:
            return SOON_OVER
        account = self.accounts.account(group.user_id)
        if account.email is None:
            return NO_ADDRESS
        jobs = self.groups.group_jobs(group_id)
        mail = compose(group, group.outcome, jobs, account.language)
        mail = branded(mail, self.brands.brand(group.user_id))
        if not self.marks.mark(group, group.closed_at):
            return WRITTEN_BEFORE
        try:
            self.mailer.send(account.email, mail)
        except MailRefused:
            self.marks.unmark(group)
            raise
        return WRITTEN
