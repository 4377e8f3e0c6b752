"""Writing to a customer when a batch is closed: at most one e-mail per batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.errors import NotFound
from lumiku.domain.money.accounts import Account
from lumiku.domain.telling.group_mail import Mail, compose
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job

NO_SENDER, NO_ADDRESS, WRITTEN_BEFORE, WRITTEN = (
    "no_sender",
    "no_address",
    "written_before",
    "written",
)


class MailRefused(Exception):
    """The e-mail was certainly not taken; it may be sent again."""


class Mailer(Protocol):
    """Who delivers e-mail."""

    def send(self, address: str, mail: Mail) -> None:
        """Hand the mail over; `MailRefused` if it was not taken."""


class Groups(Protocol):
    """Groups and their jobs."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def group_jobs(self, group_id: str) -> list[Job]:
        """All jobs of the group by index, consistently read."""


class Accounts(Protocol):
    """What is kept of users."""

    def account(self, user_id: str) -> Account:
        """The user's account, consistently read."""


class MailMarks(Protocol):
    """Which batches were written about."""

    def mark(self, group: Group, closed_at: datetime) -> bool:
        """Keep that the mail about this closing is being sent; False if that was kept before."""

    def unmark(self, group: Group) -> None:
        """It was not sent after all."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """The use case of notify_batch.

    The batch is marked before its mail is sent, so that a repeated event writes nothing twice. A
    refusal takes the mark back and the event is tried again; when nobody knows whether the mail
    went out (a time-out, a crash), the mark stays: better no mail than two.
    """

    groups: Groups
    accounts: Accounts
    marks: MailMarks
    mailer: Mailer | None

    def write(self, group_id: str) -> str:
        """Write to the owner of a closed batch; answers what came of it."""
        if self.mailer is None:
            return NO_SENDER
        group = self.groups.group(group_id)
        if group is None or group.outcome is None or group.closed_at is None:
            raise NotFound(f"There is no closed batch {group_id}.")
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
