"""JSON of projects."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.offers import is_known_id
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.instant import Instant
from lumiku.domain.projects.projects import Described, Project, ProjectStatus
from lumiku.domain.texts import Text
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import LINE

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=64,
        description="The ETag of what is changed; another version is refused with 412",
    ),
]
_Name = Annotated[
    str, Field(min_length=1, max_length=120, pattern=LINE, examples=["Sepatu Lebaran"])
]
_Description = Annotated[str, Field(max_length=1000)]
_Category = Annotated[str, Field(min_length=1, max_length=60, pattern=LINE, examples=["fashion"])]


def _there(template_id: str) -> str:
    if not is_known_id(template_id):
        raise PydanticCustomError("unknown_template", "unknown")
    return template_id


_Template = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_there)]


class ProjectInput(RequestBody):
    """All that is said of a project."""

    name: _Name
    description: _Description = ""
    category: _Category | None = None
    default_template_id: _Template | None = None
    status: ProjectStatus = ProjectStatus.ACTIVE

    def said(self) -> Described:
        """The same, as the use case takes it."""
        return Described(**self.model_dump())


class ProjectChange(RequestBody):
    """What is said anew of a project; what is left out stays, `null` takes away."""

    name: _Name = ""
    description: _Description = ""
    category: _Category | None = None
    default_template_id: _Template | None = None
    status: ProjectStatus = ProjectStatus.ACTIVE

    def said(self) -> dict[str, Any]:
        """Only what was sent."""
        return self.model_dump(exclude_unset=True)


class ProjectBody(Body):
    """A project, and how much is in it."""

    project_id: str
    name: str
    description: str
    category: str | None
    default_template_id: str | None
    status: ProjectStatus
    version: int
    item_count: int
    size_bytes: int
    created_at: Instant
    updated_at: Instant


class ProjectView(ProjectBody):
    """A project with its newest photos, shown small; the URLs stay the same for an hour."""

    cover_urls: list[str]


class ProjectPage(Body):
    """Some projects, newest first; `nextCursor` asks for the next ones."""

    projects: list[ProjectView]
    next_cursor: str | None


class Deleted(Body):
    """It is deleted; its files are removed within minutes."""

    deleted: str


def project_body(project: Project) -> ProjectBody:
    """A project as its owner sees it."""
    return ProjectBody(
        **project.model_dump(include=set(ProjectBody.model_fields)),
        project_id=project.id,
        item_count=project.items,
    )


def project_view(project: Project, cover_urls: list[str]) -> ProjectView:
    """The same with its newest photos."""
    return ProjectView(**project_body(project).model_dump(), cover_urls=cover_urls)


def etag(version: int) -> dict[str, str]:
    """The header that tells a version."""
    return {"ETag": f'"{version}"'}


def version_of(if_match: str | None) -> int | None:
    """The version that a client means; None if any is fine."""
    if if_match is None or if_match.strip() == "*":
        return None
    named = if_match.strip().removeprefix("W/").strip('"')
    if not (named.isascii() and named.isdigit()):
        raise InvalidRequest.at(
            "header.If-Match",
            Text(
                'Not an ETag that was answered, such as "3"',
                'Bukan ETag dari jawaban, misalnya "3"',
            ),
        )
    return int(named)
