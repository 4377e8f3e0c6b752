"""Templates as they are offered to an account: what each asks of a plan, and since when no more."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from lumiku.apps.studio.plans import Gate, Need
from lumiku.domain.instant import Instant
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.templates import StoredTemplate, is_own, is_stored
from lumiku.domain.texts import Text
from lumiku.services.projects.template_ports import TemplateStore
from photo_steps.templates import Template, templates

# Where a template that was not shipped stands among those that plans have: with those of whoever
# topped up, or of subscribers.
_PAID_PLACE, _PREMIUM_PLACE = 30, 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that an account finds. `place` is where it stands when nothing else is asked."""

    template: Template
    need: Need
    place: str
    created_at: Instant | None = None
    retired_at: Instant | None = None

    @property
    def is_own(self) -> bool:
        """Only its account finds it."""
        return is_own(self.template.id)


type Find = Callable[[str], Offer | None]
"""Answers the template of an id, if an account finds it; those that are retired too."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Finds templates for accounts, those that are retired too."""

    store: TemplateStore

    def find(self, caller: Caller, template_id: str, version: str | None = None) -> Offer | None:
        """The template of that id, if the account finds it; with `version` as it was at that one.

        None too if it was never at that version.
        """
        offer = shipped(template_id)
        if offer is None and not is_stored(template_id):
            return None
        stored = self.store.stored(caller.account, template_id)
        offer = offered(stored) if stored else offer
        if offer is None or version in {None, offer.template.version}:
            return offer
        before = self.store.version(caller.account, template_id, version or "")
        return replace(offer, template=before) if before else None

    def finder(self, caller: Caller) -> Find:
        """Finds the account's templates, each as it was when it was first asked for."""
        return cache(partial(self.find, caller))


def is_known_id(template_id: str) -> bool:
    """An id that was shipped, or that an account may find a template by."""
    return is_stored(template_id) or shipped(template_id) is not None


def shipped(template_id: str) -> Offer | None:
    """The template of that id as it was shipped: a `Find` without rows."""
    found = (pair for pair in enumerate(templates()) if pair[1].id == template_id)
    return next((_shipped(index, template) for index, template in found), None)


def all_shipped() -> list[Offer]:
    """Every template as it was shipped."""
    return [_shipped(index, template) for index, template in enumerate(templates())]


def offered(stored: StoredTemplate) -> Offer:
    """A template as its row has it; one that was shipped stays where it stood."""
    template, before = stored.template, shipped(stored.id)
    if is_own(template.id):
        need = Need(Gate.OWN_TEMPLATES)
    else:
        place = int(before.need.wanted) if before else _PAID_PLACE
        need = _need(template, max(place, _PREMIUM_PLACE) if template.is_premium else place)
    return Offer(
        template,
        need,
        before.place if before else f"1{stored.created_at:%Y%m%d%H%M%S%f}",
        stored.created_at if before is None else None,
        stored.retired_at,
    )


def _shipped(index: int, template: Template) -> Offer:
    return Offer(template, _need(template, index + 1), f"0{index:06d}")


def _need(template: Template, place: int) -> Need:
    """What it asks of a plan: its place among all, from 1, by which plans have it."""
    return Need(Gate.TEMPLATE, place, Text(template.name.en, template.name.id))
