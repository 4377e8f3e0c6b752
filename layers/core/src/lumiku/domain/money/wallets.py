"""What a user can pay with."""

from dataclasses import dataclass

from lumiku.domain.money.accounts import Account
from lumiku.domain.money.quotas import Usage
from lumiku.domain.money.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Wallet:
    """The account, the subscription to one app and what was used of it on one day."""

    account: Account
    subscription: Subscription | None
    usage: Usage
