"""What jobs and groups have in common: somebody ordered them, and pays in one of two ways."""

from datetime import datetime
from typing import Literal

from lumiku.domain.instant import Instant, iso
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.pockets import Lots, given_back
from lumiku.domain.money.products import Parts, Product, ProductRow
from lumiku.domain.money.quotas import Reservation
from lumiku.domain.work.photos import MAX_PHOTO_BYTES
from photo_steps import Workflow

PricingType = Literal["credits", "subscription", "free"]
"""What is free moves nothing: it has no entry in the ledger."""


class Ordered(ProductRow):
    """Who ordered what, for how many credits or whose quota.

    It is the account's of `user_id`, who pays and is paid back; `actor` is the member or the key
    that ordered it for the account, None if that was its own person.

    One that a subscription pays for costs 0 credits, and its photos of `quota_day`'s quota. Of the
    price, `granted` was paid by granted credits, by the moment at which these expire; `parts` says
    what it is made of, where it is more than one thing. Of one that `is_test` the result is
    good for nothing but looking at.
    """

    id: str
    user_id: str
    actor: str | None = None
    app: str
    product: Product
    workflow: Workflow
    price: int
    parts: Parts | None = None
    granted: Lots | None = None
    pricing_type: PricingType
    is_test: bool = False
    quota_day: str | None = None
    request_hash: str
    request_id: str | None = None
    created_at: Instant
    closes_at: Instant
    max_bytes: int = MAX_PHOTO_BYTES

    @property
    def photo_count(self) -> int:
        """How many photos it is about."""
        return 1

    @property
    def is_free(self) -> bool:
        """Nobody pays for it, so nothing can be given back."""
        return self.pricing_type == "free"

    @property
    def place(self) -> str:
        """Its place among what its owner ordered, by time."""
        return f"{iso(self.created_at)}#{self.id}"

    @property
    def correlation_id(self) -> str:
        """What all log lines about it have in common: the request that ordered it."""
        return self.request_id or self.id

    @property
    def reservation(self) -> Reservation | None:
        """What it took from a plan's quota; None when credits paid."""
        if self.quota_day is None:
            return None
        return Reservation(
            self.user_id, self.app, self.quota_day, self.product, photos=self.photo_count
        )

    def charge(self) -> Entry:
        """The ledger's entry for taking it in."""
        lots = {until: -credits for until, credits in (self.granted or {}).items()}
        return self._entry(EntryKind.CHARGE, -self.price, lots, self.photo_count, self.created_at)

    def _refund(
        self, amount: int, *, ours: int, photos: int, at: datetime, cancelled: int, never_sent: int
    ) -> Entry:
        """The ledger's entry for giving back; `ours` of it for what the service failed to do."""
        lots = given_back(self.granted or {}, self.price, refund=amount, ours=ours, now=at)
        return self._entry(EntryKind.REFUND, amount, lots, photos, at, cancelled, never_sent)

    def _entry(
        self,
        kind: EntryKind,
        amount: int,
        lots: Lots,
        photos: int,
        at: datetime,
        cancelled: int = 0,
        never_sent: int = 0,
    ) -> Entry:
        return Entry(
            user_id=self.user_id,
            kind=kind,
            amount=amount,
            granted=lots or None,
            reference=self.id,
            at=at,
            app=self.app,
            product=self.product,
            parts=self.parts,
            photos=photos,
            cancelled=cancelled,
            never_sent=never_sent,
            on_plan=self.quota_day is not None,
        )
