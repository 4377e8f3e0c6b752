"""JSON of pictures that other apps are given, or give."""

from pydantic import Field

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.handovers import Picture
from lumiku.apps.studio.uploads import MAX_FILES
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.http.forms import MAX_NAME
from lumiku.services.connected.asking import THEIR_ID, Taken, TheirPicture
from lumiku.services.work.listing import Page
from lumiku.services.work.ordering import Placed


class ExportToInput(RequestBody):
    """Which picture of the item an app shall get."""

    variation_id: str | None = Field(
        default=None, max_length=128, description="Else what the item is shown by"
    )


class HandedOver(Body):
    """What the app made of it; `redirectUrl` is where to go on with it, in that app."""

    app: str
    job_id: str = Field(description="Of the app")
    redirect_url: str | None
    message: str | None
    credits_used: int = Field(description="By us; what the app charges it tells itself")


class ResultFile(RequestBody):
    """A picture of the app, as it will be fetched."""

    picture_id: str = Field(
        pattern=worded(
            THEIR_ID,
            Text("1 to 128 letters, digits, _ and -", "1 sampai 128 huruf, angka, _ dan -"),
        )
    )
    name: str = Field(min_length=1, max_length=MAX_NAME)
    size_bytes: int = Field(strict=True, ge=1)


class Results(RequestBody):
    """Pictures of the app for a project; each is fetched from it."""

    pictures: list[ResultFile] = Field(min_length=1, max_length=MAX_FILES)
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    def theirs(self) -> list[TheirPicture]:
        """The same, as the use case takes them."""
        return [TheirPicture.model_validate(one.model_dump(by_alias=True)) for one in self.pictures]

    def request(self, message_id: str, request_id: str) -> Request:
        """What comes with it; the same signed message orders once."""
        return Request(message_id, self.expected_credits, request_id)


class ResultsAccepted(Body):
    """The pictures are paid for, and fetched now; the account sees them as an upload."""

    upload_id: str
    project_id: str
    credits_used: int
    credits_remaining: int
    integrated_with: str
    closes_at: Instant


class PictureBody(Body):
    """What an item is shown by; `url` fetches it for an hour, without an Authorization header."""

    picture_id: str = Field(description="Of the item")
    project_id: str
    variation_id: str | None = Field(description="None of an item that is as it was uploaded")
    name: str
    size_bytes: int
    width: int
    height: int
    url: str


class PicturePage(Body):
    """Some pictures of a project, newest first; `nextCursor` asks for the next ones."""

    project_id: str
    pictures: list[PictureBody]
    next_cursor: str | None


def handed_over(app: str, taken: Taken) -> HandedOver:
    """What POST /items/{id}/export-to/{app} answers."""
    return HandedOver(app=app, credits_used=0, **taken.model_dump())


def picture_body(picture: Picture) -> PictureBody:
    """A picture as an app sees it."""
    return PictureBody(
        picture_id=picture.item.id,
        project_id=picture.item.project_id,
        variation_id=picture.variation_id,
        name=picture.name,
        size_bytes=picture.file.size_bytes,
        width=picture.file.width_px,
        height=picture.file.height_px,
        url=picture.url,
    )


def pictures_body(project_id: str, page: Page[Picture]) -> PicturePage:
    """Pictures as an app sees them."""
    shown = [picture_body(one) for one in page.shown]
    return PicturePage(project_id=project_id, pictures=shown, next_cursor=page.cursor)


def results_accepted(placed: Placed[Group], project_id: str) -> ResultsAccepted:
    """What an app is answered that put pictures into a project."""
    group = placed.order
    return ResultsAccepted(
        upload_id=group.id,
        project_id=project_id,
        credits_used=group.price,
        credits_remaining=placed.balance,
        integrated_with=group.integrated_with or "",
        closes_at=group.closes_at,
    )
