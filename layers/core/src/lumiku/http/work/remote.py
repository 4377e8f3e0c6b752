"""Photos that lie at addresses, as orders name them."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pydantic import Field

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.reach import Reach
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Photos, PlannedPhoto
from lumiku.http.bodies import RequestBody
from lumiku.http.forms import MAX_NAME, REMOTE, SENT

MAX_URL = 2048


class RemotePhoto(RequestBody):
    """A photo that is fetched from a public https address, within 15 seconds."""

    url: str = Field(
        min_length=1, max_length=MAX_URL, examples=["https://shop.example/photos/shoe.jpg"]
    )
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_NAME,
        description="What the photo is called; else as its address ends",
    )

    def planned(self) -> PlannedPhoto:
        """The same, as the use case takes it; how large it is nobody knows yet."""
        return PlannedPhoto(name=self.name or name_in(self.url), size_bytes=0, url=self.url)


def kind(photo: object) -> str:
    """Whether what an order says of a photo is that it lies somewhere, or will be sent."""
    is_remote = "url" in photo if isinstance(photo, Mapping) else hasattr(photo, "url")
    return REMOTE if is_remote else SENT


def name_in(url: str) -> str:
    """What a photo is called that lies there."""
    try:
        path = urlsplit(url).path
    except ValueError:  # it is refused where addresses are checked
        path = ""
    return PurePosixPath(unquote(path)).name[-MAX_NAME:] or "photo"


def check_addresses(reach: Reach, photos: Photos) -> None:
    """Refuse, before anything is charged, addresses that no worker will call; told by field."""
    for index, photo in enumerate(photos):
        if photo.url is None:
            continue
        try:
            reach.check_url(photo.url)
        except InvalidRequest as refused:
            match refused.facts:
                case {"errors": [{"message": Text() as message}]}:
                    field = f"body.files.{index}.url"
                    raise InvalidRequest.at(field, message, refused.detail) from None
            raise
