"""Whose a token or a key is, as the gateway tells, and what a request needs."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lumiku.domain.people.callers import Caller, Right, person
from lumiku.domain.people.limits import Limit

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.api_gateway_proxy_event import (
        RequestContextV2Authorizer,
    )

_OF_PATHS: dict[str, Right] = {
    "/api/apps/background-remover/subscription": "billing",
    "/api/apps/product-photo-studio/subscription": "billing",
    "/api/background-remover/subscription": "billing",
    "/api/credits/": "billing",
    "/api/payments/": "billing",
    "/api/webhooks": "webhooks",
    "/api/apps/background-remover/": "remover",
    "/api/background-remover/": "remover",
    "/api/apps/product-photo-studio/": "studio",
    "/api/keys": "keys",
    "/api/team/leave": "read",
    "/api/team/": "team",
    "/api/invitations/": "read",
    "/api/admin/": "admin",
}
_EVEN_TO_LOOK: dict[str, Right] = {
    "/api/account/": "account",
    "/api/brand": "brand",
    "/api/team/activity": "team",
}
"""What is below the account is all that a person has, such as a copy of everything."""
_PRICES = re.compile(r".*(/pricing/calculate|/items/[^/]+/quote)")
"""Asking what something would cost is looking."""


def handed_on(caller: Caller) -> dict[str, str]:
    """What the gateway gives to functions of who sent a key; `read_caller` reads it."""
    return {
        "key": caller.actor,
        "account": caller.account,
        "scopes": " ".join(sorted(caller.scopes)),
        "mode": "test" if caller.is_test else "live",
        "ordersPerMinute": str(caller.limit.count) if caller.limit else "",
        "maker": caller.maker or "",
        "membership": caller.membership or "",
    }


def read_caller(told: Mapping[str, Any]) -> Caller:
    """Who sent a key, as the authorizer told."""
    own = told["ordersPerMinute"]
    return Caller(
        told["key"],
        told["account"],
        frozenset(told["scopes"].split()),
        limit=Limit(name=told["key"], count=int(own), window_s=60) if own else None,
        is_key=True,
        is_test=told["mode"] == "test",
        maker=told["maker"] or None,
        membership=told["membership"] or None,
    )


def bearer(authorizer: "RequestContextV2Authorizer") -> Caller:
    """Whose token or key it is: the token's `sub` and groups, or what the authorizer told."""
    if told := authorizer.get_lambda:
        return read_caller(told)
    # The gateway hands lists on as text: "[admin other]".
    groups = str(authorizer.jwt_claim.get("cognito:groups", ""))
    return person(str(authorizer.jwt_claim["sub"]), *re.findall(r"[^\s,'\[\]]+", groups))


def right_to(method: str, path: str) -> Right:
    """What a key or a member needs for a request; of what is not known here only persons' own."""
    for start, right in _EVEN_TO_LOOK.items():
        if path.startswith(start):
            return right
    if method == "GET" or (method == "POST" and _PRICES.fullmatch(path)):
        return "read"
    return next((right for start, right in _OF_PATHS.items() if path.startswith(start)), "account")
