"""A mail, and what is told of money by mail and when."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from lumiku.domain.instant import Instant


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in both forms; every mail program shows one of them."""

    subject: str
    text: str
    html: str


class Occasion(StrEnum):
    """Why somebody is written to about an invoice."""

    RENEWAL = "renewal"
    UNPAID = "unpaid"
    PAID = "paid"


class Letter(BaseModel, frozen=True, defer_build=True):
    """A mail that is to be written from `due` on, if there still is something to say then."""

    user_id: str
    occasion: Occasion
    invoice_id: str
    due: Instant

    @property
    def id(self) -> str:
        """Unique among the letters of its user."""
        return f"{self.occasion}#{self.invoice_id}"
