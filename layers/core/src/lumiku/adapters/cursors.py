"""Cursors of pages: a row's place in gsi1, as a word that clients give back."""

import base64
import re

from lumiku.domain.errors import InvalidRequest

_SORT_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#\S+", re.ASCII)


def write_cursor(sort_key: str) -> str:
    """The cursor that goes on after that row."""
    return base64.urlsafe_b64encode(sort_key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """A cursor is a place in the caller's own list; in another list it is just a point in time."""
    try:
        sort_key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        sort_key = ""
    if not _SORT_KEY.fullmatch(sort_key):
        raise InvalidRequest("The cursor is not one that this service gave.")
    return sort_key
