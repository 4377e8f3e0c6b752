"""Transactions that meet others on the same rows."""

import random
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lumiku.adapters.rows import Write
from lumiku.domain.errors import Busy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Reason = Mapping[str, Any]

CONTENTION_S = 3.0
# Of one item of a transaction, and of a transaction or its table as a whole.
_PASSING = {
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionInProgressException",
}


def transact(client: "DynamoDBClient", items: Sequence[Write]) -> Sequence[Reason]:
    """Write all items or none; answers nothing, or the reasons when a condition failed.

    Contention is waited out for at most 3 s, then `Busy`.
    """
    deadline = time.monotonic() + CONTENTION_S
    while True:
        try:
            client.transact_write_items(TransactItems=items)
        except ClientError as error:
            reasons: Sequence[Reason] = error.response.get("CancellationReasons", [])
            codes = {error.response["Error"]["Code"], *(reason.get("Code") for reason in reasons)}
            if "ConditionalCheckFailed" in codes:
                return reasons
            if not codes & _PASSING:
                raise
        else:
            return []
        if time.monotonic() > deadline:
            raise Busy
        time.sleep(random.uniform(0.005, 0.1))  # noqa: S311 - spreads retries
