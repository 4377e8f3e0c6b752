"""Templates as an account finds them: those that are sought, and which plan has each."""

from dataclasses import dataclass

from lumiku.apps.studio.backgrounds import template_of
from lumiku.apps.studio.looks import template_need
from lumiku.apps.studio.plans import StudioPlanName, plan_of
from lumiku.apps.studio.prices import APP
from lumiku.domain.errors import NotFound
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from lumiku.services.work.ports import PhotoStore
from photo_steps.templates import (
    Category,
    Platform,
    PreviewSize,
    Template,
    preview_key,
    templates,
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What templates are looked for; None or "" where anything is fine."""

    category: Category | None = None
    platform: Platform | None = None
    featured: bool | None = None
    premium: bool | None = None
    text: str = ""

    def matches(self, template: Template) -> bool:
        """The text may be in any word that is said of it, in either language."""
        words = (template.name, template.description)
        said = (template.id, *template.tags, *(word.en for word in words), *(w.id for w in words))
        text = self.text.casefold()
        return (
            self.category in {None, template.category}
            and self.platform in {None, template.platform}
            and self.featured in {None, template.is_featured}
            and self.premium in {None, template.is_premium}
            and any(text in word.casefold() for word in said)
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A template, whether the caller's plan has it, and the least plan that does."""

    template: Template
    is_in_plan: bool
    available_in: StudioPlanName


@dataclass(frozen=True, slots=True)
class Gallery:
    """The use cases of GET /templates; they change nothing."""

    wallets: Wallets
    photos: PhotoStore
    clock: Clock

    def find(self, caller: Caller, sought: Sought) -> list[Shown]:
        """All that is sought, in the order in which it is shown."""
        plan = self._plan(caller)
        return [_shown(template, plan) for template in templates() if sought.matches(template)]

    def get(self, caller: Caller, template_id: str) -> Shown:
        """One template; `NotFound` if there is none of that id."""
        template = template_of(template_id)
        if template is None:
            raise NotFound(
                Text(f"There is no template {template_id}.", f"Tidak ada templat {template_id}.")
            )
        return _shown(template, self._plan(caller))

    def url(self, template: Template, size: PreviewSize) -> str:
        """Where a picture of the template with a sample product is shown."""
        return self.photos.shown(preview_key(template, size), now=self.clock())

    def _plan(self, caller: Caller) -> StudioPlanName:
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        return plan_of(wallet, now)


def _shown(template: Template, plan: StudioPlanName) -> Shown:
    need = template_need(template)
    available_in = next(name for name in StudioPlanName if need.is_met(name))
    return Shown(template, need.is_met(plan), available_in)
