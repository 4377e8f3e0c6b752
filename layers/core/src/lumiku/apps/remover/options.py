"""What a result shall be: which options there are, and which go together."""

from dataclasses import dataclass
from typing import Literal

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import Format

type Output = Literal["cutout", "mask"]

COLOUR = r"^(transparent|white|black|#[0-9a-fA-F]{6})$"

_WHITE = "#ffffff"
_NAMED = {"white": _WHITE, "black": "#000000"}


@dataclass(frozen=True, slots=True)
class Options:
    """How a result differs from a cut-out as PNG, whole and at the photo's size.

    `background` is of the form of `COLOUR`; without one it is transparent, of a JPEG white.
    `crop` is the margin around the subject in percent of its longer side; None does not crop.
    `max_size` is the longest side in pixels; a smaller result is not enlarged. Refuses what does
    not go together with `InvalidRequest`.
    """

    format: Format = "png"
    background: str | None = None
    crop: int | None = None
    output: Output = "cutout"
    max_size: int | None = None

    def __post_init__(self) -> None:
        if self.background is not None and self.output == "mask":
            raise _unusable(
                "background",
                Text(
                    "A mask has no background: leave it out.",
                    "Mask tidak memiliki latar belakang: hilangkan isian ini.",
                ),
            )
        if self.background == "transparent" and self.format == "jpeg":
            raise _unusable(
                "background",
                Text(
                    "JPEG has no transparency: name a colour, or leave it out.",
                    "JPEG tidak mendukung transparansi: sebutkan warna, atau hilangkan isian ini.",
                ),
            )

    @property
    def colour(self) -> str | None:
        """What a cut-out is laid on, as #rrggbb; None if it stays transparent."""
        if self.background is None:
            return _WHITE if self.format == "jpeg" else None
        colour = _NAMED.get(self.background, self.background.lower())
        return None if colour == "transparent" else colour


PLAIN = Options()


def _unusable(field: str, message: Text) -> InvalidRequest:
    detail = Text("These options do not go together.", "Opsi-opsi ini tidak dapat digabungkan.")
    return InvalidRequest.at(f"body.{field}", message, detail)
