"""What people read, in each language that the service speaks."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "id"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentences in English and in Indonesian."""

    en: str
    id: str

    def __str__(self) -> str:
        return self.en

    def __add__(self, more: "Text") -> "Text":
        return Text(f"{self.en} {more.en}", f"{self.id} {more.id}")

    def to(self, language: Language) -> str:
        """The sentences in that language."""
        return self.id if language == "id" else self.en
