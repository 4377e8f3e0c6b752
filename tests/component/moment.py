"""A moment in the life of a stack, to which each test goes back instead of living up to it."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.dynamodb import REGION, TABLE


def moment() -> Callable[[], None]:
    """Remember all rows, objects, messages and people; answers what brings them back."""
    were = [deepcopy(getattr(holder, name)) for holder, name in _held()]

    def back() -> None:
        for (holder, name), value in zip(_held(), were, strict=True):
            setattr(holder, name, deepcopy(value))

    return back


def _held() -> list[tuple[Any, str]]:
    """Where moto holds them."""
    table = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]
    [bucket] = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets.values()
    queues = get_backend("sqs")[DEFAULT_ACCOUNT_ID][REGION].queues
    pools = get_backend("cognito-idp")[DEFAULT_ACCOUNT_ID][REGION].user_pools
    return [
        (table, "items"),
        (bucket, "keys"),
        *((queue, "_messages") for queue in queues.values()),
        *((pool, "users") for pool in pools.values()),
    ]
