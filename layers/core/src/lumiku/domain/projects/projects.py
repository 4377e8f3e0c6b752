"""A project: the photos of somebody's products that belong together, and what is said of them."""

from enum import StrEnum

from pydantic import BaseModel

from lumiku.domain.errors import Refusal
from lumiku.domain.instant import Instant, iso
from lumiku.domain.texts import Text


class ProjectStatus(StrEnum):
    """What its owner does with it."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Described(BaseModel, frozen=True, defer_build=True):
    """What people say of a project."""

    name: str
    description: str = ""
    category: str | None = None
    default_template_id: str | None = None
    status: ProjectStatus = ProjectStatus.ACTIVE


class Project(Described):
    """A project as it is stored. `version` counts changes of what people say of it.

    `items` and `size_bytes` are of the photos that are kept in it, `begun` counts the uploads and
    generations that it ever had. Once it is deleted it is nobody's; its rows and objects go soon
    after. `actor` is the member or the key that made it for the account, None: its own person.
    """

    id: str
    user_id: str
    actor: str | None = None
    request_hash: str
    version: int = 1
    items: int = 0
    size_bytes: int = 0
    begun: int = 0
    created_at: Instant
    updated_at: Instant
    deleted_at: Instant | None = None

    @property
    def place(self) -> str:
        """Its place among its owner's projects, by time."""
        return f"{iso(self.created_at)}#{self.id}"

    @property
    def kept_under(self) -> str:
        """What the keys of all its photos start with."""
        return f"kept/{self.user_id}/{self.id}/"

    def matches(self, text: str) -> bool:
        """Whether its name has `text` in it, in capitals or not."""
        return text.casefold() in self.name.casefold()


class VersionChanged(Refusal):
    """Somebody changed it since the version that the caller has seen."""

    code = "version_changed"

    def __init__(self, *, version: int) -> None:
        super().__init__(
            Text(
                f"It is at version {version} now; read it again and repeat the change.",
                f"Versinya sekarang {version}; baca lagi, lalu ulangi perubahannya.",
            ),
            version=version,
        )


class ProjectBusy(Refusal):
    """Something is under way in the project."""

    code = "project_busy"

    def __init__(self, *, uploads: int, generations: int) -> None:
        super().__init__(
            Text(
                f"{uploads} uploads and {generations} generations of the project are under way;"
                " wait for them, or delete with cancel=true.",
                f"{uploads} unggahan dan {generations} pemrosesan proyek ini masih berjalan;"
                " tunggu sampai selesai, atau hapus dengan cancel=true.",
            ),
            uploads=uploads,
            generations=generations,
        )


def check_version(wanted: int | None, version: int) -> None:
    """Refuse a change of another version than the one that is there, if one is named."""
    if wanted is not None and wanted != version:
        raise VersionChanged(version=version)
