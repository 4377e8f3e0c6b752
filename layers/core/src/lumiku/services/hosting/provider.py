"""Asking hosted providers for a cut-out: what they are sent, what they answer and refuse with."""

from dataclasses import dataclass
from typing import Literal, Protocol

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
class Answer:
    """An encoded picture: a `cutout` (its alpha counts) or a `mask` (its brightness counts)."""

    data: bytes
    shows: Literal["cutout", "mask"]
    request_id: str | None = None


class Provider(Protocol):
    """One model of one provider. Every method raises `ProviderFault` and nothing else."""

    def submit(self, photo: SentPhoto, *, time_left_s: float) -> Answer | Ticket:
        """Send the photo once, without retries, within `time_left_s`."""

    def collect(self, ticket: Ticket, *, time_left_s: float) -> Answer | None:
        """Ask once how far it is; None when it is not ready."""

    def cancel(self, ticket: Ticket) -> None:
        """Say that the answer is not wanted any more; too late is fine."""
