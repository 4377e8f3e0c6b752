"""JSON of previews."""

from base64 import b64encode
from typing import Literal

from pydantic import Field

from lumiku.apps.studio.http.prices import Lacking, lacking
from lumiku.apps.studio.previews import Preview
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body
from photo_steps import PictureFile


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
