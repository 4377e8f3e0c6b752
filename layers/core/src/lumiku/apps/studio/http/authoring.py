"""JSON of making, changing and rating templates."""

from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.looks import Look, LookFrame, LookUpscale
from lumiku.domain.projects.templates import MAX_STARS
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import LINE
from photo_steps.templates import Category, MadeFor

_Name = Annotated[str, Field(min_length=1, max_length=80, pattern=LINE, examples=["Toko Sari"])]
_Description = Annotated[str, Field(max_length=300)]
_Tag = Annotated[str, Field(min_length=1, max_length=30, pattern=LINE)]
_Tags = Annotated[list[_Tag], Field(max_length=10)]
_FOR_ADMINISTRATORS = "Only of a template for everybody"
_IN_INDONESIAN = "In Indonesian, where that is another"


class TemplateLook(Look):
    """What a template makes of a cut-out: a frame and a background, which are needed, and more."""

    frame: LookFrame | None = Field(default=None, validate_default=True)

    @field_validator("frame")
    @classmethod
    def _has_a_frame(cls, frame: LookFrame | None) -> LookFrame | None:
        if frame is None:
            raise PydanticCustomError("needed_with", "needed", {"action": "template"})
        return frame

    @field_validator("upscale")
    @classmethod
    def _enlarges_nothing(cls, upscale: LookUpscale | None) -> LookUpscale | None:
        if upscale is not None:
            raise PydanticCustomError("not_with", "not here", {"action": "template"})
        return upscale

    @model_validator(mode="after")
    def _is_cut_out(self) -> Self:
        if not self.is_cut_out:
            action = self.background.action if self.background else "keep"
            raise PydanticCustomError("not_with", "not here", {"action": action})
        return self


class _Said(RequestBody):
    """What can be said of a template, by the words of requests."""

    description: _Description = ""
    description_id: _Description | None = Field(default=None, description=_IN_INDONESIAN)
    category: Category = "studio"
    platform: MadeFor | None = None
    tags: _Tags = Field(default_factory=list)
    featured: bool = Field(default=False, strict=True, description=_FOR_ADMINISTRATORS)
    premium: bool = Field(
        default=False, strict=True, description=f"{_FOR_ADMINISTRATORS}: takes a subscription"
    )

    @property
    def flags(self) -> set[str]:
        """Those that only administrators may set, of what was sent."""
        return {"featured", "premium"} & self.model_fields_set


def _fields(said: _Said, name: str | None, name_id: str | None) -> dict[str, Any]:
    """What was sent, as a template has it."""
    sent = said.model_fields_set
    found: dict[str, Any] = {
        one: getattr(said, one) for one in ("category", "platform") if one in sent
    }
    if "tags" in sent:
        found["tags"] = tuple(said.tags)
    found |= {f"is_{flag}": getattr(said, flag) for flag in said.flags}
    if name is not None:
        found["name"] = {"en": name, "id": name_id or name}
    if "description" in sent:
        other = said.description_id or said.description
        found["description"] = {"en": said.description, "id": other}
    return found


def _together(said: RequestBody, *pairs: tuple[str, str]) -> None:
    """A text in Indonesian alone is refused: it comes with the other one."""
    for one, other in pairs:
        if getattr(said, other) is not None and one not in said.model_fields_set:
            raise PydanticCustomError("needed_with", "needed", {"action": one})


class NewTemplate(_Said):
    """A template: what it makes of a product, and what is said of it."""

    name: _Name
    name_id: _Name | None = Field(default=None, description=_IN_INDONESIAN)
    workflow: TemplateLook
    public: bool = Field(
        default=False, strict=True, description="For everybody, which takes an administrator"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _together(self, ("description", "description_id"))
        if self.flags and not self.public:
            raise PydanticCustomError("not_with", "not here", {"action": "public=false"})
        return self

    def said(self) -> dict[str, Any]:
        """The same, as the use case takes it."""
        unsaid = {"category": self.category, "platform": self.platform, "tags": tuple(self.tags)}
        words = {"description": {"en": "", "id": ""}}
        return unsaid | words | _fields(self, self.name, self.name_id)


class TemplateChange(_Said):
    """What is said anew of a template; what is left out stays."""

    name: _Name | None = None
    name_id: _Name | None = Field(default=None, description=_IN_INDONESIAN)
    workflow: TemplateLook | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _together(self, ("name", "name_id"), ("description", "description_id"))
        return self

    def said(self) -> dict[str, Any]:
        """Only what was sent."""
        return _fields(self, self.name, self.name_id)


class RatingInput(RequestBody):
    """How good a template is."""

    stars: int = Field(strict=True, ge=1, le=MAX_STARS)


class RatingBody(Body):
    """The caller's rating, which counts for everybody within a minute."""

    template_id: str
    stars: int
