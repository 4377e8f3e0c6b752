"""Why a photo is refused: one class per reason, each with a stable code and words for a person."""

from collections.abc import Mapping
from typing import ClassVar

type Fact = int | str | list[str]


class PhotoRefused(Exception):
    """The photo cannot be processed, however often it is tried.

    `code` is stable and for programs, `message` is for the person who sent the photo, `facts` are
    the numbers and names behind it (what was found, what is allowed).
    """

    code: ClassVar[str] = "photo_refused"

    def __init__(self, message: str, facts: Mapping[str, Fact] | None = None) -> None:
        """Keep the words for the person and the facts for the program."""
        super().__init__(message)
        self.message = message
        self.facts: dict[str, Fact] = dict(facts or {})


class EmptyFile(PhotoRefused):
    """There are no bytes at all."""

    code = "empty_file"


class UnsupportedFormat(PhotoRefused):
    """The bytes are not of a format that is accepted, whatever the name or the type says."""

    code = "unsupported_format"


class UnsupportedLayout(PhotoRefused):
    """The format is accepted, but not the way in which this file keeps its pixels.

    `found` names it, as in "This is a `found`".
    """

    code = "unsupported_layout"

    def __init__(self, found: str) -> None:
        """Say what the file is and what to do."""
        super().__init__(
            f"This is a {found}: a rare kind that we do not read. "
            "Save it again as a JPEG or PNG with 8 bits a channel in RGB, and send that.",
            {"found": found},
        )


class DamagedPhoto(PhotoRefused):
    """The format is accepted, but the file is cut short or broken."""

    code = "damaged_photo"


class TooManyPixels(PhotoRefused):
    """The photo holds more pixels than are processed."""

    code = "too_many_pixels"


class PhotoTooSmall(PhotoRefused):
    """A side of the photo is too short for a subject to be seen."""

    code = "photo_too_small"


class FullyTransparent(PhotoRefused):
    """Every pixel of the photo is transparent already."""

    code = "fully_transparent"


class RegionOutside(PhotoRefused):
    """What was named as the region of interest does not lie within the photo."""

    code = "region_outside"


class NotEncodable(PhotoRefused):
    """The chosen output format cannot hold this picture."""

    code = "not_encodable"


class TooLargeToUpscale(PhotoRefused):
    """Enlarged as it was asked for, the picture would have too many pixels."""

    code = "too_large_to_upscale"
