"""JSON of API keys."""

from pydantic import Field

from lumiku.domain.instant import Instant
from lumiku.domain.people.callers import Caller, Scope
from lumiku.domain.people.keys import ApiKey, Mode
from lumiku.http.bodies import Body, RequestBody

ALL_SCOPES: list[Scope] = ["read", "remover", "studio", "webhooks", "billing"]


class NewKey(RequestBody):
    """What a key shall be for."""

    name: str = Field(min_length=1, max_length=80, examples=["shop importer"])
    mode: Mode = Field(
        default="live",
        description="`test`: charges nothing; results are marked and have at most 0.25 megapixels",
    )
    scopes: list[Scope] = Field(
        default=ALL_SCOPES,
        min_length=1,
        max_length=len(ALL_SCOPES),
        description="`read`: look at everything; the others: change what belongs to that",
    )
    orders_per_minute: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        le=1000,
        description="A limit of its own, beside those of the account",
    )


class KeyBody(Body):
    """A key as who asks for it sees it."""

    key_id: str
    workspace_id: str
    made_by: str = Field(description="A user's id; with their membership the key ends")
    is_yours: bool = Field(description="You made it; nobody else replaces it")
    name: str
    mode: Mode
    scopes: list[Scope]
    orders_per_minute: int | None
    ends_in: str = Field(description="The last characters of the key", examples=["9f3c"])
    created_at: Instant
    last_used_at: Instant | None = Field(description="To the hour; null: never")
    revoked_at: Instant | None


class KeyList(Body):
    """All keys of the account, the oldest first; revoked ones for 90 days."""

    keys: list[KeyBody]


class ShownKey(KeyBody):
    """A key and what to send as `X-API-Key`, which is shown only here."""

    key: str = Field(examples=["lk_live_0123456789abcdef0123456789abcdef0123456789abcdef01234567"])
    previous_key_until: Instant | None = Field(description="Until then the one before works too")


def key_body(key: ApiKey, caller: Caller) -> KeyBody:
    """A key as the caller sees it."""
    return KeyBody(
        key_id=key.id,
        workspace_id=key.account,
        made_by=key.made_by,
        is_yours=key.is_of(caller),
        name=key.name,
        mode=key.mode,
        scopes=list(key.scopes),
        orders_per_minute=key.orders_per_minute,
        ends_in=key.ends_in,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


def shown_key(key: ApiKey, text: str, caller: Caller) -> ShownKey:
    """A key whose secret is new."""
    return ShownKey(
        **dict(key_body(key, caller)),
        key=text,
        previous_key_until=key.secrets[1].until if len(key.secrets) > 1 else None,
    )
