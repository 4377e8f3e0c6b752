"""Where the objects of an account lie."""

from collections.abc import Iterable

from lumiku.domain.people.brands import logos_prefix
from lumiku.domain.people.leaving import takeouts_prefix
from lumiku.domain.work.photos import Lane
from photo_steps.templates import PREVIEWS_PREFIX


def own_prefixes(user_id: str) -> tuple[str, ...]:
    """What the keys of an account's photos and of what was made of them start with."""
    uploads = (f"in/{lane}/{user_id}/" for lane in Lane)
    kept = (f"kept/{user_id}/", logos_prefix(user_id))
    return (*kept, *uploads, f"beside/{user_id}/", f"out/{user_id}/")


def all_prefixes(user_id: str, template_ids: Iterable[str] = ()) -> tuple[str, ...]:
    """What the keys of all objects of an account start with, its templates' previews included."""
    passing = (f"{kind}/{user_id}/" for kind in ("orders", "work", "zip"))
    previews = (f"{PREVIEWS_PREFIX}{template_id}-" for template_id in template_ids)
    return (*own_prefixes(user_id), *passing, takeouts_prefix(user_id), *previews)
