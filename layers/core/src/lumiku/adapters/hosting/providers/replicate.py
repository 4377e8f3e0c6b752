"""Replicate: predictions, waited for a little while they are made."""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from lumiku.adapters.hosting.providers.replies import Manners, is_of_content
from lumiku.adapters.hosting.providers.shapes import Id, Link, data_uri, nearest_ratio
from lumiku.adapters.hosting.providers.transport import Transport, deadline, taken
from lumiku.domain.hosting.models import HostedModel
from lumiku.domain.hosting.tickets import Fault, Ticket
from lumiku.services.hosting.provider import Answer, Provider, ProviderFault, Sent, SentPhoto

WAIT_S = 10
"""How long Replicate keeps the connection; then a ticket is safer than waiting on."""
MARGIN_S = 2.0

MANNERS = Manners(result_hosts=("replicate.delivery",))

# Of models that paint by words; the whole pictures of no other ratio are made there.
_RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
_FAILED = {"failed", "canceled", "aborted"}


class _Urls(BaseModel):
    get: Link
    cancel: Link | None = None


class _Prediction(BaseModel):
    id: Id
    status: str
    output: str | list[str] | None = None
    error: object = None
    urls: _Urls


_PREDICTION = TypeAdapter(_Prediction)


class Replicate(Provider):
    """A model, by name or version, that takes `image` as a data URI and whose output is a picture.

    One that paints takes words and a ratio, at an address of its own. Replicate recommends data
    URIs of up to 256 KB only; larger ones are sent all the same.
    """

    def __init__(self, entry: str, model: HostedModel, transport: Transport) -> None:
        self._entry = entry
        self._model = model
        self._transport = transport

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        """A ticket if it is not ready after a short wait."""
        until = deadline(time_left_s)
        path, body = self._request(sent)
        wait_s = max(1, min(WAIT_S, int(time_left_s - MARGIN_S)))
        headers = {"content-type": "application/json", "prefer": f"wait={wait_s}"}
        reply = self._transport.submit(path, body, headers, until=until)
        with taken():
            prediction = self._transport.read(reply, _PREDICTION)
            answer = self._answer(prediction, until)
            return answer or self._ticket(prediction)

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """Results are kept there for an hour."""
        until = deadline(time_left_s)
        reply = self._transport.ask(ticket.status_url, until=until)
        return self._answer(self._transport.read(reply, _PREDICTION), until)

    def cancel(self, ticket: Ticket) -> None:
        self._transport.cancel("POST", ticket.cancel_url)

    def _request(self, sent: Sent) -> tuple[str, dict[str, Any]]:
        told: dict[str, Any] = dict(self._model.parameters)
        if isinstance(sent, SentPhoto):
            told["image"] = data_uri(sent)
            return "v1/predictions", {"version": self._model.path, "input": told}
        ratio = nearest_ratio(sent.width_px, sent.height_px, _RATIOS)
        told |= {"prompt": sent.prompt, "seed": sent.seed, "aspect_ratio": ratio}
        return f"v1/models/{self._model.path}/predictions", {"input": told}

    def _answer(self, prediction: _Prediction, until: float) -> Answer | None:
        if prediction.status in _FAILED:
            raise self._failure(prediction)
        if prediction.status != "succeeded":
            return None
        urls = [prediction.output] if isinstance(prediction.output, str) else prediction.output
        if not urls:
            raise self._transport.fault(Fault.TRANSIENT, "succeeded without an output")
        data = self._transport.download(urls[0], until=until)
        return Answer(data, self._model.shows, prediction.id)

    def _failure(self, prediction: _Prediction) -> ProviderFault:
        """Whether a failed prediction is billed is not documented, so it may be."""
        words = f"{prediction.status}: {prediction.error}"
        kind = Fault.CONTENT if is_of_content(words) else Fault.TRANSIENT
        return self._transport.fault(kind, words, may_be_billed=True)

    def _ticket(self, prediction: _Prediction) -> Ticket:
        return Ticket(
            entry=self._entry,
            request_id=prediction.id,
            status_url=prediction.urls.get,
            result_url=prediction.urls.get,
            cancel_url=prediction.urls.cancel,
        )
