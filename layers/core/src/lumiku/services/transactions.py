"""Changes that happen together or not at all.

A use case states what must be true afterwards as a few `Change`s; the adapter knows the rows and
conditions behind each. This is the only way by which a balance moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.money.accounts import Account
from lumiku.domain.money.invoices import Invoice, InvoiceStatus
from lumiku.domain.money.ledger import Entry
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Reservation
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.people.actions import Action
from lumiku.domain.people.limits import Limit
from lumiku.domain.telling.mails import Letter
from lumiku.domain.work.groups import Group, Outcome
from lumiku.domain.work.jobs import Failure, ForItem, Job, Status


@dataclass(frozen=True, slots=True)
class Post:
    """Append an entry and move the pockets by its amount, which may be 0.

    Refused with `InsufficientCredits` if the account has less than the entry takes, with
    `PocketsMoved` if it has enough, but not in the pockets that the entry takes it from, and with
    `AlreadyDone` if the ledger holds an entry of that id, if it is for the free credits of a month
    and a later one gave some, or if what is to expire is not what is left.
    """

    entry: Entry


@dataclass(frozen=True, slots=True)
class Insert:
    """Put a new job or group; `AlreadyDone` if there is one of that id."""

    order: Job | Group


@dataclass(frozen=True, slots=True)
class EndJob:
    """End `job` without a result, as long as it is exactly as it was read.

    `AlreadyDone` if it was claimed, finished or closed since.
    """

    job: Job
    status: Status
    failure: Failure
    at: datetime


@dataclass(frozen=True, slots=True)
class ReserveQuota:
    """Take photos from a day's quota of `plan`; `QuotaTaken` if they do not fit any more."""

    reservation: Reservation
    plan: Plan


@dataclass(frozen=True, slots=True)
class ReleaseQuota:
    """Give photos back to the day that they were taken from."""

    reservation: Reservation


@dataclass(frozen=True, slots=True)
class SaveSubscription:
    """Put a subscription whose `version` is one more than the stored one's, else `AlreadyDone`.

    Version 0 is a new one.
    """

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class InsertInvoice:
    """Put a new invoice; `AlreadyDone` if there is one of that id."""

    invoice: Invoice


@dataclass(frozen=True, slots=True)
class CloseInvoice:
    """Say what the gateway told; `AlreadyDone` if `invoice` has another status by now."""

    invoice: Invoice
    status: InvoiceStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class CloseGroup:
    """Close a group with its outcome; `AlreadyDone` if it was closed before."""

    group: Group
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class SetLimits:
    """Replace all limits that an account has of its own."""

    user_id: str
    limits: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Record:
    """Write down what an administrator does; `AlreadyDone` if that was written before."""

    action: Action


@dataclass(frozen=True, slots=True)
class StartGeneration:
    """Note in its project that a job of an item is under way, and on the item what it holds.

    `ItemChanged` if item or project is not there any more, or what the job relies on is not paid
    for.
    """

    job: Job
    for_item: ForItem


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What a job of an item held is not paid for by it any more; repeating it is fine."""

    job: Job
    for_item: ForItem


@dataclass(frozen=True, slots=True)
class Tell:
    """Have a mail written; `AlreadyDone` if there is a letter of that id."""

    letter: Letter


type Change = (
    Post
    | Insert
    | EndJob
    | ReserveQuota
    | ReleaseQuota
    | SaveSubscription
    | InsertInvoice
    | CloseInvoice
    | Tell
    | SetLimits
    | Record
    | CloseGroup
    | StartGeneration
    | TakeBack
)


class QuotaTaken(Exception):
    """Somebody took the last of the quota since it was read. Nothing was changed."""


class ItemChanged(Exception):
    """The item of an order is not any more what it was read as. Nothing was changed."""


class PocketsMoved(Exception):
    """The pockets are not any more what a charge was split by, but hold enough; see `account`.

    Nothing was changed.
    """

    def __init__(self, account: Account) -> None:
        super().__init__()
        self.account = account


class AlreadyDone(Exception):
    """A row that had to be new is there, or one that had to be unchanged has moved on.

    Nothing of the transaction happened. Read again to see what did.
    """


class Transactions(Protocol):
    """All changes of one call, or none."""

    def commit(self, *changes: Change) -> None:
        """Make the changes. When several refusals are true, `AlreadyDone` is raised.

        `Busy` when the account was contended for longer than a caller should wait.
        """
