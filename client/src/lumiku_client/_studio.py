"""The studio: photos that are kept in projects, what they cost, and how they may look."""

import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._api import STUDIO, Api
from ._billing import Subscriptions
from ._billing_models import StudioSubscription
from ._errors import ApiProblem
from ._export_models import ExportFiles
from ._exports import Exports
from ._generation_batches import GenerationBatches
from ._generation_models import Generation, Made
from ._generations import Generations, OnProgress, Variations, make
from ._item_uploads import ItemUploads
from ._looks import Look
from ._models import DownloadLink
from ._retry import Patience
from ._studio_models import (
    Deleted,
    Imported,
    Item,
    ItemPage,
    ItemsChanged,
    Project,
    ProjectPage,
    StudioQuote,
    Template,
)
from ._templates import Sort, TemplateDesk
from ._transfer import Storage


class Studio:
    """The part of a client that deals with the studio. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage, patience: Patience) -> None:
        self._api = api
        self.projects = Projects(api)
        self.uploads = ItemUploads(api, storage, patience)
        self.items = Items(api, storage)
        self.billing = Subscriptions(api, STUDIO, StudioSubscription)
        self.generations = Generations(api, patience)
        self.batches = GenerationBatches(api, patience)
        self.variations = Variations(api, storage)
        self.template_desk = TemplateDesk(api)
        self.exports = Exports(api, storage, patience)

    def price(
        self,
        *,
        uploads: int = 0,
        items: int = 1,
        look: Look | None = None,
        features: Sequence[str] = (),
        export: ExportFiles | None = None,
    ) -> StudioQuote:
        """What uploads, a look for some items, and an export cost together now.

        Instead of a look, its `features` may be named, as `background-removal`.
        """
        body: dict[str, Any] = {"uploads": uploads, "items": items}
        if look is None:
            body["features"] = list(features)
        else:
            is_template = look.template_id is not None
            body |= {"features": ["template"]} if is_template else look.body
        if export is not None:
            body["export"] = export.body
        return self._api.post(f"{STUDIO}/pricing/calculate", StudioQuote, body)

    def make(
        self,
        item_id: str,
        look: Look,
        target: str | os.PathLike[str],
        *,
        begun: Generation | None = None,
        timeout_s: float = 900,
        on_progress: OnProgress = lambda _: None,
    ) -> Made:
        """A picture of an item, written to `target`: orders, waits and fetches it.

        What was made before costs nothing; `begun` is one that is ordered already. A picture that
        could not be made is an ApiProblem too, with its code; its credits come back. `on_progress`
        may raise to give up.
        """
        return make(
            self.generations,
            self.variations,
            item_id,
            look,
            target,
            begun=begun,
            timeout_s=timeout_s,
            on_progress=on_progress,
        )

    def templates(
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
    ) -> Sequence[Template]:
        """Looks that are ready: all of them, or those that are as is said."""
        return tuple(
            self.template_desk.list(
                category=category,
                platform=platform,
                aspect_ratio=aspect_ratio,
                featured=featured,
                premium=premium,
                own=own,
                text=text,
                sort=sort,
            )
        )

    def template(self, template_id: str) -> Template:
        """One of them, with its steps."""
        return self.template_desk.get(template_id)


class Projects:
    """Projects. What is said of them may be changed with the `version` that was seen."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def create(
        self,
        name: str,
        *,
        description: str = "",
        category: str | None = None,
        default_template_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Project:
        """A new project."""
        said = {"name": name, "description": description}
        said |= {"category": category} if category else {}
        said |= {"defaultTemplateId": default_template_id} if default_template_id else {}
        key = idempotency_key or str(uuid.uuid4())
        return self._api.post(f"{STUDIO}/projects", Project, said, key=key)

    def list(
        self, *, status: str | None = None, text: str | None = None, page_size: int = 50
    ) -> Iterator[Project]:
        """All projects, newest first, or those with `text` in the name; page by page."""
        pages = self._api.pages(
            f"{STUDIO}/projects", ProjectPage, page_size=page_size, status=status, q=text
        )
        return (project for page in pages for project in page.projects)

    def show(self, project_id: str) -> Project:
        """A project as it stands."""
        return self._api.get(f"{STUDIO}/projects/{project_id}", Project)

    def change(
        self, project_id: str, said: Mapping[str, Any], *, version: int | None = None
    ) -> Project:
        """What is said anew (`name`, `description`, `status` ...); 412 `version_changed`."""
        path = f"{STUDIO}/projects/{project_id}"
        return self._api.patch(path, Project, said, version=version)

    def delete(self, project_id: str, *, cancel: bool = False) -> None:
        """The project and all in it, for good.

        409 `project_busy` while something is under way, unless it shall be cancelled.
        """
        params = {"cancel": "true"} if cancel else None
        self._api.delete(f"{STUDIO}/projects/{project_id}", Deleted, params)


class Items:
    """The photos that are kept in projects."""

    def __init__(self, api: Api, storage: Storage) -> None:
        self._api = api
        self._storage = storage

    def list(
        self,
        project_id: str,
        *,
        tag: str | None = None,
        favorite: bool | None = None,
        text: str | None = None,
        page_size: int = 50,
    ) -> Iterator[Item]:
        """All items of a project, newest first, or those that are as is said; page by page."""
        pages = self._api.pages(
            f"{STUDIO}/projects/{project_id}/items",
            ItemPage,
            page_size=page_size,
            tag=tag,
            favorite=None if favorite is None else str(favorite).lower(),
            q=text,
        )
        return (item for page in pages for item in page.items)

    def show(self, item_id: str) -> Item:
        """An item as it stands."""
        return self._api.get(f"{STUDIO}/items/{item_id}", Item)

    def fetch_view(self, item: Item, target: Path) -> Path:
        """Writes the photo, as WebP of at most 1,280 px a side, to `target`."""
        if item.view_url is None:
            raise ApiProblem(code="not_found", title="The item is not shown anywhere")
        link = DownloadLink(url=item.view_url, expires_at=item.updated_at)
        return self._storage.download(lambda: link, target, lambda *_: None)

    def change(self, item_id: str, said: Mapping[str, Any], *, version: int | None = None) -> Item:
        """What is said anew (`name`, `sku`, `tags`, `favorite`); 412 `version_changed`."""
        return self._api.patch(f"{STUDIO}/items/{item_id}", Item, said, version=version)

    def delete(self, item_id: str) -> None:
        """The item and its files, for good."""
        self._api.delete(f"{STUDIO}/items/{item_id}", Deleted)

    def change_all(
        self, project_id: str, item_ids: Sequence[str], said: Mapping[str, Any]
    ) -> ItemsChanged:
        """The same of up to 100 items: `favorite`, `addTags`, `removeTags`, or `delete`."""
        path = f"{STUDIO}/projects/{project_id}/items/bulk"
        return self._api.post(path, ItemsChanged, {"itemIds": list(item_ids), **said})

    def import_csv(self, project_id: str, csv: str) -> Imported:
        """Names, SKUs and tags by file name or SKU, with a report of each line."""
        path = f"{STUDIO}/projects/{project_id}/items/import-csv"
        return self._api.post(path, Imported, {"csv": csv})
