"""All files of one picture of an export as one object: there as a whole, or not at all.

0.jpg, 1.png, ... in a ZIP that only stores, and facts.json: what is known of each, in order
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter

from photo_steps.exports import Rendered

_FACTS = "facts.json"
_ALL = TypeAdapter(tuple[Rendered, ...])
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def bundled(files: Iterable[tuple[bytes, Rendered]]) -> bytes:
    """One object of all these files; the same files always give the same bytes."""
    target, facts = io.BytesIO(), []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for place, (data, told) in enumerate(files):
            archive.writestr(zipfile.ZipInfo(str(place), _LONG_AGO), data)
            facts.append(told)
        archive.writestr(zipfile.ZipInfo(_FACTS, _LONG_AGO), _ALL.dump_json(tuple(facts)))
    return target.getvalue()


def unbundled(bundle: bytes) -> Iterator[tuple[bytes, Rendered]]:
    """The files of a bundle, one after the other."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        for place, told in enumerate(_ALL.validate_json(archive.read(_FACTS))):
            yield archive.read(str(place)), told
