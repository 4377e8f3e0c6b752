"""What the use cases of templates need from the outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lumiku.domain.projects.templates import StoredTemplate, TemplateUse, Totals
from photo_steps.templates import Template


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of templates by id: everybody's and those of one account, and what it did with any."""

    stored: Mapping[str, StoredTemplate] = field(default_factory=dict)
    totals: Mapping[str, Totals] = field(default_factory=dict)
    uses: Mapping[str, TemplateUse] = field(default_factory=dict)


class TemplateStore(Protocol):
    """Templates that are rows. Of own ones an account finds its own, and nobody else's."""

    def shelf(self, user_id: str) -> Shelf:
        """All that the account finds; may be a moment old."""

    def stored(self, user_id: str, template_id: str) -> StoredTemplate | None:
        """The row of a template, consistently read."""

    def version(self, user_id: str, template_id: str, version: str) -> Template | None:
        """What a template was at a version that a row had, also once it is retired."""

    def save(self, user_id: str, stored: StoredTemplate) -> bool:
        """Put it if the row is at the revision before, and keep that version for ever.

        Answers False, and nothing happened, if not. `TooManyTemplates` if a new one of the
        account's own is too many.
        """

    def use_of(self, user_id: str, template_id: str) -> TemplateUse:
        """What the account did with it."""

    def rate(self, user_id: str, template_id: str, stars: int, at: datetime) -> bool:
        """Put the account's rating in place of its last; answers False if it has no use of it."""

    def untold(self, now: datetime, *, limit: int) -> list[TemplateUse]:
        """Up to `limit` uses that the totals lack something of, the longest ago first."""

    def tell(self, use: TemplateUse) -> bool:
        """Add to the totals what they lack; answers False if the use moved since it was read."""
