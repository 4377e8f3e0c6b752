"""What an account ordered: newest first, page by page, and read no further than is wanted."""

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lumiku.domain.errors import UNKNOWN_CURSOR, InvalidRequest, NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group
from lumiku.domain.work.ordered import Ordered
from lumiku.services.work.ports import GroupStore

READ_AT_MOST = 2000
"""So many orders are looked at for one page, however few of them are wanted."""
_FILTERED = 500
_PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#\S+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Some of a list, newest first; `cursor` asks for what follows, None at the end."""

    shown: list[T]
    cursor: str | None


def page[T](found: Iterable[tuple[str, T]], wanted: Callable[[T], bool], *, limit: int) -> Page[T]:
    """Up to `limit` of what is wanted of what is `found`, by place.

    Fewer, with a cursor, where `READ_AT_MOST` have been read on the way.
    """
    shown: list[T] = []
    last = ""
    for read, (place, one) in enumerate(found):
        is_wanted = wanted(one)
        if read == READ_AT_MOST or (is_wanted and len(shown) == limit):
            return Page(shown, _write_cursor(last))
        if is_wanted:
            shown.append(one)
        last = place
    return Page(shown, None)


def at_once(limit: int, *, is_filtered: bool) -> int:
    """How many to read at once for a page of `limit`, and to know whether another follows."""
    return _FILTERED if is_filtered else limit + 1


def is_theirs(caller: Caller, order: Ordered) -> bool:
    """The order is the caller's, and a test key's caller sees tests alone."""
    return order.user_id == caller.account and (order.is_test or not caller.is_test)


def owned_group(groups: GroupStore, caller: Caller, group_id: str, app: str | None = None) -> Group:
    """The caller's group; another account's is `NotFound`, like none at all.

    With `app`, so is another app's.
    """
    group = groups.group(group_id)
    if group is None or not is_theirs(caller, group) or app not in {None, group.app}:
        raise NotFound(Text(f"There is no batch {group_id}.", f"Tidak ada batch {group_id}."))
    return group


def place_of(cursor: str | None, form: re.Pattern[str] = _PLACE) -> str | None:
    """The place after which the list goes on; None for its start.

    A cursor is a place in the caller's own list; in another list it is just a point in time.
    `InvalidRequest` for one that is not ours, or no place of that form.
    """
    if cursor is None:
        return None
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        place = ""
    if not form.fullmatch(place):
        raise InvalidRequest(UNKNOWN_CURSOR)
    return place


def _write_cursor(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
