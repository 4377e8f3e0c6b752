"""E-mail through SES, and which batches were written about: `GROUP#<id> / MAIL`."""

from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, EndpointConnectionError

from lumiku.adapters.rows import Item, to_item
from lumiku.adapters.work.groups import KEPT
from lumiku.domain.instant import iso
from lumiku.domain.telling.group_mail import Mail
from lumiku.domain.work.groups import Group
from lumiku.services.telling.mailing import MailRefused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ses import SESClient

_SERVER_ERROR = 500


class SesMailer:
    """Sends from one verified address. The client must not retry by itself."""

    def __init__(self, client: "SESClient", sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, address: str, mail: Mail) -> None:
        """Hand the mail over; `MailRefused` if it was not taken."""
        try:
            self._client.send_email(
                Source=self._sender,
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


class MailTable:
    """Marks of batches."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def mark(self, group: Group, closed_at: datetime) -> bool:
        """Keep that the mail about this closing is being sent; False if that was kept before."""
        values = {":at": iso(closed_at), ":ttl": int((group.created_at + KEPT).timestamp())}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(group),
                UpdateExpression="SET written_for = :at, #ttl = :ttl",
                ConditionExpression="attribute_not_exists(written_for) OR written_for <> :at",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues=to_item(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def unmark(self, group: Group) -> None:
        """It was not sent after all."""
        self._client.update_item(
            TableName=self._table, Key=_key(group), UpdateExpression="REMOVE written_for"
        )


def _key(group: Group) -> Item:
    return to_item({"pk": f"GROUP#{group.id}", "sk": "MAIL"})
