"""Hugging Face: an endpoint of the operator's own, and what its router takes to fal."""

from urllib.parse import urlsplit

from pydantic import BaseModel, TypeAdapter

from lumiku.adapters.hosting.providers import fal
from lumiku.adapters.hosting.providers.replies import Manners, Reply, is_picture
from lumiku.adapters.hosting.providers.shapes import Queued, photo_of
from lumiku.adapters.hosting.providers.transport import Transport, deadline, taken
from lumiku.domain.hosting.models import HostedModel
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.services.hosting.provider import Answer, Provider, Sent

_BACKGROUND = "background"


class _Mask(BaseModel):
    label: str
    mask: str
    score: float | None = None


_MASKS = TypeAdapter(list[_Mask])


def _kind(reply: Reply) -> Fault | None:
    """Its own words for what others say with a status."""
    words = reply.words.lower()
    if reply.status == 400 and "token seems invalid" in words:
        return Fault.AUTH
    if reply.status == 400 and "not supported by provider" in words:
        return Fault.GONE
    return None


def _endpoint_kind(reply: Reply) -> Fault | None:
    if reply.status == 503 and "too busy" not in reply.words:
        return Fault.COLD  # an endpoint that scaled to zero wakes up
    return _kind(reply)


def _router_kind(reply: Reply) -> Fault | None:
    return _kind(reply) or fal.kind_of_error(reply)


ENDPOINT_MANNERS = Manners(kind=_endpoint_kind)
ROUTER_MANNERS = Manners(
    kind=_router_kind,
    may_bill={*ENDPOINT_MANNERS.may_bill, *fal.MANNERS.may_bill},
    result_hosts=fal.MANNERS.result_hosts,
)
"""What the router bills of failures is not documented; fal's 422 may be."""


class Endpoint(Provider):
    """An endpoint for image segmentation, or one whose handler answers with a picture.

    What a picture shows is not said: it is read as a mask, and as a cut-out if it has alpha.
    """

    def __init__(self, model: HostedModel, transport: Transport) -> None:
        self._model = model
        self._transport = transport

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        """There are no tickets."""
        until = deadline(time_left_s)
        photo = photo_of(sent)
        headers = {"content-type": photo.content_type}
        reply = self._transport.submit(self._model.path, photo.data, headers, until=until)
        with taken():
            data = reply.data if is_picture(reply.data) else self._mask(reply)
        return Answer(data, self._model.shows, reply.request_id("x-request-id"))

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """Nothing is kept there."""
        raise self._transport.fault(Fault.GONE, "an endpoint keeps no results")

    def cancel(self, ticket: Ticket) -> None:
        """Nothing is kept there."""

    def _mask(self, reply: Reply) -> bytes:
        """The one mask that is not the background's."""
        masks = self._transport.read(reply, _MASKS)
        subjects = [one.mask for one in masks if one.label.lower() != _BACKGROUND]
        if len(subjects) != 1:
            labels = ", ".join(one.label for one in masks)
            raise self._transport.fault(Fault.TRANSIENT, f"not one subject among: {labels}")
        return self._transport.picture(subjects[0])


class Routed(fal.Fal):
    """fal's queue behind the router, which passes on what is asked under its own address."""

    def __init__(self, entry: str, model: HostedModel, transport: Transport) -> None:
        super().__init__(entry, model, transport)
        self._router = transport.base_url

    def _ticket(self, queued: Queued) -> Ticket:
        """Without a way to cancel: none is documented for the router."""
        return Ticket(
            entry=self._entry,
            request_id=queued.request_id,
            status_url=self._through(queued.status_url),
            result_url=self._through(queued.response_url),
        )

    def _through(self, url: str) -> str:
        return f"{self._router}/fal-ai{urlsplit(url).path}?_subdomain=queue"
