"""What people read, in both languages."""

from pydantic import BaseModel


class Words(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """A text in English and Indonesian."""

    en: str
    id: str
