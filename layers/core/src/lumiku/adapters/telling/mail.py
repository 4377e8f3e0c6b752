"""E-mail through SES, and which batches were written about: `GROUP#<id> / MAIL`."""

from datetime import datetime
from email.header import Header
from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, EndpointConnectionError

from lumiku.adapters.rows import ConditionFailed, Table
from lumiku.adapters.work.groups import KEPT, group_key
from lumiku.domain.instant import iso
from lumiku.domain.telling.mails import Mail
from lumiku.domain.work.groups import Group
from lumiku.services.telling.ports import Mailer, MailMarks, MailRefused

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

_SERVER_ERROR = 500


class SesMailer(Mailer):
    """Sends from one verified address. The client must not retry by itself."""

    def __init__(self, client: "SESClient", sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, address: str, mail: Mail) -> None:
        try:
            self._client.send_email(
                Source=_from(mail.sender, self._sender) if mail.sender else self._sender,
                Destination={"ToAddresses": [address]},
                Message={
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": "UTF-8"},
                        "Html": {"Data": mail.html, "Charset": "UTF-8"},
                    },
                },
            )
        except EndpointConnectionError as error:
            raise MailRefused(str(error)) from error
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR:
                raise
            raise MailRefused(str(error)) from error


def _from(name: str, sender: str) -> str:
    """Our address under another name, in encoded words (RFC 2047), which nothing leaves."""
    return f"{Header(name, 'utf-8', maxlinelen=75).encode(linesep='')} <{parseaddr(sender)[1]}>"


class MailTable(Table, MailMarks):
    """Marks of groups."""

    def mark(self, group: Group, closed_at: datetime) -> bool:
        try:
            self.rows.update(
                group_key(group.id, "MAIL"),
                "SET written_for = :at, #ttl = :ttl",
                {":at": iso(closed_at), ":ttl": int((group.created_at + KEPT).timestamp())},
                when="attribute_not_exists(written_for) OR written_for <> :at",
            )
        except ConditionFailed:
            return False
        return True

    def unmark(self, group: Group) -> None:
        self.rows.update(group_key(group.id, "MAIL"), "REMOVE written_for", {})
