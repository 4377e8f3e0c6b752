"""fal.ai, directly or through its queue; also where Hugging Face's router stands before it."""

from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from lumiku.adapters.hosting.providers.replies import Manners, Reply, is_of_content
from lumiku.adapters.hosting.providers.shapes import Queued, data_uri
from lumiku.adapters.hosting.providers.transport import Transport, deadline, taken
from lumiku.domain.hosting.models import HostedModel
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.services.hosting.provider import Answer, Provider, Sent, SentPhoto

MARGIN_S = 1.0
"""How much earlier than us fal gives up, so that its refusal, which is not billed, still comes."""


class _File(BaseModel):
    url: str


class _Output(BaseModel):
    image: _File


class _Pictures(BaseModel):
    images: list[_File] = Field(min_length=1)
    has_nsfw_concepts: list[bool] = []


class _Status(BaseModel):
    status: str


_OUTPUT = TypeAdapter(_Output)
_PICTURES = TypeAdapter(_Pictures)
_QUEUED = TypeAdapter(Queued)
_STATUS = TypeAdapter(_Status)


def kind_of_error(reply: Reply) -> Fault | None:
    """By the types of errors, which alone are to be relied on; but no credit has only words."""
    if reply.status == 403 and "exhausted balance" in reply.words.lower():
        return Fault.CREDIT
    fields = reply.fields
    detail = fields.get("detail")
    found = detail if isinstance(detail, list) else []
    types = [str(one.get("type")) for one in found if isinstance(one, dict)]
    types += [str(fields.get("error_type")), reply.headers.get("x-fal-error-type", "")]
    if any(map(is_of_content, types)):
        return Fault.CONTENT
    return None


MANNERS = Manners(kind=kind_of_error, may_bill=frozenset({422}), result_hosts=("fal.media",))
"""5xx is not billed; 422 may be."""


class Fal(Provider):
    """A model whose output is `{"image": {"url": ...}}`, asked for as a data URI.

    One that paints gives `{"images": [...], "has_nsfw_concepts": [...]}`.
    """

    def __init__(self, entry: str, model: HostedModel, transport: Transport) -> None:
        self._entry = entry
        self._model = model
        self._transport = transport

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        """A ticket where the model is queued."""
        until = deadline(time_left_s)
        is_queued = self._model.wire != "fal-direct"
        headers = {"content-type": "application/json"}
        if not is_queued:
            headers["x-fal-request-timeout"] = str(max(2, int(time_left_s - MARGIN_S)))
        body = {**self._model.parameters, **self._input(sent), "sync_mode": True}
        reply = self._transport.submit(self._model.path, body, headers, until=until)
        with taken():
            if is_queued:
                return self._ticket(self._transport.read(reply, _QUEUED))
            return self._answer(reply, reply.request_id("x-fal-request-id"), until)

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """A failed photo is COMPLETED too; its result is the failure."""
        until = deadline(time_left_s)
        status = self._transport.ask(ticket.status_url, until=until)
        if self._transport.read(status, _STATUS).status != "COMPLETED":
            return None
        result = self._transport.ask(ticket.result_url, until=until)
        return self._answer(result, ticket.request_id, until)

    def cancel(self, ticket: Ticket) -> None:
        self._transport.cancel("PUT", ticket.cancel_url)

    def _input(self, sent: Sent) -> dict[str, Any]:
        if isinstance(sent, SentPhoto):
            return {"image_url": data_uri(sent)}
        told: dict[str, Any] = {"prompt": sent.prompt, "seed": sent.seed}
        if sent.photo is not None:
            told["image_url"] = data_uri(sent.photo)
        if sent.mask is not None:
            told["mask_url"] = data_uri(sent.mask)
        else:  # what is painted into a picture has its size
            told["image_size"] = {"width": sent.width_px, "height": sent.height_px}
        if sent.lit_from is not None:
            told["initial_latent"] = sent.lit_from.capitalize()
        return told

    def _ticket(self, queued: Queued) -> Ticket:
        return queued.ticket(self._entry)

    def _answer(self, reply: Reply, request_id: str | None, until: float) -> Answer:
        shows = self._model.shows
        if shows in {"cutout", "mask"}:
            url = self._transport.read(reply, _OUTPUT).image.url
            return Answer(self._transport.download(url, until=until), shows, request_id)
        found = self._transport.read(reply, _PICTURES)
        data = self._transport.download(found.images[0].url, until=until)
        return Answer(data, shows, request_id, is_flagged=any(found.has_nsfw_concepts))
