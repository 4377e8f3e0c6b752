"""The files of an order that may lie at addresses: a photo, and one for its background."""

from collections.abc import Mapping
from dataclasses import dataclass

from lumiku.domain.reach import Reach
from lumiku.domain.work.photos import MAX_PHOTO_BYTES, beside_key, check_form_size
from lumiku.services.work.fetching import Elsewhere


@dataclass(frozen=True, slots=True)
class Files:
    """What is stored with an order, and what is fetched for it; `behind` is the background's key.

    A photo whose background is still to be fetched waits beside it: where photos arrive, it would
    start its job.
    """

    image: bytes | None
    there: Elsewhere | None
    beside: Mapping[str, bytes]
    behind: str | None
    size_bytes: int

    @classmethod
    def of(
        cls, account: str, photo: bytes | str, behind: bytes | str | None, reach: Reach
    ) -> "Files":
        """Files as bytes or URLs; refuses addresses that are not public, and what is too large."""
        size_bytes = len(photo) if isinstance(photo, bytes) else MAX_PHOTO_BYTES
        check_form_size(sum(len(file) for file in (photo, behind) if isinstance(file, bytes)))
        url = reach.check_url(photo) if isinstance(photo, str) else None
        url_behind = reach.check_url(behind) if isinstance(behind, str) else None
        image = photo if isinstance(photo, bytes) else None
        beside, key, waits = dict[str, bytes](), None, None
        if behind is not None:
            content = behind if isinstance(behind, bytes) else behind.encode()
            key = beside_key(account, content)
            if isinstance(behind, bytes):
                beside[key] = content
        if image is not None and url_behind is not None:
            waits = beside_key(account, image)
            beside[waits], image = image, None
        there = None
        if url or url_behind:
            there = Elsewhere(photo=url, waits=waits, behind=url_behind)
        return cls(image, there, beside, key, size_bytes)
