"""What an order is decided by, in one round trip: account, subscription, usage and the order."""

from dataclasses import dataclass

from lumiku.adapters.money.accounts import account_key, read_account
from lumiku.adapters.money.plans import read_subscription, read_usage, subscription_key, usage_key
from lumiku.adapters.rows import Key, Row, Table
from lumiku.adapters.work.groups import group_key
from lumiku.adapters.work.jobs import job_key
from lumiku.domain.money.plans import Catalogue
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.services.money.ports import Wallets


@dataclass(frozen=True)
class WalletTable(Table, Wallets):
    """What users can pay with; subscriptions are read with what their plans contain."""

    catalogue: Catalogue

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        return self._wallet(self.rows.get_all(_keys(user_id, app, day)))

    def standing[T: (Job, Group)](
        self, user_id: str, *, app: str, day: str, kind: type[T], order_id: str
    ) -> tuple[T | None, Wallet]:
        key = job_key(order_id) if kind is Job else group_key(order_id)
        order, *rows = self.rows.get_all([key, *_keys(user_id, app, day)])
        return kind.model_validate(order) if order else None, self._wallet(rows)

    def _wallet(self, rows: list[Row | None]) -> Wallet:
        account, subscription, usage = rows
        return Wallet(
            read_account(account),
            read_subscription(subscription, self.catalogue),
            read_usage(usage),
        )


def _keys(user_id: str, app: str, day: str) -> list[Key]:
    return [account_key(user_id), subscription_key(user_id, app), usage_key(user_id, app, day)]
