"""Templates as an account finds them: those that are sought, and which plan has each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lumiku.apps.studio.offers import Offer, Offers, all_shipped, offered
from lumiku.apps.studio.plans import StudioPlanName, plan_of
from lumiku.apps.studio.prices import APP
from lumiku.domain.errors import Busy, NotFound
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.domain.projects.templates import (
    TemplateNotUsed,
    TemplateUse,
    Totals,
    after,
    is_own,
)
from lumiku.domain.texts import Language, Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from lumiku.services.projects.template_ports import Shelf, TemplateStore
from lumiku.services.work.listing import Page, page, place_of
from lumiku.services.work.ports import PhotoMissing, PhotoStore
from photo_steps.templates import Category, MadeFor, PreviewSize, Template, data_key, preview_key

_VERSION = re.compile(r"[0-9a-f]{12}")
TRIES = 20
"""Each that fails is a change of the template that went through."""


class Sort(StrEnum):
    """In which order templates are listed; those that are alike in it by id."""

    SHOWN = "shown"
    POPULAR = "popular"
    RATING = "rating"
    NEW = "new"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Sought:
    """What templates are looked for; None or "" where anything is fine."""

    category: Category | None = None
    platform: MadeFor | None = None
    aspect_ratio: str | None = None
    featured: bool | None = None
    premium: bool | None = None
    own: bool | None = None
    text: str = ""

    def matches(self, template: Template) -> bool:
        """The text may be in any word that is said of it, in either language."""
        words = (template.name, template.description)
        said = (template.id, *template.tags, *(word.en for word in words), *(w.id for w in words))
        text = self.text.casefold()
        return (
            self.category in {None, template.category}
            and self.platform in {None, template.platform}
            and self.aspect_ratio in {None, template.aspect_ratio}
            and self.featured in {None, template.is_featured}
            and self.premium in {None, template.is_premium}
            and self.own in {None, is_own(template.id)}
            and any(text in word.casefold() for word in said)
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A template, whether the caller's plan has it, and the least plan that does.

    `totals` are of all accounts, a minute old at most; `rating` is the caller's, 0 without one.
    """

    offer: Offer
    is_in_plan: bool
    available_in: StudioPlanName
    totals: Totals = field(default_factory=Totals)
    rating: int = 0

    @property
    def template(self) -> Template:
        """What it does."""
        return self.offer.template


@dataclass(frozen=True, slots=True)
class Gallery:
    """The use cases of GET /templates, of rating and of retiring one."""

    wallets: Wallets
    offers: Offers
    photos: PhotoStore
    clock: Clock

    @property
    def store(self) -> TemplateStore:
        """Where rows of templates are."""
        return self.offers.store

    def find(
        self,
        caller: Caller,
        sought: Sought,
        *,
        sort: Sort,
        language: Language,
        limit: int,
        cursor: str | None,
    ) -> Page[Shown]:
        """Some of those that are sought and not retired; `InvalidRequest` for a cursor that is
        not of this order.
        """
        plan, shelf = self._plan(caller), self.store.shelf(caller.account)
        last = place_of(cursor, re.compile(rf"{sort}#.+"))
        shown = (
            _shown(offer, plan, shelf)
            for offer in _offers(shelf)
            if offer.retired_at is None and sought.matches(offer.template)
        )
        place = _PLACES[sort]
        placed = sorted(
            ((f"{sort}#{place(one, language)}#{one.template.id}", one) for one in shown),
            key=lambda pair: pair[0],
        )
        following = (pair for pair in placed if last is None or pair[0] > last)
        return page(following, lambda _: True, limit=limit)

    def get(self, caller: Caller, template_id: str, version: str | None = None) -> Shown:
        """One template, retired ones too; `NotFound` if the caller finds none of that id.

        With `version` as it was at that one.
        """
        offer = self.offers.find(caller, template_id, version)
        if offer is None and version is not None and _VERSION.fullmatch(version):
            offer = self._as_shipped(caller, template_id, version)
        if offer is None:
            raise NotFound(
                Text(f"There is no template {template_id}.", f"Tidak ada templat {template_id}.")
                if version is None
                else Text(
                    f"There is no version {version} of a template {template_id}.",
                    f"Tidak ada versi {version} dari templat {template_id}.",
                )
            )
        return _shown(offer, self._plan(caller), self.store.shelf(caller.account))

    def _as_shipped(self, caller: Caller, template_id: str, version: str) -> Offer | None:
        """The template as another release had it."""
        now = self.offers.find(caller, template_id)
        if now is None or now.is_own:
            return None
        try:
            data = self.photos.read(data_key(template_id, version)).data
        except PhotoMissing:
            return None
        return replace(now, template=Template.model_validate_json(data))

    def rate(self, caller: Caller, template_id: str, stars: int) -> TemplateUse:
        """Put the caller's rating in place of its last.

        `NotFound`, or `TemplateNotUsed` for whoever has no picture of it that was paid for.
        """
        self.get(caller, template_id)
        if not self.store.rate(caller.account, template_id, stars, self.clock()):
            raise TemplateNotUsed(template_id=template_id)
        return self.store.use_of(caller.account, template_id)

    def retire(self, caller: Caller, template_id: str) -> None:
        """Let nobody apply it any more; repeating it changes nothing.

        `NotAllowed` but for administrators where it is for everybody.
        """
        offer = self.get(caller, template_id).offer
        if not offer.is_own:
            require_admin(caller)
        for _ in range(TRIES):
            before, now = self.store.stored(caller.account, template_id), self.clock()
            if before is not None and before.retired_at is not None:
                return
            template = before.template if before else offer.template
            retired = after(before, template, made_by=caller.actor, at=now, retired_at=now)
            if self.store.save(caller.account, retired):
                return
        raise Busy

    def url(self, template: Template, size: PreviewSize) -> str:
        """Where a picture of the template with a sample product is shown."""
        return self.photos.shown(preview_key(template, size), now=self.clock())

    def _plan(self, caller: Caller) -> StudioPlanName:
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        return plan_of(wallet, now)


def _offers(shelf: Shelf) -> list[Offer]:
    """All that an account finds; a row stands in place of what was shipped."""
    found = {offer.template.id: offer for offer in all_shipped()}
    found |= {one.id: offered(one) for one in shelf.stored.values()}
    return list(found.values())


def _shown(offer: Offer, plan: StudioPlanName, shelf: Shelf) -> Shown:
    need, template_id = offer.need, offer.template.id
    available_in = next(name for name in StudioPlanName if need.is_met(name))
    use = shelf.uses.get(template_id)
    totals = shelf.totals.get(template_id, Totals())
    return Shown(offer, need.is_met(plan), available_in, totals, use.rating if use else 0)


def _descending(number: int) -> str:
    return f"{10**15 - number:016d}"


def _by_rating(shown: Shown, _: Language) -> str:
    """By the average to a thousandth, then by how many gave it."""
    totals = shown.totals
    average = totals.stars * 1000 // totals.ratings if totals.ratings else 0
    return _descending(average) + _descending(totals.ratings)


def _by_age(shown: Shown, _: Language) -> str:
    """The newest first; those that were shipped are the oldest."""
    made = shown.offer.created_at
    return _descending(int(made.timestamp() * 1000) if made else 0) + shown.offer.place


def _by_name(shown: Shown, language: Language) -> str:
    return str(getattr(shown.template.name, language)).casefold()


_PLACES: dict[Sort, Callable[[Shown, Language], str]] = {
    Sort.SHOWN: lambda shown, _: shown.offer.place,
    Sort.POPULAR: lambda shown, _: _descending(shown.totals.uses),
    Sort.RATING: _by_rating,
    Sort.NEW: _by_age,
    Sort.NAME: _by_name,
}
