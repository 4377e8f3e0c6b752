"""Previews: what a look or a template would make of an item, for nothing."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.studio.cut_outs import CutOuts
from lumiku.apps.studio.looks import MARK
from lumiku.apps.studio.plans import RENDERINGS, Rendering, missing, plan_of
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.wanted import Wanted
from lumiku.domain.errors import NotFound, TooManyRequests
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import PREVIEW, PREVIEWS_OF_DAY, Pace
from lumiku.domain.projects.items import Item
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from lumiku.services.people.admission import admit
from lumiku.services.people.ports import Paces
from lumiku.services.projects.items import Items
from lumiku.services.work.ports import PhotoMissing
from photo_steps import Workflow


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview is made of: `picture` through `workflow`, with `mark` all over it.

    The picture was packed behind the cut-out or, where the background stays, is a WebP; None while
    the item's cut-out is made. `refusal` is what an order of the same would meet.
    """

    picture: bytes | None
    is_cut_out: bool
    workflow: Workflow
    mark: str | None
    refusal: NotInPlan | None
    paces: tuple[Pace, ...]


@dataclass(frozen=True, slots=True)
class Previews:
    """The use case of POST /items/{id}/preview. It charges nothing and keeps nothing it shows."""

    items: Items
    wallets: Wallets
    paces: Paces
    cut_outs: CutOuts
    clock: Clock

    def get(self, caller: Caller, item_id: str, wanted: Wanted) -> Preview:
        """What the caller's preview is made of, as their plan renders.

        What the plan lacks may be previewed, marked. One that has to wait for the cut-out counts
        against no limit. `NotFound`, `TooManyRequests`, `PhotoRefused` if there will be none, or as
        the template is refused.
        """
        item, now = self.items.get(caller, item_id), self.clock()
        wanted.check()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        plan = plan_of(wallet, now)
        rendering, refusal = RENDERINGS[plan], missing(plan, wanted.needs)
        key = self._key(item, rendering, is_cut_out=wanted.is_cut_out)
        return Preview(
            paces=count_preview(self.paces, caller, wallet, now) if key is not None else (),
            picture=self._read(item, key) if key is not None else None,
            is_cut_out=wanted.is_cut_out,
            workflow=wanted.steps(rendering),
            mark=MARK if rendering.is_marked or refusal is not None else None,
            refusal=refusal,
        )

    def _key(self, item: Item, rendering: Rendering, *, is_cut_out: bool) -> str | None:
        """Where the picture lies that it starts from."""
        if not is_cut_out:
            small = item.files.get("view") or item.files.get("thumbnail")
            if small is None:
                raise _gone(item)
            return small.key
        found = self.cut_outs.find(item, rendering)
        return None if found is None else found.preview or found.kept.key

    def _read(self, item: Item, key: str) -> bytes:
        try:
            return self.items.photos.read(key).data
        except PhotoMissing:  # it was deleted since
            raise _gone(item) from None


def count_preview(paces: Paces, caller: Caller, wallet: Wallet, now: datetime) -> tuple[Pace, ...]:
    """Count a preview against both limits of the account, or against none."""
    of_day = wallet.account.limit(PREVIEWS_OF_DAY)
    day = admit(paces, caller.account, of_day, now)
    try:
        minute = admit(paces, caller.account, wallet.account.limit(PREVIEW), now)
    except TooManyRequests:
        paces.give_back(caller.account, of_day)
        raise
    return minute, day


def _gone(item: Item) -> NotFound:
    return NotFound(Text(f"There is no item {item.id}.", f"Tidak ada item {item.id}."))
