"""White label: an account's brand, which takes the plan premium to be made or changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.previews import count_preview
from lumiku.apps.studio.prices import APP
from lumiku.domain.errors import Busy, PhotoTooLarge
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.brands import (
    MAX_LOGO_BYTES,
    Brand,
    logo_key,
    none_yet,
    unknown,
)
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from lumiku.services.people.ports import BrandStore, Paces
from lumiku.services.work.ports import PhotoStore

type Redraw = Callable[[bytes], bytes]
"""Makes the PNG that is kept of a picture that was sent; `PhotoRefused` where there is none."""


@dataclass(frozen=True, slots=True)
class Branding:
    """The use cases of /api/brand and /api/brands. What was made stays when the plan ends."""

    store: BrandStore
    wallets: Wallets
    photos: PhotoStore
    clock: Clock

    def own(self, caller: Caller) -> Brand | None:
        """The account's."""
        return self.store.brand(caller.account)

    def named(self, slug: str) -> Brand:
        """What anybody may see of it; `NotFound`."""
        brand = self.store.named(slug)
        if brand is None:
            raise unknown(slug)
        return brand

    def save(self, caller: Caller, brand: Brand) -> Brand:
        """Put it in place of the account's; its logo stays. `NotInPlan`, `SlugTaken`, `Busy`."""
        self.permit(caller)
        was = self.own(caller)
        self.store.save(was, brand)
        return brand.model_copy(update={"logo": was.logo if was else None})

    def remove(self, caller: Caller) -> Brand:
        """Nothing is left of it, and its slug is free; `NotFound`, `Busy`."""
        brand = self.own(caller)
        if brand is None:
            raise none_yet()
        if brand.logo is not None:
            # The row names the file until it is gone: a repetition finds what is left.
            self.photos.delete(logo_key(brand.account, brand.logo))
            self.store.set_logo(brand, None)
        self.store.remove(brand)
        return brand

    def logo_url(self, brand: Brand) -> str | None:
        """Where its logo is shown, for an hour at least."""
        if brand.logo is None:
            return None
        return self.photos.shown(logo_key(brand.account, brand.logo), now=self.clock())

    def permit(self, caller: Caller) -> Wallet:
        """The wallet of an account whose plan has brands, else `NotInPlan`."""
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        if refusal := missing(plan_of(wallet, now), [Need(Gate.OWN_BRAND)]):
            raise refusal
        return wallet


@dataclass(frozen=True, slots=True)
class Logos:
    """The use case of PUT /api/brand/logo."""

    branding: Branding
    paces: Paces
    redraw: Redraw

    def put(self, caller: Caller, data: bytes) -> Brand:
        """Show this picture as the brand's logo; it counts as a preview.

        `NotInPlan`, `NotFound` without a brand, `PhotoTooLarge`, `TooManyRequests`, `PhotoRefused`,
        and `Busy` if another came at the same time. Nothing is stored of what is refused.
        """
        branding = self.branding
        wallet = branding.permit(caller)
        brand = branding.own(caller)
        if brand is None:
            raise none_yet()
        if len(data) > MAX_LOGO_BYTES:
            raise PhotoTooLarge(size_bytes=len(data), allowed_bytes=MAX_LOGO_BYTES)
        count_preview(self.paces, caller, wallet, branding.clock())
        drawn = self.redraw(data)
        logo = hashlib.sha256(drawn).hexdigest()[:16]
        if logo == brand.logo:
            return brand
        branding.photos.write(logo_key(brand.account, logo), drawn, content_type="image/png")
        try:
            branding.store.set_logo(brand, logo)
        except Busy:
            now = branding.own(caller)
            if now is None or now.logo != logo:
                branding.photos.delete(logo_key(brand.account, logo))
            raise
        if brand.logo is not None:
            branding.photos.delete(logo_key(brand.account, brand.logo))
        return brand.model_copy(update={"logo": logo})
