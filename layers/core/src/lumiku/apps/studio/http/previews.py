"""JSON of previews."""

from base64 import b64encode
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.http.prices import Lacking, lacking
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.previews import Preview
from lumiku.apps.studio.wanted import Wanted, of_look, of_template
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody
from photo_steps import PictureFile


class PreviewInput(RequestBody):
    """What shall be seen of the item: a workflow, or a template as it is."""

    workflow: Look | None = None
    template_id: str | None = Field(
        default=None, min_length=1, max_length=64, examples=["marble-counter"]
    )

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.workflow is None) == (self.template_id is None):
            raise PydanticCustomError("one_of", "one", {"names": "workflow, templateId"})
        return self

    def wanted(self) -> Wanted:
        """The same, as the use case takes it."""
        if self.workflow is not None:
            return of_look(self.workflow)
        return of_template(self.template_id or "")


class PreviewBody(Body):
    """A small picture of what an order would make; flat, whatever is transparent in that."""

    status: Literal["ready", "preparing"] = Field(
        description="`preparing`: the background is being removed; ask again after `Retry-After`"
    )
    image: str | None = Field(
        description="A WebP of at most 640 px a side, as a `data:` URL",
        examples=["data:image/webp;base64,UklGRg..."],
    )
    width: int | None
    height: int | None
    is_marked: bool = Field(description="A mark is repeated all over it")
    not_in_plan: Lacking | None


def preview_body(preview: Preview, image: PictureFile | None, language: Language) -> PreviewBody:
    """What POST /items/{id}/preview answers; without an image, that it is being prepared."""
    return PreviewBody(
        status="ready" if image else "preparing",
        image=f"data:image/webp;base64,{b64encode(image.data).decode()}" if image else None,
        width=image.width_px if image else None,
        height=image.height_px if image else None,
        is_marked=preview.mark is not None,
        not_in_plan=lacking(preview.refusal, language),
    )
