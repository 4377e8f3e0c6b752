"""Keep the file itself."""

from dataclasses import replace

from darkroom.errors import UnsupportedFormat
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Keep

ALLOWED = ["JPEG", "PNG", "WebP", "HEIC", "AVIF"]


@operation(Keep)
def keep(picture: Picture, _: Keep) -> Picture:
    """Note that the file is the result; what few programs can show is refused."""
    if picture.sent_as not in ALLOWED:
        raise UnsupportedFormat(
            f"A {picture.sent_as} file is not kept. Send one of {', '.join(ALLOWED)}.",
            {"found": picture.sent_as, "allowed": ALLOWED},
        )
    return replace(picture, is_kept=True)
