"""Where photos and results lie, how large a photo may be, and what is none."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from lumiku.domain.errors import BatchTooLarge, InvalidRequest, PhotoTooLarge
from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import extension
from photo_steps import Role

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_BATCH_BYTES = 2 * 1024**3
MAX_LARGE_BATCH_BYTES = 25 * 1024**3
MAX_FORM_BYTES = 4_500_000
"""A photo inside a request: what is left of Lambda's 6 MB payload in base64."""

REFUSED_FILES = frozenset(
    {
        "damaged_photo",
        "empty_file",
        "fully_transparent",
        "not_encodable",
        "photo_too_large",
        "photo_too_small",
        "prompt_refused",
        "photo_unreachable",
        "region_outside",
        "too_large_to_upscale",
        "too_many_pixels",
        "unsupported_format",
        "unsupported_layout",
    }
)
"""Codes of failures that say: the file itself, or what is asked for it, is refused, and no
other try will do better."""

_KEY = re.compile(
    r"in/(?P<lane>single|priority|standard)/(?P<user>[^/]+)/(?P<owner>[^/]+)(?:/(?P<index>\d{4}))?"
)
_OF_GROUP = re.compile(
    r"in/(?:priority|standard)/[^/]+/(?P<group>[a-z]+_[0-9a-f]{32})/(?P<name>.*)", re.DOTALL
)


class Lane(StrEnum):
    """The queue that a photo waits in; also the first part of its key."""

    SINGLE = "single"
    PRIORITY = "priority"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class PhotoKey:
    """Key of an uploaded photo. `index` is None for a job of its own, else its place in `owner`."""

    lane: Lane
    user_id: str
    owner: str
    index: int | None = None

    def __str__(self) -> str:
        place = "" if self.index is None else f"/{self.index:04d}"
        return f"in/{self.lane}/{self.user_id}/{self.owner}{place}"

    @property
    def job_id(self) -> str:
        """Id of the job that the photo is for."""
        return self.owner if self.index is None else f"{self.owner}_{self.index:04d}"

    @classmethod
    def parse(cls, key: str) -> "PhotoKey | None":
        """Read a key; None when no job of ours can have it."""
        match = _KEY.fullmatch(key)
        if match is None:
            return None
        lane, index = Lane(match["lane"]), match["index"]
        if lane is Lane.SINGLE and index is not None:
            return None
        return cls(lane, match["user"], match["owner"], None if index is None else int(index))


def misplaced(key: str) -> tuple[str, str] | None:
    """Group and name of what lies under a group's prefix; None of what lies elsewhere."""
    match = _OF_GROUP.fullmatch(key)
    return match and (match["group"], match["name"])


def media_type(format: str) -> str:
    """The content type of what a job makes: a picture, or a bundle of files."""
    return "application/zip" if format == "zip" else f"image/{format}"


def output_key(user_id: str, job_id: str, attempt_id: str, role: Role, format: str) -> str:
    """Key of what one attempt made. No two attempts share one, so racing workers cannot mix."""
    place = "" if role == "result" else f".{role}"
    return f"out/{user_id}/{job_id}/{attempt_id}{place}.{extension(format)}"


def beside_key(user_id: str, name: bytes) -> str:
    """Key of a file that comes beside photos, by its content or its address."""
    return f"beside/{user_id}/{hashlib.sha256(name).hexdigest()}"


def kept_key(user_id: str, job_id: str, attempt_id: str, step: int) -> str:
    """Key of the picture that one attempt kept after a step."""
    return f"work/{user_id}/{job_id}/{attempt_id}.{step}.png"


def shared_key(user_id: str, group_id: str, name: str) -> str:
    """Key of a picture that all jobs of a group use."""
    return f"work/{user_id}/{group_id}/{name}.png"


def check_form_size(size_bytes: int) -> None:
    """Refuse a photo that is too large to travel inside a request."""
    if size_bytes > MAX_FORM_BYTES:
        raise PhotoTooLarge(
            size_bytes=size_bytes,
            allowed_bytes=MAX_FORM_BYTES,
            hint=Text(
                "Larger photos go the JSON way: POST fileName, fileSize, contentType and tier"
                " as JSON, then the photo to the upload form of the answer.",
                "Foto yang lebih besar dikirim dengan cara JSON: POST fileName, fileSize,"
                " contentType, dan tier sebagai JSON, lalu kirim foto ke formulir unggah pada"
                " jawabannya.",
            ),
        )


def check_batch_form_size(size_bytes: int) -> None:
    """Refuse photos that are too large together to travel inside a request."""
    if size_bytes > MAX_FORM_BYTES:
        raise BatchTooLarge(
            size_bytes=size_bytes,
            allowed_bytes=MAX_FORM_BYTES,
            hint=Text(
                "More of them go the JSON way: POST the other fields and files, each with name and"
                " size, as JSON, then each photo to the upload form of the answer.",
                "Yang lebih besar dikirim dengan cara JSON: POST isian lainnya dan files,"
                " masing-masing dengan name dan size, sebagai JSON, lalu kirim setiap foto ke"
                " formulir unggah pada jawabannya.",
            ),
        )


def check_declared_size(size_bytes: int, allowed_bytes: int = MAX_PHOTO_BYTES) -> None:
    """Refuse a photo that is empty or larger than is taken."""
    if size_bytes < 1:
        raise InvalidRequest(Text("The photo is empty.", "Foto kosong."), allowed=allowed_bytes)
    if size_bytes > allowed_bytes:
        raise PhotoTooLarge(size_bytes=size_bytes, allowed_bytes=allowed_bytes)
