"""Templates that are rows, and what accounts do with any: use them, rate them.

Shipped templates are data of the code. A row stands for one that an administrator made or changed,
for everybody, or for one that an account made for itself. Whose it is follows from its id.
"""

import re

from pydantic import BaseModel

from lumiku.domain.errors import Refusal
from lumiku.domain.instant import Instant, iso
from lumiku.domain.texts import Text
from photo_steps.templates import Template

MAX_OWN = 50
"""So many own templates an account has at once, without those that are retired."""
MAX_STARS = 5
PUBLIC, OWN = "template", "owntemplate"
_STORED = re.compile(rf"(?:{PUBLIC}|{OWN})_[0-9a-f]{{32}}")


def is_stored(template_id: str) -> bool:
    """An id as a template has that was not shipped."""
    return _STORED.fullmatch(template_id) is not None


def is_own(template_id: str) -> bool:
    """An id as a template has that only its account finds."""
    return template_id.startswith(f"{OWN}_")


class StoredTemplate(BaseModel, frozen=True, defer_build=True):
    """A template as a row has it; `revision` counts what was changed, `made_by` did so last.

    Once it is retired it can be read, and applied no more.
    """

    template: Template
    revision: int = 1
    request_hash: str = ""
    made_by: str
    created_at: Instant
    updated_at: Instant
    retired_at: Instant | None = None

    @property
    def id(self) -> str:
        """That of the template."""
        return self.template.id


def after(
    before: StoredTemplate | None,
    template: Template,
    *,
    made_by: str,
    at: Instant,
    request_hash: str = "",
    retired_at: Instant | None = None,
) -> StoredTemplate:
    """The row of a template after a change of it; its first one where there was none."""
    return StoredTemplate(
        template=template,
        revision=before.revision + 1 if before else 1,
        request_hash=before.request_hash if before else request_hash,
        made_by=made_by,
        created_at=before.created_at if before else at,
        updated_at=at,
        retired_at=retired_at,
    )


class Totals(BaseModel, frozen=True, defer_build=True):
    """What all accounts did with a template: completed paid uses, ratings and their sum."""

    uses: int = 0
    ratings: int = 0
    stars: int = 0

    @property
    def average(self) -> float | None:
        """Of all ratings; None without any."""
        return round(self.stars / self.ratings, 2) if self.ratings else None


class TemplateUse(BaseModel, frozen=True, defer_build=True):
    """What one account did with a template; `rating` is 0 without one.

    `told_uses` and `told_rating` are what the totals know of it.
    """

    user_id: str
    template_id: str
    uses: int = 0
    rating: int = 0
    told_uses: int = 0
    told_rating: int = 0

    @property
    def untold(self) -> Totals:
        """What the totals lack."""
        return Totals(
            uses=self.uses - self.told_uses,
            ratings=bool(self.rating) - bool(self.told_rating),
            stars=self.rating - self.told_rating,
        )


class TemplateRetired(Refusal):
    """The template cannot be applied any more."""

    code = "template_retired"

    def __init__(self, *, template_id: str, retired_at: Instant) -> None:
        super().__init__(
            Text(
                f"The template {template_id} was retired on {retired_at:%Y-%m-%d}.",
                f"Templat {template_id} tidak dipakai lagi sejak {retired_at:%Y-%m-%d}.",
            ),
            templateId=template_id,
            retiredAt=iso(retired_at),
        )


class TemplateChanged(Refusal):
    """The template is not any more at the version that the order names."""

    code = "template_changed"

    def __init__(self, *, template_id: str, version: str) -> None:
        super().__init__(
            Text(
                f"The template {template_id} is at version {version} now; look at it again, or"
                " order without naming a version.",
                f"Templat {template_id} sekarang versi {version}; lihat lagi, atau pesan tanpa"
                " menyebut versi.",
            ),
            templateId=template_id,
            templateVersion=version,
        )


class TooManyTemplates(Refusal):
    """The account has as many own templates as it may have."""

    code = "too_many_templates"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"An account has at most {MAX_OWN} own templates. Delete one first.",
                f"Satu akun memiliki paling banyak {MAX_OWN} templat sendiri. Hapus satu dulu.",
            ),
            allowed=MAX_OWN,
        )


class TemplateNotUsed(Refusal):
    """Whoever rates a template must have paid for a picture that it made."""

    code = "template_not_used"

    def __init__(self, *, template_id: str) -> None:
        super().__init__(
            Text(
                f"The template {template_id} can be rated once a picture that was paid for is"
                " made with it.",
                f"Templat {template_id} dapat dinilai setelah ada gambar berbayar yang dibuat"
                " dengannya.",
            ),
            templateId=template_id,
        )
