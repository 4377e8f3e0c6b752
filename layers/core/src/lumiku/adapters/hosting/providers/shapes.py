"""How pictures are sent, and what is kept of answers in a job's row, and so is bounded."""

import base64
import math
from typing import Annotated

from pydantic import BaseModel, Field

from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.services.hosting.provider import ProviderFault, Sent, SentPhoto

type Id = Annotated[str, Field(min_length=1, max_length=200)]
type Link = Annotated[str, Field(min_length=1, max_length=2_000)]


class Queued(BaseModel):
    """A photo that was taken, and where to ask for it."""

    request_id: Id
    status_url: Link
    response_url: Link
    cancel_url: Link | None = None

    def ticket(self, entry: str) -> Ticket:
        """The same, as the job's row has it."""
        return Ticket(
            entry=entry,
            request_id=self.request_id,
            status_url=self.status_url,
            result_url=self.response_url,
            cancel_url=self.cancel_url,
        )


def photo_of(sent: Sent) -> SentPhoto:
    """The photo that shall be cut out; a fault for anything else."""
    if not isinstance(sent, SentPhoto):
        raise ProviderFault(Fault.INPUT, "only photos are sent there")
    return sent


def data_uri(photo: SentPhoto) -> str:
    """The photo's file as a URL that holds it."""
    return f"data:{photo.content_type};base64,{base64.b64encode(photo.data).decode()}"


def nearest_ratio(width_px: int, height_px: int, ratios: tuple[str, ...]) -> str:
    """Of ratios such as `4:3` the one that a picture has most nearly."""

    def apart(ratio: str) -> float:
        across, down = map(int, ratio.split(":"))
        return abs(math.log(width_px * down / (height_px * across)))

    return min(ratios, key=apart)
