"""The list of a group's photos, which is an object of its own."""

import hashlib

from pydantic import ConfigDict, TypeAdapter

from lumiku.domain.work.groups import Group, Photos

_PHOTOS: TypeAdapter[Photos] = TypeAdapter(Photos, config=ConfigDict(defer_build=True))


def written_list(photos: Photos) -> tuple[bytes, str]:
    """The list of a group's photos as it is stored, and its SHA-256."""
    data = _PHOTOS.dump_json(photos, exclude_none=True)
    return data, hashlib.sha256(data).hexdigest()


def read_list(group: Group, data: bytes) -> Photos:
    """The photos of a group's list; `ValueError` if it is not the one that was paid for."""
    if hashlib.sha256(data).hexdigest() != group.photos_sha256:
        raise ValueError(f"the list of group {group.id} is not the one that was ordered")
    return _PHOTOS.validate_json(data)
