"""What the use cases of projects need from the outside."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from lumiku.domain.projects.items import Item, Upload
from lumiku.domain.projects.projects import Project


class ProjectStore(Protocol):
    """Projects, the items in them, and the uploads that they come by.

    What is deleted is still answered by id, as `deleted_at` tells, until it is gone.
    """

    def add(self, project: Project) -> bool:
        """Put a new project; answers False if there is one of that id."""

    def project(self, project_id: str) -> Project | None:
        """The project of that id, consistently read."""

    def newest_projects(
        self, user_id: str, *, before: str | None, at_once: int
    ) -> Iterator[Project]:
        """The user's projects, newest first, from before a place on, but those that are deleted.

        Read as they are taken, so many at once; may be a moment old.
        """

    def save(self, project: Project) -> bool:
        """Put what people say of it, if the stored version is one less; answers whether it was.

        A project that was deleted is left alone.
        """

    def delete(self, project: Project, at: datetime) -> bool:
        """Delete a project; answers False if it changed or took an upload since it was read."""

    def begin(self, upload: Upload) -> bool:
        """Note an upload before it is paid for; answers False if its project is not there.

        Repeating it changes nothing.
        """

    def uploads(self, project_id: str) -> list[Upload]:
        """The project's uploads that are under way, consistently read."""

    def upload(self, project_id: str, upload_id: str) -> Upload | None:
        """The project's upload of that id, consistently read."""

    def end(self, upload: Upload) -> None:
        """Note that every photo of an upload is kept or never will be."""

    def item(self, item_id: str) -> tuple[Project, Item] | None:
        """The item of that id with its project, consistently read."""

    def items(self, project_id: str, *, before: str | None, at_once: int) -> Iterator[Item]:
        """The project's items, newest first, from before a place on; consistently read.

        Those that are deleted too. Read as they are taken, so many at once.
        """

    def keep(self, upload: Upload, items: Sequence[tuple[int, Item]]) -> bool:
        """Put new items, each with its number in the upload, and count them.

        Answers False, and nothing happened, if one was kept before or the project is deleted.
        """

    def save_item(self, item: Item) -> bool:
        """Put what people say of it, if the stored version is one less; answers whether it was."""

    def delete_item(self, item: Item, at: datetime) -> bool:
        """Delete an item and count it no more; answers False if it is not as it was read."""

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Up to `limit` things to look after, the longest due first, as project and sort key."""

    def look_again(self, project_id: str, place: str, at: datetime) -> None:
        """Look after it again at that time, if it is there."""

    def forget(self, project_id: str, place: str) -> None:
        """Remove a row; one that is not there is fine."""

    def item_at(self, project_id: str, place: str) -> Item | None:
        """The item of that sort key."""

    def places(self, project_id: str) -> list[str]:
        """Sort keys of all rows of a project but its own."""
