"""Segmind: the picture in the answer (v1), or fetched later (v2)."""

import base64

from pydantic import BaseModel, TypeAdapter

from lumiku.adapters.hosting.providers.replies import Manners, Reply, is_picture
from lumiku.adapters.hosting.providers.shapes import Queued, photo_of
from lumiku.adapters.hosting.providers.transport import Transport, deadline, taken
from lumiku.domain.hosting.models import HostedModel
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.services.hosting.provider import Answer, Provider, Sent


class _Encoded(BaseModel):
    image: str


class _Status(BaseModel):
    status: str
    error: object = None


class _Result(BaseModel):
    output: str


_ENCODED = TypeAdapter(_Encoded)
_QUEUED = TypeAdapter(Queued)
_STATUS = TypeAdapter(_Status)
_RESULT = TypeAdapter(_Result)


def _kind(reply: Reply) -> Fault | None:
    return Fault.CREDIT if reply.status == 406 else None


MANNERS = Manners(kind=_kind, may_bill=(), result_hosts=("segmind.com",))
"""Only 200 is billed. Where v2 keeps its results is not documented: its own domain is assumed."""


class Segmind(Provider):
    """A model that takes `image` as base64. There is no way to cancel."""

    def __init__(self, entry: str, model: HostedModel, transport: Transport) -> None:
        self._entry = entry
        self._model = model
        self._transport = transport

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        """A ticket in version 2."""
        image = {"image": base64.b64encode(photo_of(sent).data).decode()}
        reply = self._transport.submit(
            self._model.path, {**self._model.parameters, **image}, until=deadline(time_left_s)
        )
        with taken():
            if self._model.wire == "segmind-async":
                return self._transport.read(reply, _QUEUED).ticket(self._entry)
            if is_picture(reply.data):
                return Answer(reply.data, self._model.shows)
            encoded = self._transport.read(reply, _ENCODED).image
            return Answer(self._transport.picture(encoded), self._model.shows)

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """Results are kept there for an hour."""
        until = deadline(time_left_s)
        status = self._transport.read(self._transport.ask(ticket.status_url, until=until), _STATUS)
        if status.status == "FAILED":
            # Whether such a photo is billed is not documented.
            raise self._transport.fault(Fault.TRANSIENT, f"{status.error}", may_be_billed=True)
        if status.status != "COMPLETED":
            return None
        result = self._transport.read(self._transport.ask(ticket.result_url, until=until), _RESULT)
        data = self._transport.download(result.output, until=until)
        return Answer(data, self._model.shows, ticket.request_id)

    def cancel(self, ticket: Ticket) -> None:
        """It goes on; nobody asks for its result."""
