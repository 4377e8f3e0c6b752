"""`Transactions` over TransactWriteItems."""

from collections.abc import Callable, Sequence
from functools import partial

from lumiku.adapters.contention import Reason, transact
from lumiku.adapters.money import accounts, invoices, plans
from lumiku.adapters.people import audit
from lumiku.adapters.projects import variations
from lumiku.adapters.rows import Table, Write, from_item
from lumiku.adapters.telling import letters
from lumiku.adapters.work import groups, jobs
from lumiku.domain.errors import InsufficientCredits
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseGroup,
    CloseInvoice,
    EndJob,
    Insert,
    InsertInvoice,
    ItemChanged,
    PocketsMoved,
    Post,
    QuotaTaken,
    Record,
    ReleaseQuota,
    ReserveQuota,
    SaveSubscription,
    SetLimits,
    StartGeneration,
    TakeBack,
    Tell,
    Transactions,
)

type _Refuse = Callable[[Reason], Exception]
type _Action = tuple[Write, _Refuse]


class TransactionTable(Table, Transactions):
    """All changes of one call, or none."""

    def commit(self, *changes: Change) -> None:
        actions = [action for change in changes for action in self._actions(change)]
        reasons = transact(self.rows.client, [item for item, _ in actions])
        if reasons:
            raise _refusal([refuse for _, refuse in actions], reasons)

    def _actions(self, change: Change) -> "list[_Action]":
        match change:
            case Post(entry):
                actions: list[_Action] = [(accounts.append(self.rows.table, entry), _was_done)]
                if entry.amount:
                    move = accounts.move_balance(self.rows.table, entry)
                    takes = entry.amount < 0 and entry.kind is not EntryKind.EXPIRY
                    refuse = partial(_is_short, entry) if takes else _was_done
                    actions.append((move, refuse))
                return actions
            case Insert(Group() as group):
                return [(groups.insert(self.rows.table, group), _was_done)]
            case Insert(Job() as job):
                return [(jobs.insert(self.rows.table, job), _was_done)]
            case EndJob():
                return [(jobs.ending(self.rows.table, change), _was_done)]
            case ReserveQuota(reservation, plan):
                return [(plans.reserve(self.rows.table, reservation, plan), _is_taken)]
            case ReleaseQuota(reservation):
                return [(plans.release(self.rows.table, reservation), _was_done)]
            case InsertInvoice(invoice):
                return [(invoices.insert(self.rows.table, invoice), _was_done)]
            case CloseInvoice():
                return [(invoices.close(self.rows.table, change), _was_done)]
            case Tell(letter):
                return [(letters.insert(self.rows.table, letter), _was_done)]
            case CloseGroup():
                return [(groups.close(self.rows.table, change), _was_done)]
            case SetLimits(user_id, limits):
                return [(accounts.set_limits(self.rows.table, user_id, limits), _was_done)]
            case Record(action):
                return [(audit.append(self.rows.table, action), _was_done)]
            case SaveSubscription(subscription):
                return [(plans.save(self.rows.table, subscription), _was_done)]
            case StartGeneration():
                asked = variations.starting(self.rows.table, change)
                return [(write, _has_changed) for write in asked]
            case TakeBack():
                return [(variations.taking_back(self.rows.table, change), _was_done)]
        raise TypeError(change)


def _was_done(_: Reason) -> Exception:
    return AlreadyDone()


def _has_changed(_: Reason) -> Exception:
    return ItemChanged()


def _is_taken(_: Reason) -> Exception:
    return QuotaTaken()


def _is_short(entry: Entry, reason: Reason) -> Exception:
    account = accounts.read_account(from_item(reason.get("Item", {})))
    available = account.spendable(entry.at)
    if available >= -entry.amount:
        return PocketsMoved(account)
    return InsufficientCredits(needed=-entry.amount, available=available)


def _refusal(refuse: Sequence[_Refuse], reasons: Sequence[Reason]) -> Exception:
    """What the failed conditions mean; what was done before beats a balance that is short."""
    refusals = [
        meaning(reason)
        for meaning, reason in zip(refuse, reasons, strict=True)
        if reason.get("Code") == "ConditionalCheckFailed"
    ]
    return next((r for r in refusals if isinstance(r, AlreadyDone)), refusals[0])
