"""The client, which does not know the service, has the same rule for names as the service."""

import sys

from lumiku.domain.work.file_names import is_seen
from lumiku_client._photos import printable


def test_the_client_replaces_what_the_service_drops_and_nothing_else() -> None:
    every = list(map(chr, range(sys.maxunicode + 1)))

    assert printable("".join(every)) == "".join(c if is_seen(c) else "\ufffd" for c in every)
