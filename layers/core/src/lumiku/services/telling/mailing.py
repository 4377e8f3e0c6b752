"""Writing to a customer when a batch is closed: at most one e-mail per batch."""

from dataclasses import dataclass

from lumiku.domain.errors import NotFound
from lumiku.domain.telling.group_mail import compose
from lumiku.domain.texts import Text
from lumiku.services.money.ports import Accounts
from lumiku.services.telling.ports import Mailer, MailMarks, MailRefused
from lumiku.services.work.ports import GroupStore

NO_SENDER, NO_ADDRESS, WRITTEN_BEFORE, WRITTEN = (
    "no_sender",
    "no_address",
    "written_before",
    "written",
)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The use case of notify_batch.

    The batch is marked before its mail is sent, so that a repeated event writes nothing twice. A
    refusal takes the mark back and the event is tried again; when nobody knows whether the mail
    went out (a time-out, a crash), the mark stays: better no mail than two.
    """

    groups: GroupStore
    accounts: Accounts
    marks: MailMarks
    mailer: Mailer | None

    def write(self, group_id: str) -> str:
        """Write to the owner of a closed batch; answers what came of it."""
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
        account = self.accounts.account(group.user_id)
        if account.email is None:
            return NO_ADDRESS
        jobs = self.groups.group_jobs(group_id)
        mail = compose(group, group.outcome, jobs, account.language)
        if not self.marks.mark(group, group.closed_at):
            return WRITTEN_BEFORE
        try:
            self.mailer.send(account.email, mail)
        except MailRefused:
            self.marks.unmark(group)
            raise
        return WRITTEN
