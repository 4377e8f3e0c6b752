"""JSON of what administrators do to accounts."""

from pydantic import Field

from lumiku.domain.instant import Instant
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import Entry
from lumiku.domain.people.limits import BATCH, SINGLE, STUDIO, Limit
from lumiku.http.bodies import Body, RequestBody


class Grant(RequestBody):
    """Credits for somebody, and why."""

    amount: int = Field(strict=True, ge=1, le=1_000_000)
    reason: str = Field(min_length=3, max_length=500, examples=["Photos lost on 21 November"])


class Granted(Body):
    """The entry in the ledger, and the balance after."""

    user_id: str
    entry_id: str
    amount: int
    reason: str
    at: Instant
    balance: int


class LimitBody(RequestBody):
    """`count` requests in `windowSeconds` seconds."""

    count: int = Field(strict=True, ge=1, le=1_000_000)
    window_seconds: int = Field(strict=True, ge=1, le=86_400)


class Limits(RequestBody):
    """Limits of the account's own; one that is absent or null is the usual one."""

    single: LimitBody | None = None
    batch: LimitBody | None = None
    studio: LimitBody | None = None
    reason: str | None = Field(default=None, min_length=3, max_length=500)

    def limits(self) -> list[Limit]:
        """The same, as the use case takes it."""
        given = {SINGLE.name: self.single, BATCH.name: self.batch, STUDIO.name: self.studio}
        return [
            Limit(name=name, count=limit.count, window_s=limit.window_seconds)
            for name, limit in given.items()
            if limit is not None
        ]


class LimitsInForce(Body):
    """What holds for the account now."""

    single: LimitBody
    batch: LimitBody
    studio: LimitBody


def granted(entry: Entry, balance: int) -> Granted:
    """What a grant answers."""
    return Granted(
        user_id=entry.user_id,
        entry_id=entry.id,
        amount=entry.amount,
        reason=entry.note or "",
        at=entry.at,
        balance=balance,
    )


def limits_in_force(account: Account) -> LimitsInForce:
    """The limits that hold for an account."""

    def shown(usual: Limit) -> LimitBody:
        limit = account.limit(usual)
        return LimitBody(count=limit.count, window_seconds=limit.window_s)

    return LimitsInForce(single=shown(SINGLE), batch=shown(BATCH), studio=shown(STUDIO))
