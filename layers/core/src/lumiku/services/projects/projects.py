"""Making, finding, changing and deleting projects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from lumiku.domain.errors import IdempotencyKeyReused, NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.projects import (
    Described,
    Project,
    ProjectBusy,
    ProjectStatus,
    VersionChanged,
    check_version,
)
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.projects.ports import ProjectStore, VariationStore
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.listing import Page, at_once, page, place_of
from lumiku.services.work.ports import PhotoStore

COVERS = 4
COVERS_AMONG = 200
"""So many of the newest photos are looked at for covers, however many of them were just deleted."""


def owned_project(store: ProjectStore, caller: Caller, project_id: str) -> Project:
    """The caller's project; another account's or a deleted one is `NotFound`, like none at all."""
    project = store.project(project_id)
    if project is None or project.user_id != caller.account or project.deleted_at:
        raise NotFound(
            Text(f"There is no project {project_id}.", f"Tidak ada proyek {project_id}.")
        )
    return project


def changed[T: (Project, Item)](
    get: Callable[[], T],
    save: Callable[[T], bool],
    said: Callable[[T], Mapping[str, Any]],
    version: int | None,
    clock: Clock,
) -> T:
    """Say something of what `get` finds and count its version, whoever else does so meanwhile.

    `VersionChanged` if it is not at `version`, where one is named.
    """
    while True:
        one = get()
        check_version(version, one.version)
        update = {"version": one.version + 1, "updated_at": clock()}
        new = one.model_copy(update={**said(one), **update})
        if save(new):
            return new
        if version is not None:
            raise VersionChanged(version=get().version)


@dataclass(frozen=True, slots=True)
class Projects:
    """Use cases of /projects and /projects/{id}."""

    store: ProjectStore
    variations: VariationStore
    photos: PhotoStore
    clock: Clock

    def create(self, caller: Caller, said: Described, *, key: str | None = None) -> Project:
        """A new project, or the one that an earlier request with that key made."""
        now = self.clock()
        project = Project(
            **said.model_dump(),
            id=row_id("project", caller.account, "POST /projects", key),
            user_id=caller.account,
            actor=caller.deputy,
            request_hash=fingerprint(said.model_dump()),
            created_at=now,
            updated_at=now,
        )
        if self.store.add(project):
            return project
        found = self.store.project(project.id)
        if found is None or found.deleted_at or found.request_hash != project.request_hash:
            raise IdempotencyKeyReused
        return found

    def page(
        self,
        caller: Caller,
        *,
        status: ProjectStatus | None,
        text: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[Project]:
        """Some of the caller's projects, newest first: those of a status, with a text in names."""
        read = at_once(limit, is_filtered=status is not None or text is not None)
        found = self.store.newest_projects(caller.account, before=place_of(cursor), at_once=read)
        return page(
            ((project.place, project) for project in found),
            lambda one: status in (None, one.status) and one.matches(text or ""),
            limit=limit,
        )

    def get(self, caller: Caller, project_id: str) -> Project:
        """The caller's project."""
        return owned_project(self.store, caller, project_id)

    def covers(self, project: Project) -> list[str]:
        """Where the newest photos of the project are shown small."""
        if project.items == 0:
            return []
        found = self.store.items(project.id, before=None, at_once=2 * COVERS)
        there = (item for item in islice(found, COVERS_AMONG) if item.deleted_at is None)
        now = self.clock()
        return [
            self.photos.shown(item.files["thumbnail"].key, now=now)
            for item in islice(there, COVERS)
            if "thumbnail" in item.files
        ]

    def change(
        self, caller: Caller, project_id: str, said: Mapping[str, Any], version: int | None
    ) -> Project:
        """Say `said` of it.

        `VersionChanged` if it is not at `version`, where one is named.
        """
        get = partial(self.get, caller, project_id)
        return changed(get, self.store.save, lambda _: said, version, self.clock)

    def delete(self, caller: Caller, project_id: str, *, version: int | None, cancel: bool) -> None:
        """Delete the project and, soon after, all that is in it.

        `ProjectBusy` while uploads or generations that are paid for are under way; with `cancel`
        what of them nobody has begun is given back.
        """
        while True:
            project = self.get(caller, project_id)
            check_version(version, project.version)
            uploads = self.store.uploads(project_id)
            paid = [one for one in self.variations.generations(project_id) if not one.is_free]
            under_way = len(paid) + len(self.store.batches(project_id))
            if (uploads or under_way) and not cancel:
                raise ProjectBusy(uploads=len(uploads), generations=under_way)
            if self.store.delete(project, self.clock()):
                return
