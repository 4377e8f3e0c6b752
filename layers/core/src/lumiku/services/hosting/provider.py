"""Asking hosted providers for pictures: what they are sent, what they answer and refuse with."""

from dataclasses import dataclass
from typing import Literal, Protocol

from lumiku.domain.hosting.models import Shows
from lumiku.domain.hosting.tickets import Fault as Fault
from lumiku.domain.hosting.tickets import Ticket as Ticket


class ProviderFault(Exception):
    """A provider's refusal or failure.

    The text is for the log and never for a user: it may quote the provider, never a key.
    `retry_after_s` is the provider's own hint. `may_be_billed` when nobody knows whether the photo
    was taken: it was sent, and no answer came.
    """

    def __init__(
        self,
        kind: Fault,
        detail: str,
        *,
        retry_after_s: float | None = None,
        may_be_billed: bool = False,
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.may_be_billed = may_be_billed


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """The upright sRGB photo as it is sent, without metadata."""

    data: bytes
    content_type: Literal["image/jpeg", "image/png"]
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class SentPrompt:
    """Words for a picture of that size, and a number that makes it another one.

    It is made of `photo`, if there is one: where `mask` is white, or lit from `lit_from`. The words
    stand in the place of a prompt and nowhere else.
    """

    prompt: str
    seed: int
    width_px: int
    height_px: int
    photo: SentPhoto | None = None
    mask: SentPhoto | None = None
    lit_from: Literal["left", "right", "top"] | None = None


type Sent = SentPhoto | SentPrompt
"""What a provider is sent: a photo to be cut out, or words to be painted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An encoded picture, and what it counts by.

    `is_flagged`: the provider's checker does not want it to be shown.
    """

    data: bytes
    shows: Shows
    request_id: str | None = None
    is_flagged: bool = False


class Provider(Protocol):
    """One model of one provider. Every method raises `ProviderFault` and nothing else."""

    def submit(self, sent: Sent, *, time_left_s: float) -> Answer | Ticket:
        """Send it once, without retries, within `time_left_s`."""

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """Ask once how far it is; None when it is not ready."""

    def cancel(self, ticket: Ticket) -> None:
        """Say that the answer is not wanted any more; too late is fine."""
