"""/api/keys: how programs act for an account. By token only: no key makes another."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from lumiku.bootstrap import people
from lumiku.domain import errors
from lumiku.domain.people.keys import TooManyKeys
from lumiku.http.api import Envelope, Id, answer, answering, caller, done, make_api, refusals
from lumiku.http.people.keys import KeyBody, KeyList, NewKey, ShownKey, key_body, shown_key

TAGS = ["keys"]

api = make_api(door=people.door())
keys = people.keys()


@api.post(
    "/api/keys",
    summary="Make an API key",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, TooManyKeys)
    | done("Made; keep the key, it is not shown again", status=HTTPStatus.CREATED),
)
def create_key(key: NewKey) -> Response[Envelope[ShownKey]]:
    """A key for a program, sent as the header `X-API-Key` to the address of the API for keys."""
    who = caller(api)
    made, text = keys.create(who, key.name, key.mode, key.scopes, key.orders_per_minute)
    return answer(shown_key(made, text, who), HTTPStatus.CREATED)


@api.get(
    "/api/keys",
    summary="List API keys",
    tags=TAGS,
    responses=refusals() | done("All keys of the account"),
)
def list_keys() -> Envelope[KeyList]:
    """The keys of the account, without their secrets."""
    who = caller(api)
    return Envelope(data=KeyList(keys=[key_body(one, who) for one in keys.keys(who)]))


@api.post(
    "/api/keys/<key_id>/rotate",
    summary="Replace an API key",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("The new key; it is not shown again"),
)
def rotate_key(key_id: Id) -> Envelope[ShownKey]:
    """The same key with another secret, for who made it. The one before works too for 24 hours,
    older ones not.
    """
    who = caller(api)
    return Envelope(data=shown_key(*keys.rotate(who, key_id), who))


@api.delete(
    "/api/keys/<key_id>",
    summary="Revoke an API key",
    tags=TAGS,
    responses=refusals(errors.InvalidRequest, errors.NotFound) | done("What was revoked"),
)
def revoke_key(key_id: Id) -> Envelope[KeyBody]:
    """The key and the one before it are good for nothing any more, at the latest in 60 seconds:
    so long the gateway remembers a key that it has seen.
    """
    who = caller(api)
    return Envelope(data=key_body(keys.revoke(who, key_id), who))


handler = answering(api)
