"""What a request needs follows from its path, also of routes that are not there yet."""

import pytest

from lumiku.domain.people.callers import Right
from lumiku.domain.people.teams import RIGHTS
from lumiku.http.people.keyed import right_to


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/api/account", "read"),
        ("PATCH", "/api/account", "account"),
        ("GET", "/api/account/anything", "account"),
        ("GET", "/api/team", "read"),
        ("GET", "/api/team/activity", "team"),
        ("POST", "/api/team/leave", "read"),
        ("DELETE", "/api/team/members/u1", "team"),
        ("POST", "/api/something/new", "account"),
        ("POST", "/api/apps/background-remover/subscription", "billing"),
        ("POST", "/api/background-remover/subscription", "billing"),
        ("POST", "/api/background-remover/remove", "remover"),
        ("POST", "/api/apps/product-photo-studio/items/i1/quote", "read"),
        # An app, or a thing, may be called so.
        ("POST", "/api/apps/product-photo-studio/items/i1/export-to/quote", "studio"),
        ("DELETE", "/api/apps/product-photo-studio/items/quote", "studio"),
        ("PUT", "/api/connections/quote", "account"),
    ],
)
def test_what_a_request_needs(method: str, path: str, right: Right) -> None:
    assert right_to(method, path) == right


def test_each_role_may_all_that_the_one_before_may() -> None:
    viewer, editor, admin, owner = (RIGHTS[role] for role in ("viewer", "editor", "admin", "owner"))

    assert viewer < editor < admin < owner


def test_no_role_has_what_is_a_persons_own_or_an_administrators() -> None:
    assert not {"account", "admin"} & frozenset[Right]().union(*RIGHTS.values())
