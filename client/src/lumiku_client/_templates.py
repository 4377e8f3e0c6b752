"""Templates that are made, changed, retired and rated."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from ._api import STUDIO, Api
from ._studio_models import Template, TemplatePage, TemplateRating

Sort = Literal["shown", "popular", "rating", "new", "name"]
_PATH = f"{STUDIO}/templates"
_AT_ONCE = 100


class TemplateDesk:
    """Templates of the account's own, and everybody's. Every method raises ApiProblem."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(
        self,
        *,
        category: str | None = None,
        platform: str | None = None,
        aspect_ratio: str | None = None,
        featured: bool | None = None,
        premium: bool | None = None,
        own: bool | None = None,
        text: str | None = None,
        sort: Sort | None = None,
    ) -> Iterator[Template]:
        """Looks that are ready, page by page: all of them, or those that are as is said."""
        flags = {"featured": featured, "premium": premium, "own": own}
        told = {name: None if flag is None else str(flag).lower() for name, flag in flags.items()}
        wanted = {"category": category, "platform": platform, "q": text, "sort": sort, **told}
        pages = self._api.pages(
            _PATH, TemplatePage, page_size=_AT_ONCE, aspectRatio=aspect_ratio, **wanted
        )
        return (template for page in pages for template in page.templates)

    def get(self, template_id: str, *, version: str | None = None) -> Template:
        """One of them with its steps, as it was at a version if one is named."""
        params = {} if version is None else {"version": version}
        return self._api.get(f"{_PATH}/{template_id}", Template, params)

    def create(
        self,
        name: str,
        workflow: Mapping[str, Any],
        *,
        description: str = "",
        tags: Sequence[str] = (),
        said: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Template:
        """A new one of the account's own, which takes the plan premium.

        `workflow` is a look with a frame and a background; `said` has other fields of the API, as
        `public`, by which an administrator makes one for everybody.
        """
        body = {"name": name, "workflow": dict(workflow), **(said or {})}
        body |= {"description": description} if description else {}
        body |= {"tags": list(tags)} if tags else {}
        key = idempotency_key or str(uuid.uuid4())
        return self._api.post(_PATH, Template, body, key=key)

    def change(self, template_id: str, said: Mapping[str, Any]) -> Template:
        """Say some fields of it anew, by the names of the API."""
        return self._api.patch(f"{_PATH}/{template_id}", Template, said)

    def retire(self, template_id: str) -> Template:
        """Let it be listed and applied no more."""
        return self._api.delete(f"{_PATH}/{template_id}", Template)

    def rate(self, template_id: str, stars: int) -> TemplateRating:
        """Give it 1 to 5 stars, in place of those before; it must have made a paid picture."""
        return self._api.put(f"{_PATH}/{template_id}/rating", TemplateRating, {"stars": stars})
