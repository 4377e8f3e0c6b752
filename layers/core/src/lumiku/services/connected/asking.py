"""What we ask other apps for: their pictures, and taking ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from lumiku.domain.connected.apps import AppFailed, ConnectedApp, target_of
from lumiku.domain.connected.grants import Grant
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Photos, PlannedPhoto
from lumiku.services.connected.acting import Acting
from lumiku.services.connected.ports import Line, NoAnswer

THEIR_ID = r"^[A-Za-z0-9_-]{1,128}$"
"""What may stand in a path as it is."""
type TheirId = Annotated[str, Field(pattern=THEIR_ID)]

_ODD = Text("its answer is not what was agreed", "jawabannya tidak seperti yang disepakati")
_ANOTHER = Text("it answered for another project", "jawabannya tentang proyek lain")


class _Told(BaseModel):
    """What another app says: camelCase, and whatever else it likes."""

    model_config = ConfigDict(frozen=True, defer_build=True, alias_generator=to_camel)


class TheirPicture(_Told):
    """A picture of another app, and the project there that it is of."""

    picture_id: TheirId
    project_id: TheirId | None = None
    name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=1, strict=True)


class TheirPictures(_Told):
    """All pictures of one project of another app."""

    project_id: TheirId
    pictures: list[TheirPicture]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.picture_id for one in self.pictures}) < len(self.pictures):
            raise ValueError("a picture is there twice")
        return self


class Taken(_Told):
    """What another app made of a picture that it was given."""

    job_id: str = Field(max_length=128)
    redirect_url: str | None = Field(default=None, max_length=2048)
    message: str | None = Field(default=None, max_length=500)


class Given(BaseModel):
    """A picture that another app is given; `image_path` fetches it for a while."""

    model_config = ConfigDict(
        frozen=True, defer_build=True, alias_generator=to_camel, validate_by_name=True
    )

    source_app: str
    source_item_id: str
    source_project_id: str
    image_path: str
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """Each is one signed request. `AppFailed` whatever goes wrong there, with what did."""

    acting: Acting
    line: Line

    def pictures(self, app: ConnectedApp, grant: Grant, project_id: str) -> list[TheirPicture]:
        """The pictures of a project of theirs."""
        path = f"/lumiku/projects/{project_id}/pictures"
        found = self._ask(app, grant, "GET", path, TheirPictures)
        of = {one.project_id for one in found.pictures} - {None}
        if found.project_id != project_id or of - {project_id}:
            raise AppFailed(app.name, _ANOTHER)
        return found.pictures

    def picture(self, app: ConnectedApp, grant: Grant, picture_id: str) -> TheirPicture:
        """One of theirs."""
        found = self._ask(app, grant, "GET", f"/lumiku/pictures/{picture_id}", TheirPicture)
        if found.picture_id != picture_id:
            raise AppFailed(app.name, _ODD)
        return found

    def give(self, app: ConnectedApp, grant: Grant, given: Given, message_id: str) -> Taken:
        """Hand a picture of ours over; where it sends people to is its own."""
        taken = self._ask(app, grant, "POST", "/lumiku/pictures", Taken, given, message_id)
        if taken.redirect_url is not None and not app.owns(taken.redirect_url):
            raise AppFailed(app.name, _ODD)
        return taken

    def _ask[T: BaseModel](
        self,
        app: ConnectedApp,
        grant: Grant,
        method: str,
        path: str,
        kind: type[T],
        said: BaseModel | None = None,
        message_id: str | None = None,
    ) -> T:
        url = app.url(path)
        body = said.model_dump_json(by_alias=True, exclude_none=True) if said else ""
        headers = self.acting.headers(app, grant, method, target_of(url), body, message_id)
        try:
            return kind.model_validate(self.line.ask(method, url, headers, body))
        except NoAnswer as none:
            raise AppFailed(app.name, none.why) from None
        except ValidationError:
            raise AppFailed(app.name, _ODD) from None


def planned(app: ConnectedApp, pictures: Sequence[TheirPicture]) -> Photos:
    """The photos that pictures of an app will be, as it announced them; a worker fetches them."""
    return tuple(
        PlannedPhoto(
            name=one.name,
            size_bytes=one.size_bytes,
            url=app.url(f"/lumiku/pictures/{one.picture_id}/file"),
            picture=one.picture_id,
        )
        for one in pictures
    )
