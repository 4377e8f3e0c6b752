"""Making and changing templates: everybody's by administrators, own ones on premium."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import gcd
from typing import Any

from lumiku.apps.studio.gallery import TRIES, Gallery
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.previews import count_preview
from lumiku.apps.studio.prices import APP
from lumiku.apps.studio.steps import behind
from lumiku.apps.studio.wanted import of_look
from lumiku.domain.errors import Busy, IdempotencyKeyReused, InvalidRequest
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.domain.projects.templates import (
    MAX_OWN,
    OWN,
    PUBLIC,
    StoredTemplate,
    TemplateRetired,
    TooManyTemplates,
    after,
    is_own,
)
from lumiku.domain.texts import Text
from lumiku.services.people.ports import Paces
from lumiku.services.work.idempotency import fingerprint, row_id
from photo_steps.studio import Frame
from photo_steps.templates import PreviewSize, Template, preview_key

_NOT_OF_OWN = Text(
    "Only templates for everybody have this", "Hanya templat untuk semua orang yang memilikinya"
)

type Said = Mapping[str, Any]
"""Fields of a template; those that are left out stay."""
type Render = Callable[[Template], Mapping[PreviewSize, bytes]]
"""Makes the pictures of a template with a sample product, as WebP."""


@dataclass(frozen=True, slots=True)
class Authoring:
    """The use cases of POST and PATCH /templates.

    What is for everybody takes an administrator (`NotAllowed`), an own one a plan that has them
    (`NotInPlan`); another account's is `NotFound`. Pictures are in the bucket before the row is.
    """

    gallery: Gallery
    paces: Paces
    render: Render

    def create(
        self, caller: Caller, said: Said, look: Look, *, is_public: bool, key: str | None
    ) -> StoredTemplate:
        """A new template, or the one that an earlier request with that key made.

        `InvalidRequest` where the look names a template that is not found, `TooManyTemplates`.
        """
        kind = PUBLIC if is_public else OWN
        template_id = row_id(kind, caller.account, "POST /templates", key)
        self._permit(caller, template_id, said)
        request_hash = fingerprint({"said": dict(said), "look": look.told})
        store, now = self.gallery.store, self.gallery.clock()
        earlier = store.stored(caller.account, template_id)
        if earlier is None:
            self._check_number(caller, template_id)
            template = Template.model_validate(
                {"is_premium": False, "is_featured": False, "id": template_id}
                | dict(said)
                | self._workflow(caller, look)
            )
            stored = after(None, template, made_by=caller.actor, at=now, request_hash=request_hash)
            self._picture(caller, template)
            if store.save(caller.account, stored):
                return stored
            earlier = store.stored(caller.account, template_id)
        if earlier is None or earlier.request_hash != request_hash:
            raise IdempotencyKeyReused
        return earlier

    def change(
        self, caller: Caller, template_id: str, said: Said, look: Look | None
    ) -> StoredTemplate:
        """Say something of it anew; `TemplateRetired` once it is."""
        offer = self.gallery.get(caller, template_id).offer
        self._permit(caller, template_id, said)
        update = dict(said) | (self._workflow(caller, look) if look is not None else {})
        for _ in range(TRIES):
            before = self.gallery.store.stored(caller.account, template_id)
            was = before.template if before else offer.template
            if before is not None and before.retired_at is not None:
                raise TemplateRetired(template_id=template_id, retired_at=before.retired_at)
            template = Template.model_validate(was.model_dump() | update)
            if template.version != was.version:
                self._picture(caller, template)
            now = self.gallery.clock()
            changed = after(before, template, made_by=caller.actor, at=now)
            if self.gallery.store.save(caller.account, changed):
                return changed
        raise Busy

    def _check_number(self, caller: Caller, template_id: str) -> None:
        """Refuse what the row would be refused for before its pictures are made."""
        stored = self.gallery.store.shelf(caller.account).stored.values()
        own = [one for one in stored if is_own(one.id) and one.retired_at is None]
        if is_own(template_id) and len(own) >= MAX_OWN:
            raise TooManyTemplates

    def _permit(self, caller: Caller, template_id: str, said: Collection[str]) -> None:
        if not is_own(template_id):
            require_admin(caller)
            return
        plan = plan_of(self._wallet(caller), self.gallery.clock())
        if refusal := missing(plan, [Need(Gate.OWN_TEMPLATES)]):
            raise refusal
        for flag in ("featured", "premium"):
            if f"is_{flag}" in said:
                raise InvalidRequest.at(f"body.{flag}", _NOT_OF_OWN)

    def _wallet(self, caller: Caller) -> Wallet:
        day = quota_day(self.gallery.clock())
        return self.gallery.wallets.wallet(caller.account, app=APP, day=day)

    def _workflow(self, caller: Caller, look: Look) -> dict[str, Any]:
        """What of a template follows from its look: canvas and steps."""
        find = self.gallery.offers.finder(caller)
        of_look(look, find).check()
        named = find(look.template_id) if look.template_id else None
        workflow = behind(look, named.template if named else None)
        (frame,) = (step.read(Frame) for step in workflow if step.name == Frame.step)
        width, height = frame.size
        shared = gcd(width, height)
        return {
            "workflow": workflow,
            "size_px": (width, height),
            "aspect_ratio": frame.aspect_ratio or f"{width // shared}:{height // shared}",
        }

    def _picture(self, caller: Caller, template: Template) -> None:
        """Put its pictures; each time counts as a preview."""
        count_preview(self.paces, caller, self._wallet(caller), self.gallery.clock())
        for size, picture in self.render(template).items():
            key = preview_key(template, size)
            self.gallery.photos.write(key, picture, content_type="image/webp")
